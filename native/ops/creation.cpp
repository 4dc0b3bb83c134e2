// Tensors made from numbers.
#include <cmath>

#include "backend/kernels.h"
#include "ops/ops.h"
#include "ops/pointwise.h"

namespace unroll {

Tensor full(const Dims& sizes, const Scalar& value, DType dtype, Device& device) {
  Tensor out = empty(sizes, dtype, device);
  fill_kernel(out.device_type(), out, value);
  return out;
}

Tensor zeros(const Dims& sizes, DType dtype, Device& device) {
  Tensor out = empty(sizes, dtype, device);
  if (out.numel()) out.device().fill_zero(out.storage().block(), 0, out.storage().bytes());
  return out;
}

Tensor zeros_like(const Tensor& t) {
  Tensor out = empty_strided(t.sizes(), result_strides(t.sizes(), {t}), t.dtype(), t.device());
  if (out.numel()) out.device().fill_zero(out.storage().block(), 0, out.storage().bytes());
  return out;
}

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, DType dtype) {
  const double first = start.to_double(), last = end.to_double(), by = step.to_double();
  UNROLL_CHECK(by != 0, "step must be nonzero");
  UNROLL_CHECK(std::isfinite(first) && std::isfinite(last), "unsupported range: ", first, " -> ", last);
  UNROLL_CHECK((by > 0 && first <= last) || (by < 0 && first >= last),
               "upper bound and lower bound inconsistent with step sign");
  UNROLL_CHECK(dtype != DType::Bool, "\"arange_cpu\" not implemented for 'Bool'");
  int64_t count;
  const bool all_integers = start.kind != Scalar::Kind::Float && end.kind != Scalar::Kind::Float &&
                            step.kind != Scalar::Kind::Float;
  if (all_integers) {
    count = (end.i - start.i) / step.i + ((end.i - start.i) % step.i != 0);
  } else {
    const double exact = std::ceil((last - first) / by);
    UNROLL_CHECK(exact >= 0 && exact < 0x1p62, "invalid size, possible overflow?");
    count = static_cast<int64_t>(exact);
  }
  Tensor out = empty({count}, dtype);
  visit_dtype(dtype, [&](auto t) {
    using T = decltype(t);
    T* o = out.data<T>();
    if constexpr (std::is_integral_v<T>) {
      const auto from = static_cast<uint64_t>(start.to_int()),
                 by_whole = static_cast<uint64_t>(step.to_int());
      for (int64_t i = 0; i < count; ++i) o[i] = static_cast<T>(from + static_cast<uint64_t>(i) * by_whole);
    } else {
      for (int64_t i = 0; i < count; ++i) o[i] = static_cast<T>(first + static_cast<double>(i) * by);
    }
  });
  return out;
}

Tensor linspace(double start, double end, int64_t steps, DType dtype) {
  UNROLL_CHECK(steps >= 0, "number of steps must be non-negative");
  UNROLL_CHECK(dtype != DType::Bool, "\"linspace_cpu\" not implemented for 'Bool'");
  Tensor out = empty({steps}, dtype);
  const double by = steps > 1 ? (end - start) / static_cast<double>(steps - 1) : 0;
  visit_dtype(dtype, [&](auto t) {
    using T = decltype(t);
    T* o = out.data<T>();
    // From both ends to the middle, so that the last element is `end` itself.
    for (int64_t i = 0; i < steps; ++i)
      o[i] = static_cast<T>(i < steps / 2 || steps == 1 ? start + by * static_cast<double>(i)
                                                        : end - by * static_cast<double>(steps - 1 - i));
  });
  return out;
}

Tensor eye(int64_t rows, int64_t columns, DType dtype) {
  UNROLL_CHECK(rows >= 0, "n must be greater or equal to 0, got ", rows);
  UNROLL_CHECK(columns >= 0, "m must be greater or equal to 0, got ", columns);
  Tensor out = zeros({rows, columns}, dtype);
  const int64_t count = std::min(rows, columns);
  if (count) fill_kernel(out.device_type(), alias(out, {count}, {columns + 1}, 0), Scalar::of(int64_t{1}));
  return out;
}

}  // namespace unroll
