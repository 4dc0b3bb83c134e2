// Views: another geometry over the same storage. Each names the gradient of the tensor it looks at.
#include <string>

#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** `sizes` with its -1 replaced by what `numel` elements leave for it. */
Dims inferred_sizes(const Dims& sizes, int64_t numel) {
  Dims result = sizes;
  int unknown = -1;
  int64_t known = 1;
  for (int i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == -1) {
      UNROLL_CHECK(unknown < 0, "only one dimension can be inferred");
      unknown = i;
      continue;
    }
    UNROLL_CHECK(sizes[i] >= 0, "invalid shape dimension ", sizes[i], " at index ", i, " of shape ", sizes);
    UNROLL_CHECK(!__builtin_mul_overflow(known, sizes[i], &known), "the number of elements of ", sizes,
                 " overflows");
  }
  if (unknown >= 0 && known > 0 && numel % known == 0) {
    result[unknown] = numel / known;
    return result;
  }
  UNROLL_CHECK(!(unknown >= 0 && known == 0 && numel == 0), "cannot reshape tensor of 0 elements into shape ",
               sizes, " because the unspecified dimension size -1 can be any value and is ambiguous");
  UNROLL_CHECK(unknown < 0 && known == numel, "shape '", sizes, "' is invalid for input of size ", numel);
  return result;
}

/** Squeezing and unsqueezing add or drop dimensions of one element: their gradients are views too. */
Tensor resized_view(const Tensor& t, const Dims& sizes, const Dims& strides, const char* name,
                    Replay replay) {
  return make_view(t, sizes, strides, t.offset(), name, std::move(replay),
                   [before = t.sizes()](Node&, const Tensor& g) -> Tensors { return {view(g, before)}; });
}

}  // namespace

Tensor view(const Tensor& t, const Dims& requested) {
  const Dims sizes = inferred_sizes(requested, t.numel());
  Dims strides;
  UNROLL_CHECK(view_strides(t.sizes(), t.strides(), sizes, strides),
               "view size is not compatible with input tensor's size and stride (at least one dimension "
               "spans across two "
               "contiguous subspaces). Use .reshape(...) instead.");
  return make_view(
      t, sizes, strides, t.offset(), "ViewBackward0",
      [sizes](const Tensor& base) { return view(base, sizes); },
      [before = t.sizes()](Node&, const Tensor& g) -> Tensors { return {reshape(g, before)}; });
}

Tensor reshape(const Tensor& t, const Dims& requested) {
  const Dims sizes = inferred_sizes(requested, t.numel());
  Dims strides;
  if (view_strides(t.sizes(), t.strides(), sizes, strides)) return view(t, sizes);
  return view(contiguous(t), sizes);
}

Tensor flatten(const Tensor& t, int64_t start_dim, int64_t end_dim) {
  const int start = wrap_dim(start_dim, t.dim()), end = wrap_dim(end_dim, t.dim());
  UNROLL_CHECK(start <= end, "flatten() has invalid args: start_dim cannot come after end_dim");
  if (t.dim() == 0) return reshape(t, {1});
  if (start == end) return t;
  Dims sizes;
  int64_t joined = 1;
  for (int i = 0; i < t.dim(); ++i) {
    if (i < start || i > end) {
      sizes.push_back(t.sizes()[i]);
      continue;
    }
    joined *= t.sizes()[i];
    if (i == end) sizes.push_back(joined);
  }
  return reshape(t, sizes);
}

Tensor transpose(const Tensor& t, int64_t dim0, int64_t dim1) {
  const int a = wrap_dim(dim0, t.dim()), b = wrap_dim(dim1, t.dim());
  Dims sizes = t.sizes(), strides = t.strides();
  if (t.dim() > 0) {
    std::swap(sizes[a], sizes[b]);
    std::swap(strides[a], strides[b]);
  }
  return make_view(
      t, sizes, strides, t.offset(), "TransposeBackward0",
      [a, b](const Tensor& base) { return transpose(base, a, b); },
      [a, b](Node&, const Tensor& g) -> Tensors { return {transpose(g, a, b)}; });
}

