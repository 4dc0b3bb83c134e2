// Advanced indexing: elements named by tensors of integers or by masks, read and written.
#include "backend/index.h"

#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

namespace {

bool is_mask(const Tensor& index) { return index.dtype() == DType::Bool || index.dtype() == DType::UInt8; }

void append_mask(Tensors& expanded, const Tensor& t, const Tensor& mask, size_t position) {
  UNROLL_CHECK_KIND(Index, mask.dim() > 0, "a mask without dimensions is not supported as an index");
  const int first = static_cast<int>(expanded.size());
  UNROLL_CHECK_KIND(Index, first + mask.dim() <= t.dim(), "too many indices for tensor of dimension ",
                    t.dim());
  for (int d = 0; d < mask.dim(); ++d)
    UNROLL_CHECK_KIND(Index, mask.sizes()[d] == t.sizes()[first + d], "The shape of the mask ", mask.sizes(),
                      " at index ", d, " does not match the shape of the indexed tensor ", t.sizes(),
                      " at index ", static_cast<int64_t>(position) + d);
  const Tensor places = nonzero(mask);
  for (int d = 0; d < mask.dim(); ++d) expanded.push_back(select(places, 1, d));
}

std::string shapes_of(const Tensors& indices) {
  std::string shapes;
  for (const Tensor& index : indices)
    if (index.defined()) shapes += (shapes.empty() ? "" : ", ") + text(index.sizes());
  return shapes;
}

/** `indices` as int64 tensors of one shape, masks as the places where they are not zero, one a dimension. */
Tensors expanded_indices(const Tensor& t, const Tensors& indices) {
  UNROLL_CHECK_KIND(Index, !indices.empty(), "at least one index must be provided");
  GradMode off(false);
  Tensors expanded;
  for (size_t i = 0; i < indices.size(); ++i) {
    if (!indices[i].defined()) {
      expanded.emplace_back();
      continue;
    }
    const Tensor index = to_device(indices[i], t.device());  // they may lie on the processor
    if (is_mask(index)) {
      append_mask(expanded, t, index, i);
    } else {
      UNROLL_CHECK_KIND(Index, index.dtype() == DType::Int64 || index.dtype() == DType::Int32,
                        "tensors used as indices must be long, int, byte or bool tensors");
      expanded.push_back(to_dtype(index, DType::Int64));
    }
  }
  UNROLL_CHECK_KIND(Index, static_cast<int>(expanded.size()) <= t.dim(),
                    "too many indices for tensor of dimension ", t.dim());
  Dims sizes;
  try {
    for (const Tensor& index : expanded)
      if (index.defined()) sizes = broadcast_sizes(sizes, index.sizes());
  } catch (const Error&) {
    fail(ErrorKind::Index, "shape mismatch: indexing tensors could not be broadcast together with shapes ",
         shapes_of(expanded));
  }
  for (Tensor& index : expanded)
    if (index.defined()) index = detach(contiguous(index.sizes() == sizes ? index : expand(index, sizes)));
  return expanded;
}

/** The places `indices` (as expanded_indices made them) name in t, and the sizes of what lies there. */
struct Plan {
  Indexing indexing;
  Dims sizes;

  Plan(const Tensor& t, const Tensors& indices) {
    int first = -1, last = -1, defined = 0;
    for (int d = 0; d < static_cast<int>(indices.size()); ++d) {
      const Tensor& index = indices[static_cast<size_t>(d)];
      if (!index.defined()) continue;
      if (first < 0) first = d;
      last = d;
      ++defined;
      indexing.indexed.push_back({index, t.sizes()[d], t.strides()[d], d});
    }
    // Indices side by side leave their dimension where they stood; with others between them it comes first.
    const bool in_place = last - first + 1 == defined;
    for (int d = 0; d < t.dim(); ++d) {
      if (d < static_cast<int>(indices.size()) && indices[static_cast<size_t>(d)].defined()) continue;
      const bool is_before = in_place && d < first;
      (is_before ? indexing.before_sizes : indexing.after_sizes).push_back(t.sizes()[d]);
      (is_before ? indexing.before_strides : indexing.after_strides).push_back(t.strides()[d]);
    }
    const Tensor& shape = indices[static_cast<size_t>(first)];
    indexing.count = shape.numel();
    for (const Dims& part : {indexing.before_sizes, shape.sizes(), indexing.after_sizes})
      for (int64_t size : part) sizes.push_back(size);
  }
};

bool any_defined(const Tensors& indices) {
  return std::any_of(indices.begin(), indices.end(), [](const Tensor& index) { return index.defined(); });
}

std::vector<Saved> saved_all(const Tensors& tensors) { return {tensors.begin(), tensors.end()}; }
Tensors get_all(const std::vector<Saved>& saved, Node& self) {
  Tensors tensors;
  for (const Saved& s : saved) tensors.push_back(s.get(self));
  return tensors;
}

Tensor put(const Tensor& t, const Tensors& indices, const Tensor& values, bool accumulate);

/** `indices` expanded; `name` as the backward graph shows it. */
Tensor take(const Tensor& t, const Tensors& indices, const char* name) {
  const Plan plan(t, indices);
  Tensor out = empty(plan.sizes, t.dtype(), t.device());
  index_kernel(t.device_type(), out, t, plan.indexing);
  if (needs_grad(t))
    record(out, name, {t},
           [saved = saved_all(indices), sizes = t.sizes()](Node& self, const Tensor& g) -> Tensors {
             return {put(zeros_beside(g, sizes), get_all(saved, self), g, true)};
           });
  return out;
}

void put_into(const Tensor& t, const Tensors& indices, const Tensor& values, bool accumulate) {
  GradMode off(false);
  const Plan plan(t, indices);
  for (const Indexing::Indexed& each : plan.indexing.indexed)
    UNROLL_CHECK_KIND(Index, each.size > 0 || plan.indexing.count == 0,
                      "index is out of bounds for dimension with size 0");
  const bool fits = values.dim() <= plan.sizes.size() && [&] {
    for (int i = 1; i <= values.dim(); ++i) {
      const int64_t size = values.sizes()[values.dim() - i];
      if (size != 1 && size != plan.sizes[plan.sizes.size() - i]) return false;
    }
    return true;
  }();
  UNROLL_CHECK(fits, "shape mismatch: value tensor of shape ", values.sizes(),
               " cannot be broadcast to indexing result of shape ", plan.sizes);
  const bool shares_memory = &values.storage() == &t.storage();
  const Tensor dense = contiguous(expand(shares_memory ? clone(values) : values, plan.sizes));
  index_put_kernel(t.device_type(), t, dense, plan.indexing, accumulate);
}

/** A copy of t with values put or added; `indices` expanded. */
Tensor put(const Tensor& t, const Tensors& indices, const Tensor& values, bool accumulate) {
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  copy_kernel(t.device_type(), out, t);
  put_into(out, indices, values, accumulate);
  if (needs_grad(t, values))
    record(out, "IndexPutBackward0", {t, values},
           [saved = saved_all(indices), sizes = values.sizes(), accumulate](Node& self,
                                                                            const Tensor& g) -> Tensors {
             const Tensors places = get_all(saved, self);
             Tensors grads(2);
             if (self.needs(0)) grads[0] = accumulate ? g : put(g, places, zeros_beside(g, {}), false);
             if (self.needs(1)) grads[1] = sum_to(take(g, places, "IndexBackward0"), sizes);
             return grads;
           });
  return out;
}

}  // namespace

