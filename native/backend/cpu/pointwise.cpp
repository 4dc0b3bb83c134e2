// Pointwise operations on the processor: operands that do not lie flat in the type computed in are brought
// into small blocks first, so that every loop in kernels/ runs over flat arrays.
#include "backend/cpu/kernels/pointwise.h"

#include <algorithm>
#include <optional>

#include "backend/cpu/strided.h"
#include "backend/cpu/threads.h"
#include "backend/kernels.h"

namespace unroll::cpu {
namespace {

FlatLoop loop_for(PointwiseOp op, DType type) {
  if (op >= PointwiseOp::Eq) return compare_loop(op, type);
  if (op >= PointwiseOp::Sigmoid) return activation_loop(op, type);
  if (op >= PointwiseOp::Exp2) return special_loop(op, type);
  if (op >= PointwiseOp::Neg) return unary_loop(op, type);
  if (op >= PointwiseOp::Atan2 && op <= PointwiseOp::ShiftRight) return special_loop(op, type);
  return arithmetic_loop(op, type);
}

/** Elements a thread takes at least: fewer where each costs more. */
int64_t grain_of(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::FloorDiv:
    case PointwiseOp::Remainder:
    case PointwiseOp::Fmod:
    case PointwiseOp::Pow:
    case PointwiseOp::Log2:
    case PointwiseOp::Log10:
    case PointwiseOp::Sin:
    case PointwiseOp::Cos:
    case PointwiseOp::Tan:
    case PointwiseOp::Erf:
      return kGrain / 16;
    default:
      if (op >= PointwiseOp::Exp2 && op < PointwiseOp::Sigmoid) return kGrain / 16;
      return op >= PointwiseOp::Exp && op < PointwiseOp::Eq ? kGrain / 4 : kGrain;
  }
}

bool divides(PointwiseOp op) { return op >= PointwiseOp::FloorDiv && op <= PointwiseOp::Fmod; }

void refuse_zeros(const void* divisor, int64_t n, DType type) {
  visit_computed(type, [&](auto t) {
    const auto* d = static_cast<const decltype(t)*>(divisor);
    for (int64_t i = 0; i < n; ++i) UNROLL_CHECK(d[i] != 0, "ZeroDivisionError");
  });
}

/** One call: its loop, and how each operand (0: the output) comes into blocks. */
class Call {
 public:
  Call(PointwiseOp op, DType compute, const Tensor& out, const Operands& operands, const Numbers& numbers)
      : loop_(loop_for(op, computed_in(compute))),
        numbers_(numbers),
        count_(operands.size() + 1),
        iterator_(place(out, operands)) {
    UNROLL_CHECK_KIND(NotImplemented, loop_, '"', pointwise_name(op), "_cpu\" not implemented for '",
                      scalar_type_name(compute), "'");
    compute = computed_in(compute);
    if (divides(op) && !is_floating(compute)) divisor_ = compute;
    types_[0] = gives_bool(op) ? DType::Bool : compute;
    store_ = convert_loop(out.dtype(), types_[0]);
    for (int i = 1; i < count_; ++i) {
      types_[i] = op == PointwiseOp::Where && i == 1 ? DType::Bool : compute;
      const Tensor* t = operands[i - 1].tensor();
      if (!t) constants_[i - 1] = Constant(operands[i - 1].number(), types_[i]);
      const DType stored = t ? t->dtype() : types_[i];
      load_[i] = convert_loop(types_[i], stored);
      is_flat_[i] = stored == types_[i] && iterator_.inner_stride(i) == item_size(stored);
    }
    is_flat_[0] = out.dtype() == types_[0] && iterator_.inner_stride(0) == item_size(types_[0]);
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  void run(int64_t grain) const {
    // Cut at whole blocks, so that an element takes the same path through vector code for any number of
    // threads.
    const int64_t n = iterator_.numel(), blocks = (n + kBlock - 1) / kBlock;
    parallel_for(0, blocks, grain / kBlock,
                 [&](int64_t first, int64_t last) { range(first * kBlock, std::min(n, last * kBlock)); });
  }

 private:
  Iterator place(const Tensor& out, const Operands& operands) {
    bool is_flat = true;
    for (int i = 0; i < operands.size() && is_flat; ++i) {
      const Tensor* t = operands[i].tensor();
      is_flat = !t || t->dim() == 0 || lie_alike(out, *t);
    }
    if (is_flat && (out.is_contiguous() || (operands[0].tensor() && operands[0].tensor()->dim())))
      return flat(out, operands);
    Iterator iterator(out.sizes());
    iterator.add(out.raw_data(), out.sizes(), out.strides(), item_size(out.dtype()));
    for (int i = 0; i < operands.size(); ++i) {
      const Tensor* t = operands[i].tensor();
      if (t)
        iterator.add(t->raw_data(), t->sizes(), t->strides(), item_size(t->dtype()));
      else
        iterator.add(constants_[i].bytes, {}, {}, 0);
    }
    iterator.arrange();
    return iterator;
  }

  Iterator flat(const Tensor& out, const Operands& operands) {
    Iterator iterator(out.numel());
    iterator.add_flat(out.raw_data(), item_size(out.dtype()));
    for (int i = 0; i < operands.size(); ++i) {
      const Tensor* t = operands[i].tensor();
      if (t)
        iterator.add_flat(t->raw_data(), t->dim() ? item_size(t->dtype()) : 0);
      else
        iterator.add_flat(constants_[i].bytes, 0);
    }
    return iterator;
  }

  void range(int64_t begin, int64_t end) const {
    alignas(64) char blocks[Iterator::kOperands][kBlock * 8];
    const char* repeated[Iterator::kOperands] = {};  // what a block is full of, kBlock times
    bool all_flat = true;
    for (int i = 0; i < count_; ++i) all_flat &= is_flat_[i];
    iterator_.for_each_run(begin, end, [&](char* const* data, int64_t n) {
      if (all_flat) return call(data[0], data + 1, n);
      for (int64_t at = 0; at < n; at += kBlock) {
        const int64_t m = std::min(kBlock, n - at);
        char* in[Iterator::kOperands];
        for (int i = 1; i < count_; ++i) {
          const int64_t stride = iterator_.inner_stride(i);
          char* from = data[i] + at * stride;
          in[i] = is_flat_[i] ? from : blocks[i];
          if (is_flat_[i] || (stride == 0 && repeated[i] == from)) continue;
          load_[i](blocks[i], item_size(types_[i]), from, stride, m);
          repeated[i] = stride == 0 && m == kBlock ? from : nullptr;
        }
        char* out = is_flat_[0] ? data[0] + at * item_size(types_[0]) : blocks[0];
        call(out, in + 1, m);
        const int64_t stride = iterator_.inner_stride(0);
        if (!is_flat_[0]) store_(data[0] + at * stride, stride, out, item_size(types_[0]), m);
      }
    });
  }

  void call(void* out, char* const* in, int64_t n) const {
    if (divisor_) refuse_zeros(in[1], n, *divisor_);
    const void* const operands[] = {in[0], count_ > 2 ? in[1] : nullptr, count_ > 3 ? in[2] : nullptr};
    loop_(out, operands, n, numbers_);
  }

  FlatLoop loop_;
  Numbers numbers_;
  int count_;
  Constant constants_[3];
  Iterator iterator_;
  std::optional<DType> divisor_;
  DType types_[Iterator::kOperands];
  bool is_flat_[Iterator::kOperands];
  ConvertLoop load_[Iterator::kOperands] = {};
  ConvertLoop store_ = nullptr;
};

void pointwise_cpu(PointwiseOp op, DType compute, const Tensor& out, const Operands& operands,
                   const Numbers& numbers) {
  Call call(op, compute, out, operands, numbers);
  if (out.numel()) call.run(grain_of(op));
}

const KernelOn<DeviceType::Cpu> pointwise_on_cpu{pointwise_kernel, pointwise_cpu};

}  // namespace
}  // namespace unroll::cpu
