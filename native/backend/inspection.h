// What the log and a look at a tensor need of its elements, made where they lie.
#pragma once

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** Of the histogram that a log holds; and how many elements, evenly spread, tell where its bins lie. */
inline constexpr int64_t kLoggedBins = 64, kLoggedSamples = 1 << 10;

// What kernels leave as "numbers" is float64 or, where the device has none, float32, contiguous. A plane is a
// tensor of two axes and any strides.

/**
 * Of each of the dense `tensors`, of one floating dtype: where its kLoggedBins bins lie, from and to, and the
 * least and the greatest finite element (the one above the other where none is finite) in a row of `ranges`,
 * (n, 4) of numbers; how many elements lie in each bin, below and above in a row of `counts`,
 * (n, kLoggedBins + 2) of int32.
 */
inline constinit Kernel<void(const Tensors& tensors, const Tensor& ranges, const Tensor& counts)>
    histograms_kernel{"histogram"};

/**
 * In a row of `parts`, (n, 8) of numbers, for each of n parts of the plane, however it is cut: of its finite
 * elements how many there are, their sum, the sum of their squared distances from their mean, the least, the
 * greatest (the one above the other where there are none); then how many elements are NaN, infinite, zero.
 */
inline constinit Kernel<void(const Tensor& plane, const Tensor& parts)> part_sums_kernel{"statistics"};

/** out[i], n numbers: element i·numel/n of the plane, row by row. */
inline constinit Kernel<void(const Tensor& plane, const Tensor& out)> samples_kernel{"statistics"};

/** How many of the plane's elements lie in each of equal bins from low to high, both of which belong to one,
 * then below and above: counts, (bins + 2) of int32. */
inline constinit Kernel<void(const Tensor& plane, double low, double high, const Tensor& counts)> bins_kernel{
    "histogram"};

/**
 * Of the plane's rows by columns tiles the least, the greatest and the mean of the finite elements, NaN where
 * there are none, and how many are not finite: out, (4, rows, columns) of float32.
 */
inline constinit Kernel<void(const Tensor& plane, const Tensor& out)> tiles_kernel{"picture"};

}  // namespace unroll
