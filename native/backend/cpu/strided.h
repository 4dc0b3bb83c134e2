// Where an operand of a pointwise loop lies, and how it comes into and out of flat blocks of the type the
// loop computes in.
#pragma once

#include <cstdint>

#include "backend/kernels.h"
#include "tensor/iterator.h"
#include "tensor/tensor.h"

namespace unroll::cpu {

/** Elements a block holds: a loop's operands fit into the first-level cache together. */
inline constexpr int64_t kBlock = 512;
/** Elements a thread takes at least, in cheap operations: below, waking the team costs more than it brings.
 */
inline constexpr int64_t kGrain = 32768;

/** One number of any dtype, as memory. */
struct Constant {
  alignas(8) char bytes[8];
  Constant() = default;
  Constant(const Scalar& value, DType dtype) {
    visit_dtype(dtype, [&](auto t) { *reinterpret_cast<decltype(t)*>(bytes) = value.to<decltype(t)>(); });
  }
};

/** Whether `t` and `out` have the same sizes and lie in memory alike, without gaps. */
inline bool lie_alike(const Tensor& out, const Tensor& t) {
  if (!(out.sizes() == t.sizes())) return false;
  return out.strides() == t.strides() ? out.is_contiguous() || out.is_dense()
                                      : out.is_contiguous() && t.is_contiguous();
}

}  // namespace unroll::cpu
