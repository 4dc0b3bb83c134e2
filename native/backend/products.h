// The slots of the matrix products.
#pragma once

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/**
 * out (M, N) = a (M, K) · b (K, N), added to what out holds where `accumulate`, plus bias (N, contiguous, or
 * undefined) on each row. a and b have any strides, out's rows are contiguous; one dtype, no overlap.
 */
inline constinit Kernel<void(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out,
                             bool accumulate)>
    mm_kernel{"mm", true};

/** out (B, M, N) = a (B, M, K) · b (B, K, N), matrix by matrix. a and b have any strides, out is contiguous.
 */
inline constinit Kernel<void(const Tensor& a, const Tensor& b, const Tensor& out)> bmm_kernel{"bmm", true};

}  // namespace unroll
