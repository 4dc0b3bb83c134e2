// What the pointwise operations of this folder share: the type and layout of results, and calling the kernel.
#pragma once

#include "autograd/variable.h"
#include "backend/kernels.h"
#include "ops/ops.h"

namespace unroll {

/** PyTorch's result_type: a tensor without dimensions counts only where its category is higher. */
DType result_type(const Tensor& a, const Tensor& b);

/** The sizes all operands broadcast to; RuntimeError in PyTorch's words where they do not. */
Dims broadcast_sizes(const Operands& operands);
/** Dense strides for a result of these sizes, its dimensions in the order in which the operands lie in
 * memory. */
Dims result_strides(const Dims& sizes, const Operands& operands);

/** A fresh result of dtype `compute` (bool for the comparisons) of the operands broadcast together. No
 * history. */
Tensor pointwise(PointwiseOp op, DType compute, const Operands& operands, const Numbers& numbers = {});

/**
 * What an in-place operation must fulfil before it starts: operands broadcast to self's own sizes, `compute`
 * can be stored as self's dtype, no operand shares a part of self's memory. RuntimeError in PyTorch's words
 * otherwise.
 */
void check_writable(const Tensor& self, DType compute, const Operands& operands);
/** An in-place operation whole: check_writable, then the kernel into self, or `functional` where history is
 * kept. */
Tensor pointwise_(const Tensor& self, bool others_need_grad, PointwiseOp op, DType compute,
                  const Operands& operands, const Numbers& numbers,
                  const std::function<Tensor(const Tensor& old)>& functional);

}  // namespace unroll