Tensor index(const Tensor& t, const Tensors& indices) {
  const Tensors expanded = expanded_indices(t, indices);
  return any_defined(expanded) ? take(t, expanded, "IndexBackward0") : clone(t);
}

Tensor index_put_(const Tensor& self, const Tensors& indices, const Tensor& given, bool accumulate) {
  const Tensor values = given.dim() == 0 ? to_device(given, self.device()) : given;
  UNROLL_CHECK(self.dtype() == values.dtype(),
               "Index put requires the source and destination dtypes match, got ",
               scalar_type_name(self.dtype()), " for the destination and ", scalar_type_name(values.dtype()),
               " for the source.");
  const Tensors expanded = expanded_indices(self, indices);
  if (!any_defined(expanded)) return accumulate ? add_(self, values) : copy_(self, values);
  in_place(
      self, needs_grad(values), [&] { put_into(self, expanded, values, accumulate); },
      [&](const Tensor& old) { return put(old, expanded, values, accumulate); });
  return self;
}

Tensor index_select(const Tensor& t, int64_t dim, const Tensor& index) {
  UNROLL_CHECK_KIND(Index, index.dim() <= 1, "index_select(): Index is supposed to be a vector");
  UNROLL_CHECK(index.dtype() == DType::Int64 || index.dtype() == DType::Int32,
               "index_select(): Expected dtype int32 or int64 for index");
  const int d = wrap_dim(dim, t.dim());
  const Tensor source = t.dim() ? t : view(t, {1});
  Tensors places(static_cast<size_t>(d) + 1);
  const Tensor here = to_device(index, t.device());  // it may lie on the processor
  places.back() = detach(contiguous(to_dtype(here.dim() ? here : view(here, {1}), DType::Int64)));
  Plan plan(source, places);
  plan.indexing.is_select = true;
  Tensor out = empty(t.dim() ? plan.sizes : Dims{}, t.dtype(), t.device());
  UNROLL_CHECK_KIND(Index, t.dim() || index.numel() == 1,
                    "index_select(): Index to scalar can have only 1 value, got ", index.numel(),
                    " value(s)");
  index_kernel(t.device_type(), out, source, plan.indexing);
  if (needs_grad(t))
    record(out, "IndexSelectBackward0", {t},
           [places = saved_all(places), sizes = t.sizes(), whole = source.sizes()](
               Node& self, const Tensor& g) -> Tensors {
             const Tensors at = get_all(places, self);
             return {view(put(zeros_beside(g, whole), at, sizes.empty() ? view(g, {1}) : g, true), sizes)};
           });
  return out;
}

Tensor masked_select(const Tensor& t, const Tensor& mask) {
  UNROLL_CHECK(mask.dtype() == DType::Bool, "masked_select: expected BoolTensor for mask");
  // The mask is the script's first operand in PyTorch's error message.
  const Dims sizes = broadcast_sizes(mask.sizes(), t.sizes());
  if (sizes.empty()) return masked_select(view(t, {1}), view(mask, {1}));
  const Tensor whole = expand(t, sizes);
  return take(whole, expanded_indices(whole, {expand(mask, sizes)}), "MaskedSelectBackward0");
}

Tensor nonzero(const Tensor& t) {
  Tensor places;
  nonzero_kernel(t.device_type(), places, t);
  return places;
}

}  // namespace unroll
