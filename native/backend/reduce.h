// Kernels of reductions. The operation brings its input into one form first: contiguous
// [outer][reduced][inner].
#pragma once

#include <cstdint>

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** `x` are the elements reduced; floating types accumulate in double, integers in int64. */
enum class Reduction : uint8_t {
  Sum,           // out: the input's type where floating, else int64
  Mean,          // floating
  Prod,          // out as Sum
  Any,           // out: bool or uint8
  All,           // out: bool or uint8
  CountNonzero,  // out: the input's type, floating; the 0-norm
  AbsSum,        // floating
  AbsMax,        // floating; NaN wins
  AbsMin,        // floating; NaN wins
  Norm2,         // sqrt(sum x²), floating
  NormP,         // (sum |x|^p)^(1/p), floating; parameter: p
  Var,           // sum (x - mean)² / max(0, n - c), floating; parameter: c
};

struct ReduceShape {
  int64_t outer = 1, reduced = 1, inner = 1;
};

/** in: contiguous [outer][reduced][inner]; out: contiguous [outer][inner]. */
inline constinit Kernel<void(Reduction op, const Tensor& out, const Tensor& in, const ReduceShape& shape,
                             double parameter)>
    reduce_kernel{"reduce", true};

/**
 * The greatest or least of each reduced run, NaN before all else, and where its first lies (int64, along the
 * run). values (in's dtype) and indices [outer][inner]; either may be undefined. `reduced` is not 0.
 */
inline constinit Kernel<void(const Tensor& values, const Tensor& indices, const Tensor& in,
                             const ReduceShape& shape, bool largest)>
    extreme_kernel{"max", true};

/** What a scan makes of all the elements so far. */
enum class Scan : uint8_t {
  Prod,       // out: the input's type where floating, else int64
  Max,        // out: the input's type; NaN wins; the last of equals
  Min,        // likewise
  LogSumExp,  // floating
};

/** Along `reduced`; indices (int64, where Max and Min lie) is undefined for the others. All contiguous. */
inline constinit Kernel<void(Scan op, const Tensor& out, const Tensor& indices, const Tensor& in,
                             const ReduceShape& shape)>
    scan_kernel{"scan", true};

/** Running sums along `reduced`; out: in's geometry, dtypes as Sum. */
inline constinit Kernel<void(const Tensor& out, const Tensor& in, const ReduceShape& shape)> cumsum_kernel{
    "cumsum", true};

}  // namespace unroll
