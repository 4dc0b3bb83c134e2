// Gathering and scattering along one dimension: every other position is independent, so threads share those
// out.
#include "backend/cpu/threads.h"
#include "backend/index.h"
#include "tensor/iterator.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 14;  // elements that make another thread worth waking

/** A tensor's steps, in bytes, over the positions besides `dim`, and along it. */
struct Along {
  Dims others;  // element strides
  int64_t step;
  Along(const Tensor& t, int dim) : others(t.strides()), step(t.strides()[dim] * item_size(t.dtype())) {
    others.erase(dim);
  }
};

int64_t checked(int64_t at, int64_t size, int dim) {
  UNROLL_CHECK(at >= 0 && at < size, "index ", at, " is out of bounds for dimension ", dim, " with size ",
               size);
  return at;
}

/**
 * Calls f(T& named, T& flat) for every element of index, first to last along dim: `named` is t's element at
 * the place the index names, `flat` that of `beside`, which has the index's sizes.
 */
template <class T, class F>
void for_each_pair(const Tensor& t, const Tensor& beside, int dim, const Tensor& index, F f) {
  if (index.numel() == 0) return;
  const Along of_t(t, dim), of_beside(beside, dim), of_index(index, dim);
  const int64_t length = index.sizes()[dim], size = t.sizes()[dim];
  Dims sizes = index.sizes();
  sizes.erase(dim);
  Iterator iterator(sizes);
  iterator.add(index.raw_data(), sizes, of_index.others, sizeof(int64_t));
  iterator.add(beside.raw_data(), sizes, of_beside.others, sizeof(T));
  iterator.add(t.raw_data(), sizes, of_t.others, sizeof(T));
  iterator.arrange();
  const int64_t index_run = iterator.inner_stride(0), beside_run = iterator.inner_stride(1),
                t_run = iterator.inner_stride(2);
  parallel_for(0, iterator.numel(), kGrain / length + 1, [&](int64_t begin, int64_t end) {
    iterator.for_each_run(begin, end, [&](char* const* data, int64_t n) {
      for (int64_t j = 0; j < length; ++j) {
        const char* place = data[0] + j * of_index.step;
        char *flat = data[1] + j * of_beside.step, *named = data[2];
        for (int64_t r = 0; r < n; ++r, place += index_run, flat += beside_run, named += t_run) {
          const int64_t at = checked(*reinterpret_cast<const int64_t*>(place), size, dim);
          f(*reinterpret_cast<T*>(named + at * of_t.step), *reinterpret_cast<T*>(flat));
        }
      }
    });
  });
}

void gather_cpu(const Tensor& out, const Tensor& t, int dim, const Tensor& index) {
  visit_dtype(t.dtype(), [&](auto type) {
    using T = decltype(type);
    for_each_pair<T>(t, out, dim, index, [](const T& named, T& flat) { flat = named; });
  });
}

template <class T>
void combine(T& named, const T& flat, Scattering how) {
  constexpr bool is_bool = std::is_same_v<T, bool>;
  switch (how) {
    case Scattering::Write:
      named = flat;
      break;
    case Scattering::Add:
      named = static_cast<T>(is_bool ? named || flat : named + flat);
      break;
    case Scattering::Multiply:
      named = static_cast<T>(is_bool ? named && flat : named * flat);
      break;
    case Scattering::Max:
      if (flat != flat || flat > named) named = flat;
      break;
    case Scattering::Min:
      if (flat != flat || flat < named) named = flat;
      break;
  }
}

void scatter_cpu(const Tensor& out, int dim, const Tensor& index, const Tensor& source, Scattering how) {
  visit_dtype(out.dtype(), [&](auto type) {
    using T = decltype(type);
    for_each_pair<T>(out, source, dim, index, [how](T& named, const T& flat) { combine(named, flat, how); });
  });
}

const KernelOn<DeviceType::Cpu> gather_on_cpu{gather_kernel, gather_cpu};
const KernelOn<DeviceType::Cpu> scatter_on_cpu{scatter_kernel, scatter_cpu};

}  // namespace

}  // namespace unroll::cpu
