// Elements chosen along one dimension by an index of the result's own shape, read and written.
#include "autograd/variable.h"
#include "backend/index.h"
#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** The index as int64, after the checks that gather and scatter share. */
Tensor checked_index(const Tensor& index, const char* name) {
  UNROLL_CHECK(index.dtype() == DType::Int64 || index.dtype() == DType::Int32, name,
               "(): Expected dtype int32/int64 for index");
  return detach(to_dtype(index, DType::Int64));
}

bool same_rank(const Tensor& a, const Tensor& b) { return std::max(a.dim(), 1) == std::max(b.dim(), 1); }

/** A scalar counts as one element along one dimension. */
Tensor with_a_dim(const Tensor& t) { return t.dim() ? t : view(t, {1}); }

/** `source` cut to the sizes of `index`: scattering looks at no more of it. */
Tensor cut_to(const Tensor& source, const Dims& sizes) {
  Tensor cut = source;
  for (int d = 0; d < sizes.size(); ++d)
    if (sizes[d] != cut.sizes()[d]) cut = slice(cut, d, 0, sizes[d], 1);
  return cut;
}

Tensor scattered(const Tensor& t, int dim, const Tensor& index, const Tensor& source, bool accumulate) {
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  copy_kernel(t.device_type(), out, t);
  scatter_kernel(t.device_type(), out, dim, index, source, accumulate ? Scattering::Add : Scattering::Write);
  if (needs_grad(t, source))
    record(out, accumulate ? "ScatterAddBackward0" : "ScatterBackward0", {t, source},
           [dim, accumulate, index = Saved(index)](Node& self, const Tensor& g) -> Tensors {
             const Tensor at = index.get(self);
             Tensors grads(2);
             if (self.needs(0))
               grads[0] = accumulate ? g : scattered(g, dim, at, zeros_beside(g, at.sizes()), false);
             if (self.needs(1)) grads[1] = gather(g, dim, at);
             return grads;
           });
  return out;
}

Tensor scatter_checked(const Tensor& t, int64_t dim, const Tensor& index, const Tensor& source,
                       bool accumulate) {
  const int d = wrap_dim(dim, t.dim());
  const Tensor at = checked_index(index, "scatter");
  UNROLL_CHECK(t.dtype() == source.dtype(), "scatter(): Expected self.dtype to be equal to src.dtype");
  if (index.numel() == 0) return clone(t);
  UNROLL_CHECK(same_rank(index, t), "Index tensor must have the same number of dimensions as self tensor");
  UNROLL_CHECK(same_rank(index, source),
               "Index tensor must have the same number of dimensions as src tensor");
  if (t.dim() == 0 || index.dim() == 0 || source.dim() == 0)
    return view(scatter_checked(with_a_dim(t), 0, with_a_dim(index), with_a_dim(source), accumulate),
                t.sizes());
  bool fits = true;
  for (int i = 0; i < t.dim(); ++i)
    fits &= index.sizes()[i] <= source.sizes()[i] && (i == d || index.sizes()[i] <= t.sizes()[i]);
  UNROLL_CHECK(fits, "Expected index ", index.sizes(), " to be no larger than self ", t.sizes(),
               " apart from dimension ", d, " and to be no larger size than src ", source.sizes());
  return scattered(t, d, at, cut_to(source, at.sizes()), accumulate);
}

}  // namespace

Tensor gather(const Tensor& t, int64_t dim, const Tensor& index) {
  const int d = wrap_dim(dim, t.dim());
  const Tensor at = checked_index(index, "gather");
  UNROLL_CHECK(index.numel() == 0 || same_rank(index, t),
               "Index tensor must have the same number of dimensions as input tensor");
  if (index.numel() && (t.dim() == 0 || index.dim() == 0))
    return view(gather(with_a_dim(t), 0, with_a_dim(index)), index.sizes());
  for (int i = 0; i < t.dim(); ++i)
    UNROLL_CHECK(index.numel() == 0 || i == d || at.sizes()[i] <= t.sizes()[i],
                 "Size does not match at dimension ", i, " expected index ", at.sizes(),
                 " to be no larger than self ", t.sizes(), " apart from dimension ", d);
  Tensor out = empty(at.sizes(), t.dtype(), t.device());
  if (index.numel()) gather_kernel(t.device_type(), out, t, d, at);
  if (needs_grad(t))
    record(out, "GatherBackward0", {t},
           [d, index = Saved(at), sizes = t.sizes()](Node& self, const Tensor& g) -> Tensors {
             return {scatter_add(zeros_beside(g, sizes), d, index.get(self), g)};
           });
  return out;
}

Tensor scatter(const Tensor& t, int64_t dim, const Tensor& index, const Tensor& source) {
  return scatter_checked(t, dim, index, source, false);
}

Tensor scatter_add(const Tensor& t, int64_t dim, const Tensor& index, const Tensor& source) {
  return scatter_checked(t, dim, index, source, true);
}

}  // namespace unroll
