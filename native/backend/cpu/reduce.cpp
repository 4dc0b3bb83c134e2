// Reductions on the processor: [outer][reduced][inner] is cut into chunks whose size depends on the shape
// alone, each chunk is summed by one thread, and chunks are combined in order.
#include "backend/reduce.h"

#include <memory>

#include "backend/cpu/reducers.h"
#include "backend/cpu/threads.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kChunk =
    1 << 15;  // elements of one row, or of one block of columns, that one thread takes at a time
constexpr int64_t kGrain = 1 << 15;  // elements that make another thread worth waking

template <class R>
void reduce_rows(const R& r, const typename R::In* in, typename R::Out* out, const ReduceShape& s) {
  using Acc = typename R::Acc;
  const int64_t chunks = std::max<int64_t>(1, (s.reduced + kChunk - 1) / kChunk);
  const auto chunk = [&](int64_t row, int64_t k) {
    const int64_t first = k * kChunk;
    Acc acc = r.start();
    r.row(in + row * s.reduced + first, std::min(kChunk, s.reduced - first), acc);
    return acc;
  };
  if (chunks == 1) {
    parallel_for(0, s.outer, kGrain / std::max<int64_t>(s.reduced, 1) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) out[row] = r.finish(chunk(row, 0));
    });
    return;
  }
  const std::unique_ptr<Acc[]> partial(new Acc[static_cast<size_t>(s.outer * chunks)]);
  parallel_for(0, s.outer * chunks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) partial[i] = chunk(i / chunks, i % chunks);
  });
  for (int64_t row = 0; row < s.outer; ++row) {
    Acc& acc = partial[row * chunks];
    for (int64_t k = 1; k < chunks; ++k) r.merge(acc, partial[row * chunks + k]);
    out[row] = r.finish(acc);
  }
}

template <class R>
void reduce_columns(const R& r, const typename R::In* in, typename R::Out* out, const ReduceShape& s) {
  using Acc = typename R::Acc;
  const int64_t width = std::min(s.inner, kColumnBlock), blocks = (s.inner + width - 1) / width;
  const int64_t height = kChunk / width, chunks = std::max<int64_t>(1, (s.reduced + height - 1) / height);
  // Chunk k of the columns from `column` on: accumulators for min(width, inner - column) of them.
  const auto chunk = [&](int64_t outer, int64_t k, int64_t column, Acc* acc) {
    const int64_t first = k * height, columns = std::min(width, s.inner - column);
    for (int64_t c = 0; c < columns; ++c) acc[c] = r.start();
    r.columns(in + (outer * s.reduced + first) * s.inner + column, std::min(height, s.reduced - first),
              s.inner, columns, acc);
  };
  const int64_t work = width * std::min(height, s.reduced);
  if (chunks == 1) {
    parallel_for(0, s.outer * blocks, kGrain / std::max<int64_t>(work, 1) + 1,
                 [&](int64_t begin, int64_t end) {
                   Acc acc[kColumnBlock];
                   for (int64_t i = begin; i < end; ++i) {
                     const int64_t outer = i / blocks, column = i % blocks * width;
                     chunk(outer, 0, column, acc);
                     for (int64_t c = 0; c < std::min(width, s.inner - column); ++c)
                       out[outer * s.inner + column + c] = r.finish(acc[c]);
                   }
                 });
    return;
  }
  const std::unique_ptr<Acc[]> partial(new Acc[static_cast<size_t>(s.outer * chunks * s.inner)]);
  parallel_for(0, s.outer * chunks * blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t row = i / blocks, column = i % blocks * width;
      chunk(row / chunks, row % chunks, column, &partial[row * s.inner + column]);
    }
  });
  for (int64_t outer = 0; outer < s.outer; ++outer) {
    Acc* acc = &partial[outer * chunks * s.inner];
    for (int64_t k = 1; k < chunks; ++k)
      for (int64_t c = 0; c < s.inner; ++c) r.merge(acc[c], acc[k * s.inner + c]);
    for (int64_t c = 0; c < s.inner; ++c) out[outer * s.inner + c] = r.finish(acc[c]);
  }
}

template <class R>
void run(const R& r, const Tensor& out, const Tensor& in, const ReduceShape& s) {
  auto* from = in.data<typename R::In>();
  auto* to = out.data<typename R::Out>();
  if (s.inner == 1)
    reduce_rows(r, from, to, s);
  else if (s.inner > 1)
    reduce_columns(r, from, to, s);
}

template <class T>
void reduce_floating(Reduction op, const Tensor& out, const Tensor& in, const ReduceShape& s,
                     double parameter) {
  switch (op) {
    case Reduction::Sum:
      return run(FloatSum<T>{}, out, in, s);
    case Reduction::Mean:
      return run(FloatSum<T>{static_cast<double>(s.reduced)}, out, in, s);
    case Reduction::Prod:
      return run(FloatProd<T>{}, out, in, s);
    case Reduction::CountNonzero:
      return run(CountNonzero<T>{}, out, in, s);
    case Reduction::AbsSum:
      return run(AbsSum<T>{}, out, in, s);
    case Reduction::AbsMax:
      return run(AbsExtreme<T, true>{}, out, in, s);
    case Reduction::AbsMin:
      return run(AbsExtreme<T, false>{}, out, in, s);
    case Reduction::Norm2:
      return run(Norm2<T>{}, out, in, s);
    case Reduction::NormP:
      return run(NormP<T>(parameter), out, in, s);
    case Reduction::Var:
      return run(Variance<T>{parameter}, out, in, s);
    case Reduction::Any:
    case Reduction::All:
      break;
  }
  fail(ErrorKind::Runtime, "internal: a reduction to ", dtype_name(out.dtype()), " taken for one of numbers");
}

template <class T>
void reduce_integral(Reduction op, const Tensor& out, const Tensor& in, const ReduceShape& s) {
  if (op == Reduction::Sum) return run(IntegerSum<T>{}, out, in, s);
  if (op == Reduction::Prod) return run(IntegerProd<T>{}, out, in, s);
  fail(ErrorKind::Runtime, "internal: a floating point reduction of ", dtype_name(in.dtype()));
}

template <class T>
void reduce_truth(Reduction op, const Tensor& out, const Tensor& in, const ReduceShape& s) {
  const bool all = op == Reduction::All;
  if (out.dtype() == DType::Bool)
    return all ? run(Truth<T, bool, true>{}, out, in, s) : run(Truth<T, bool, false>{}, out, in, s);
  return all ? run(Truth<T, uint8_t, true>{}, out, in, s) : run(Truth<T, uint8_t, false>{}, out, in, s);
}

void reduce_cpu(Reduction op, const Tensor& out, const Tensor& in, const ReduceShape& s, double parameter) {
  visit_computed(in.dtype(), [&](auto type) {
    using T = decltype(type);
    if (op == Reduction::Any || op == Reduction::All) return reduce_truth<T>(op, out, in, s);
    if constexpr (std::is_floating_point_v<T>)
      reduce_floating<T>(op, out, in, s, parameter);
    else
      reduce_integral<T>(op, out, in, s);
  });
}

const KernelOn<DeviceType::Cpu> reduce_on_cpu{reduce_kernel, reduce_cpu};

}  // namespace

}  // namespace unroll::cpu