Tensor permute(const Tensor& t, const Dims& dims) {
  UNROLL_CHECK(dims.size() == t.dim(),
               "permute(sparse_coo): number of dimensions in the tensor input does not match the length of "
               "the desired "
               "ordering of dimensions i.e. input.dim() = ",
               t.dim(), " is not equal to len(dims) = ", dims.size());
  Dims order, sizes, strides, inverse(t.dim(), -1);
  for (int i = 0; i < dims.size(); ++i) {
    const int dim = wrap_dim(dims[i], t.dim());
    UNROLL_CHECK(inverse[dim] < 0, "permute(): duplicate dims are not allowed.");
    inverse[dim] = i;
    order.push_back(dim);
    sizes.push_back(t.sizes()[dim]);
    strides.push_back(t.strides()[dim]);
  }
  return make_view(
      t, sizes, strides, t.offset(), "PermuteBackward0",
      [order](const Tensor& base) { return permute(base, order); },
      [inverse](Node&, const Tensor& g) -> Tensors { return {permute(g, inverse)}; });
}

Tensor squeeze(const Tensor& t) {
  Dims sizes, strides;
  for (int i = 0; i < t.dim(); ++i) {
    if (t.sizes()[i] == 1) continue;
    sizes.push_back(t.sizes()[i]);
    strides.push_back(t.strides()[i]);
  }
  return resized_view(t, sizes, strides, "SqueezeBackward0",
                      [](const Tensor& base) { return squeeze(base); });
}

Tensor squeeze_dim(const Tensor& t, int64_t dim) {
  const int d = wrap_dim(dim, t.dim());
  Dims sizes = t.sizes(), strides = t.strides();
  if (t.dim() > 0 && sizes[d] == 1) {
    sizes.erase(d);
    strides.erase(d);
  }
  return resized_view(t, sizes, strides, "SqueezeBackward1",
                      [d](const Tensor& base) { return squeeze_dim(base, d); });
}

Tensor unsqueeze(const Tensor& t, int64_t dim) {
  const int d = wrap_dim(dim, t.dim() + 1);
  Dims sizes = t.sizes(), strides = t.strides();
  const int64_t stride = d < t.dim() ? sizes[d] * strides[d] : 1;
  sizes.insert(d, 1);
  strides.insert(d, stride);
  return resized_view(t, sizes, strides, "UnsqueezeBackward0",
                      [d](const Tensor& base) { return unsqueeze(base, d); });
}

Tensor expand(const Tensor& t, const Dims& requested) {
  const int added = requested.size() - t.dim();
  UNROLL_CHECK(added >= 0, "expand(torch.", scalar_type_name(t.dtype()), "Tensor{", t.sizes(),
               "}, size=", requested, "): the number of sizes provided (", requested.size(),
               ") must be greater or equal to the number of dimensions in the tensor (", t.dim(), ")");
  Dims sizes = requested, strides(requested.size(), 0);
  for (int i = requested.size() - 1; i >= 0; --i) {
    if (i < added) {
      UNROLL_CHECK(sizes[i] >= 0, "The expanded size of the tensor (", sizes[i],
                   ") isn't allowed in a leading, non-existing dimension ", i);
      // Never stepped by; PyTorch gives a new dimension of size 1 the stride of a dense one.
      if (sizes[i] == 1 && i + 1 < sizes.size()) strides[i] = sizes[i + 1] * strides[i + 1];
      continue;
    }
    const int64_t size = t.sizes()[i - added];
    if (sizes[i] == -1) sizes[i] = size;
    UNROLL_CHECK(sizes[i] == size || (size == 1 && sizes[i] >= 0), "The expanded size of the tensor (",
                 sizes[i], ") must match the existing size (", size, ") at non-singleton dimension ", i,
                 ".  Target sizes: ", requested, ".  Tensor sizes: ", t.sizes());
    if (sizes[i] == size) strides[i] = t.strides()[i - added];
  }
  return make_view(
      t, sizes, strides, t.offset(), "ExpandBackward0",
      [sizes](const Tensor& base) { return expand(base, sizes); },
      [before = t.sizes()](Node&, const Tensor& g) -> Tensors { return {sum_to(g, before)}; });
}

