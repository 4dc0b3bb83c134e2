// Kernels that move elements to and from places other tensors name.
#pragma once

#include <vector>

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/**
 * Advanced indexing of one tensor. Its dimensions fall into those before, those that are indexed and those
 * after; the index tensors name `count` places in the indexed ones, so that what is read or written is
 * [before][count][after], row by row.
 */
struct Indexing {
  struct Indexed {
    Tensor index;  // contiguous int64, `count` elements; negative ones count from the end
    int64_t size, stride;
    int dim;  // for the error message
  };
  std::vector<Indexed> indexed;
  int64_t count = 0;
  Dims before_sizes, before_strides, after_sizes, after_strides;
  /** torch.index_select's way: no negative indices, and its own words for one out of range. */
  bool is_select = false;
};

/** out[b][i][a] = t at the place (b, i, a); out contiguous, of t's dtype. An index out of range is an
 * IndexError. */
inline constinit Kernel<void(const Tensor& out, const Tensor& t, const Indexing& indexing)> index_kernel{
    "index"};

/**
 * t at the place (b, i, a) becomes values[b][i][a], or has it added; values contiguous, of t's dtype. Where a
 * place is named twice the later i wins, and additions are made in the order of i. All indices are checked
 * first.
 */
inline constinit Kernel<void(const Tensor& t, const Tensor& values, const Indexing& indexing,
                             bool accumulate)>
    index_put_kernel{"index_put_"};

/**
 * out[..., j, ...] = t[..., index[..., j, ...], ...] along `dim`, for every element of index (int64). The
 * tensors have one dimension at least and any strides; out has index's sizes, t at least those but along dim.
 * Out of range: RuntimeError.
 */
inline constinit Kernel<void(const Tensor& out, const Tensor& t, int dim, const Tensor& index)> gather_kernel{
    "gather"};

/** What becomes of an element that something is scattered to. */
enum class Scattering : uint8_t { Write, Add, Multiply, Max, Min };

/** out[..., index[..., j, ...], ...] with source[..., j, ...], in the order of j. NaN wins Max and Min. */
inline constinit Kernel<void(const Tensor& out, int dim, const Tensor& index, const Tensor& source,
                             Scattering how)>
    scatter_kernel{"scatter"};

/** `places` becomes a fresh (n, rank) int64 tensor: where t is not zero, row by row. */
inline constinit Kernel<void(Tensor& places, const Tensor& t)> nonzero_kernel{"nonzero"};

/** out = t where column - row <= diagonal (lower) or >= diagonal, else 0; both contiguous (..., rows,
 * columns). */
inline constinit Kernel<void(const Tensor& out, const Tensor& t, int64_t diagonal, bool lower)>
    triangle_kernel{"tril"};

}  // namespace unroll
