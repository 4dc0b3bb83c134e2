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
    sort_kernel{"sort"};

}  // namespace unroll