namespace {

/** The part of t that `again` takes. */
template <class Again>
Tensor part_of(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset, const char* name,
               Again again) {
  const Tensor out = make_view(t, sizes, strides, offset, name, again,
                               [before = t.sizes()](Node& self, const Tensor& g) -> Tensors {
                                 return {placed(g, before, self.part)};
                               });
  if (needs_grad(t)) autograd_meta(out).grad_fn->part = again;
  return out;
}

}  // namespace

Tensor select(const Tensor& t, int64_t dim, int64_t index) {
  UNROLL_CHECK_KIND(Index, t.dim() > 0, "select() cannot be applied to a 0-dim tensor.");
  const int d = wrap_dim(dim, t.dim());
  const int64_t size = t.sizes()[d];
  UNROLL_CHECK_KIND(Index, index >= -size && index < size, "select(): index ", index,
                    " out of range for tensor of size ", t.sizes(), " at dimension ", d);
  const int64_t at = index < 0 ? index + size : index;
  Dims sizes = t.sizes(), strides = t.strides();
  const int64_t offset = t.offset() + at * strides[d];
  sizes.erase(d);
  strides.erase(d);
  return part_of(t, sizes, strides, offset, "SelectBackward0",
                 [d, at](const Tensor& base) { return select(base, d, at); });
}

Tensor slice(const Tensor& t, int64_t dim, int64_t start, int64_t end, int64_t step) {
  UNROLL_CHECK_KIND(Index, t.dim() > 0, "slice() cannot be applied to a 0-dim tensor.");
  UNROLL_CHECK(step > 0, "slice step must be positive");
  const int d = wrap_dim(dim, t.dim());
  const int64_t size = t.sizes()[d];
  const auto clipped = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t first = clipped(start), last = std::max(first, clipped(end));
  Dims sizes = t.sizes(), strides = t.strides();
  const int64_t offset = t.offset() + first * strides[d];
  sizes[d] = last > first ? (last - first - 1) / step + 1 : 0;
  UNROLL_CHECK(!__builtin_mul_overflow(strides[d], step, &strides[d]), "slice step ", step, " is too large");
  return part_of(t, sizes, strides, offset, "SliceBackward0",
                 [d, first, last, step](const Tensor& base) { return slice(base, d, first, last, step); });
}

namespace {

/** The windows' gradients added up where the windows lie. */
Tensor unfold_backward(const Tensor& g, const Dims& sizes, int dim, int64_t step) {
  const Tensor sums = zeros_beside(g, sizes);
  const int64_t count = g.sizes()[dim];
  for (int64_t k = 0; k < g.size(-1); ++k)
    add_(slice(sums, dim, k, k + (count - 1) * step + 1, step), select(g, -1, k));
  return sums;
}

}  // namespace

Tensor unfold(const Tensor& t, int64_t dim, int64_t size, int64_t step) {
  const Tensor whole = t.dim() ? t : view(t, {1});
  const int d = wrap_dim(dim, whole.dim());
  const int64_t length = whole.sizes()[d];
  UNROLL_CHECK(size >= 0 && size <= length, "maximum size for tensor at dimension ", d, " is ", length,
               " but size is ", size);
  UNROLL_CHECK(step > 0, "step is ", step, " but must be > 0");
  Dims sizes = whole.sizes(), strides = whole.strides();
  sizes.push_back(size);
  strides.push_back(strides[d]);
  sizes[d] = (length - size) / step + 1;
  strides[d] *= step;
  return make_view(
      whole, sizes, strides, whole.offset(), "UnfoldBackward0",
      [d, size, step](const Tensor& base) { return unfold(base, d, size, step); },
      [before = whole.sizes(), d, step](Node&, const Tensor& g) -> Tensors {
        return {unfold_backward(g, before, d, step)};
      });
}

Tensor without_derivative(const Tensor& out, const Tensors& inputs, const std::string& name) {
  if (needs_grad(inputs))
    record(out, "NotImplemented", inputs, [name](Node&, const Tensor&) -> Tensors {
      fail(ErrorKind::Runtime, "derivative for ", name, " is not implemented");
    });
  return out;
}

Tensor detach(const Tensor& t) { return detached(t); }

Tensor data_of(const Tensor& t) { return detached(t, false); }

}  // namespace unroll
