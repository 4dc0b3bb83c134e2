// The kernel of sorting and of choosing the k first.
#pragma once

#include <cstdint>

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/**
 * The first k of each row of in[rows][n] in rising or falling order, equal elements in the order they stand
 * and NaN the greatest: values[rows][k] of in's dtype, indices[rows][k] int64. All contiguous.
 */
inline constinit Kernel<void(const Tensor& values, const Tensor& indices, const Tensor& in, int64_t rows,
                             int64_t n, int64_t k, bool descending)>
    sort_kernel{"sort", true};

/**
 * places[rows][m] (int64): how many elements of the rising row sorted[rows][n] stand before each of
 * values[rows][m]: those less, and with `right` those equal too. One row of `sorted` may serve all
 * (`is_shared`).
 */
inline constinit Kernel<void(const Tensor& places, const Tensor& sorted, const Tensor& values, int64_t n,
                             int64_t m, bool is_shared, bool right)>
    searchsorted_kernel{"searchsorted", true};

}  // namespace unroll
