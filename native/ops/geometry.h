// What the operations that only move elements share: lists of dimensions, and gradients put back in their
// place.
#pragma once

#include "autograd/variable.h"
#include "tensor/tensor.h"

namespace unroll {

/** `dims` made non-negative, in the order given; a dimension named twice is PyTorch's RuntimeError. */
Dims wrap_dims(const Dims& dims, int rank);

/** Zeros of the given sizes in `like`'s dtype, on its device, with no history. */
Tensor zeros_beside(const Tensor& like, const Dims& sizes);

/** Zeros of `sizes` with `part` written where `view` looks: the gradient of a view, differentiable again. */
Tensor placed(const Tensor& part, const Dims& sizes, const Replay& view);

/** The strides with which memory of one geometry can be seen as `to`, a shape of as many elements; false:
 * none. */
bool view_strides(const Dims& sizes, const Dims& strides, const Dims& to, Dims& result);

}  // namespace unroll
