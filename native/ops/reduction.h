// What reductions share: which dimensions go, the form the kernels want, and gradients spread back over it.
#pragma once

#include "backend/reduce.h"
#include "tensor/tensor.h"

namespace unroll {

/** A tensor made ready to be reduced over some of its dimensions. */
struct Reducible {
  Tensor in;  // contiguous [outer][reduced][inner], perhaps a copy, without history
  ReduceShape shape;
  Dims dims;           // the reduced dimensions, non-negative; all of them where none were named
  Dims kept;           // in's order of the dimensions that stay, as positions among those that stay
  Dims sizes;          // of the result, without the reduced dimensions
  Dims keepdim_sizes;  // of the result with them as 1

  /**
   * `t` over `dims` (empty: all). The result of a kernel is [outer][inner] in the order of `kept`: pass it
   * to finished().
   */
  Reducible(const Tensor& t, const Dims& dims);
  /** A fresh tensor for the kernel to fill. */
  Tensor output(DType dtype) const;
  /** The filled output in the dimensions of the result. */
  Tensor finished(const Tensor& out, bool keepdim) const;
};

/** One kernel run over `t`, without history. `dtype`: of the result. */
Tensor reduced(Reduction op, const Tensor& t, const Dims& dims, bool keepdim, DType dtype,
               double parameter = 0);

/** A reduction's result or gradient with the reduced dimensions (wrapped; none: all) standing as 1. */
Tensor with_reduced_dims(const Tensor& r, const Dims& sizes, const Dims& dims);

/** The number of elements that make up one element of the result. */
int64_t reduced_numel(const Dims& sizes, const Dims& dims);

}  // namespace unroll
