// The slots of the normalising layers.
#pragma once

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/**
 * Each row of in[rows][n] brought to mean 0 (only where `centred`) and mean square 1 (of which eps is part),
 * times weight (n) plus bias (n), where defined. statistics[rows][2], float64: the mean (0 where not centred)
 * and the factor. All contiguous.
 */
inline constinit Kernel<void(const Tensor& in, const Tensor& weight, const Tensor& bias, double eps,
                             bool centred, const Tensor& out, const Tensor& statistics)>
    normalise_kernel{"layer_norm", true};

/** The gradients of `in`, weight and bias (each undefined where not wanted) from that of `out`. */
inline constinit Kernel<void(const Tensor& grad, const Tensor& in, const Tensor& weight,
                             const Tensor& statistics, bool centred, const Tensor& grad_in,
                             const Tensor& grad_weight, const Tensor& grad_bias)>
    normalise_backward_kernel{"layer_norm backward", true};

}  // namespace unroll
