// Distributions made where the tensors lie.
#pragma once

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** Of the histogram that a log holds; and how many elements, evenly spread, tell where its bins lie. */
inline constexpr int64_t kLoggedBins = 64, kLoggedSamples = 1 << 10;

/**
 * Of each of the dense `tensors`, of one floating dtype: where its kLoggedBins bins lie, from and to, and the
 * least and the greatest finite element (the one above the other where none is finite) in a row of `ranges`,
 * (n, 4) of float64 or, where the device has none, float32; how many elements lie in each bin, below and
 * above in a row of `counts`, (n, kLoggedBins + 2) of int32. Both are contiguous.
 */
inline constinit Kernel<void(const Tensors& tensors, const Tensor& ranges, const Tensor& counts)>
    histograms_kernel{"histogram"};

}  // namespace unroll
