// Copies in another order, repeated, or cut to a triangle.
#include "autograd/variable.h"
#include "backend/index.h"
#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

Tensor flip(const Tensor& t, const Dims& requested) {
  const Dims dims = wrap_dims(requested, t.dim());
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  if (t.numel() > 0) {
    // The same memory read backwards: strides may be negative in what a kernel reads.
    Dims strides = t.strides();
    int64_t offset = t.offset();
    for (int64_t dim : dims) {
      const int d = static_cast<int>(dim);
      offset += (t.sizes()[d] - 1) * strides[d];
      strides[d] = -strides[d];
    }
    copy_kernel(t.device_type(), out, alias(t, t.sizes(), strides, offset));
  }
  if (needs_grad(t))
    record(out, "FlipBackward0", {t}, [dims](Node&, const Tensor& g) -> Tensors { return {flip(g, dims)}; });
  return out;
}

namespace {

/**
 * Repeating seen as broadcasting: every dimension that is repeated becomes two, the repeats and the size. A
 * dimension that has one element, or is not repeated, needs no second.
 */
struct Repetition {
  Dims sizes, strides;  // of the input, its repeated dimensions standing as stride 0
  Dims repeated;        // which of `sizes` are repeats
  Dims out_sizes;

  Repetition(const Tensor& t, const Dims& repeats) {
    const int added = repeats.size() - t.dim();
    for (int i = 0; i < repeats.size(); ++i) {
      const int64_t size = i < added ? 1 : t.sizes()[i - added],
                    stride = i < added ? 0 : t.strides()[i - added];
      out_sizes.push_back(size * repeats[i]);
      if (repeats[i] != 1) {
        repeated.push_back(sizes.size());
        sizes.push_back(repeats[i]);
        strides.push_back(0);
      }
      if (size != 1) {
        sizes.push_back(size);
        strides.push_back(stride);
      }
    }
  }
};

}  // namespace

Tensor repeat(const Tensor& t, const Dims& repeats) {
  UNROLL_CHECK(repeats.size() >= t.dim(),
               "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  const Repetition r(t, repeats);
  Tensor out = empty(r.out_sizes, t.dtype(), t.device());
  if (out.numel() > 0)
    copy_kernel(t.device_type(), alias(out, r.sizes, contiguous_strides(r.sizes), 0),
                alias(t, r.sizes, r.strides, t.offset()));
  if (needs_grad(t))
    record(out, "RepeatBackward0", {t},
           [before = t.sizes(), sizes = r.sizes, repeated = r.repeated](Node&, const Tensor& g) -> Tensors {
             const Tensor apart = reshape(g, sizes);
             return {reshape(repeated.empty() ? apart : sum(apart, repeated, false), before)};
           });
  return out;
}

namespace {

Tensor triangle(const Tensor& t, int64_t diagonal, bool lower) {
  UNROLL_CHECK(t.dim() >= 2, lower ? "tril" : "triu", ": input tensor must have at least 2 dimensions");
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  triangle_kernel(t.device_type(), out, contiguous(detach(t)), diagonal, lower);
  if (needs_grad(t))
    record(out, lower ? "TrilBackward0" : "TriuBackward0", {t},
           [diagonal, lower](Node&, const Tensor& g) -> Tensors { return {triangle(g, diagonal, lower)}; });
  return out;
}

}  // namespace

Tensor tril(const Tensor& t, int64_t diagonal) { return triangle(t, diagonal, true); }
Tensor triu(const Tensor& t, int64_t diagonal) { return triangle(t, diagonal, false); }

}  // namespace unroll
