// Sorting along a dimension, whole or only as far as the k first.
#include "backend/sort.h"

#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** The first k along dim; rows are made contiguous along it and the result is put back in t's order. */
Tensor2 first_of(const Tensor& t, int64_t k, int d, bool descending, const char* name) {
  Tensor values, indices;
  {
    GradMode off(false);
    const Tensor rows = contiguous(transpose(detach(t), d, -1));
    const int64_t n = t.dim() ? t.sizes()[d] : 1;
    Dims sizes = rows.sizes();
    if (t.dim()) sizes[t.dim() - 1] = k;
    const Tensor value = empty(sizes, t.dtype(), t.device()), index = empty(sizes, DType::Int64, t.device());
    if (value.numel()) sort_kernel(t.device_type(), value, index, rows, t.numel() / n, n, k, descending);
    values = detach(contiguous(transpose(value, d, -1)));
    indices = detach(contiguous(transpose(index, d, -1)));
  }
  if (needs_grad(t))
    record(values, name, {t},
           [index = Saved(indices), d, sizes = t.sizes()](Node& self, const Tensor& g) -> Tensors {
             return {scatter_add(zeros_beside(g, sizes), d, index.get(self), g)};
           });
  return {values, indices};
}

}  // namespace

// Every sort is stable here; `stable` is the promise a caller asks for.
Tensor2 sort(const Tensor& t, int64_t dim, bool descending, bool /*stable*/) {
  const int d = wrap_dim(dim, t.dim());
  return first_of(t, t.dim() ? t.sizes()[d] : 1, d, descending, "SortBackward0");
}

// Likewise every result is sorted, asked for or not.
Tensor2 topk(const Tensor& t, int64_t k, int64_t dim, bool largest, bool /*sorted*/) {
  const int d = wrap_dim(dim, t.dim());
  UNROLL_CHECK(k >= 0 && k <= (t.dim() ? t.sizes()[d] : 1), "selected index k out of range");
  return first_of(t, t.dim() ? k : 1, d, largest, "TopkBackward0");
}

Tensor searchsorted(const Tensor& sorted, const Tensor& values, bool right) {
  UNROLL_CHECK(sorted.dim() > 0, "torch.searchsorted(): boundaries tensor should have positive dimension");
  bool fits = sorted.dim() == 1 || sorted.dim() == values.dim();
  for (int i = 0; i + 1 < sorted.dim() && fits; ++i) fits = sorted.sizes()[i] == values.sizes()[i];
  UNROLL_CHECK(fits,
               "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions "
               "of boundaries tensor and input value tensor must match, but we got boundaries tensor ",
               sorted.sizes(), " and input value tensor ", values.sizes());
  GradMode off(false);
  if (sorted.dtype() != values.dtype()) {
    const DType both = promote_types(sorted.dtype(), values.dtype());
    return searchsorted(to_dtype(sorted, both), to_dtype(values, both), right);
  }
  Tensor places = empty(values.sizes(), DType::Int64, values.device());
  if (values.numel())
    searchsorted_kernel(values.device_type(), places, contiguous(sorted), contiguous(values), sorted.size(-1),
                        values.dim() ? values.size(-1) : 1, sorted.dim() == 1, right);
  return places;
}

}  // namespace unroll
