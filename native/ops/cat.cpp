// Tensors joined along a dimension they have, or along a new one.
#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** PyTorch lets an empty list stand among tensors of any rank: it adds nothing. */
bool is_skipped(const Tensor& t) { return t.dim() == 1 && t.numel() == 0; }

/** The first tensor that counts, whose rank and sizes the others must have; the first of all where none does.
 */
const Tensor& model_of(const Tensors& tensors) {
  for (const Tensor& t : tensors)
    if (!is_skipped(t)) return t;
  return tensors[0];
}

DType common_dtype(const Tensors& tensors) {
  DType dtype = tensors[0].dtype();
  for (const Tensor& t : tensors) dtype = promote_types(dtype, t.dtype());
  return dtype;
}

void check_joinable(const Tensors& tensors, const Tensor& model, int d) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    if (is_skipped(t)) continue;
    UNROLL_CHECK(t.dim() == model.dim(), "Tensors must have same number of dimensions: got ", model.dim(),
                 " and ", t.dim());
    for (int k = 0; k < t.dim(); ++k)
      UNROLL_CHECK(k == d || t.sizes()[k] == model.sizes()[k],
                   "Sizes of tensors must match except in dimension ", d, ". Expected size ",
                   model.sizes()[k], " but got size ", t.sizes()[k], " for tensor number ", i,
                   " in the list.");
  }
}

}  // namespace

Tensor cat(const Tensors& tensors, int64_t dim) {
  UNROLL_CHECK_KIND(Value, !tensors.empty(), "torch.cat(): expected a non-empty list of Tensors");
  for (size_t i = 0; i < tensors.size(); ++i)
    UNROLL_CHECK(tensors[i].dim() > 0, "zero-dimensional tensor (at position ", i,
                 ") cannot be concatenated");
  const Tensor& model = model_of(tensors);
  if (is_skipped(model)) return empty({0}, common_dtype(tensors), model.device());
  const int d = wrap_dim(dim, model.dim());
  check_joinable(tensors, model, d);

  Dims sizes = model.sizes();
  std::vector<int64_t> starts;
  sizes[d] = 0;
  for (const Tensor& t : tensors) {
    starts.push_back(sizes[d]);
    if (!is_skipped(t)) sizes[d] += t.sizes()[d];
  }
  Tensor out = empty(sizes, common_dtype(tensors), model.device());
  for (size_t i = 0; i < tensors.size(); ++i)
    if (!is_skipped(tensors[i]))
      copy_kernel(out.device_type(),
                  alias(out, tensors[i].sizes(), out.strides(), starts[i] * out.strides()[d]), tensors[i]);
  if (needs_grad(tensors)) {
    std::vector<Dims> pieces;
    for (const Tensor& t : tensors) pieces.push_back(t.sizes());
    record(
        out, "CatBackward0", tensors,
        [d, starts = std::move(starts), pieces = std::move(pieces)](Node& self, const Tensor& g) -> Tensors {
          Tensors grads(pieces.size());
          for (size_t i = 0; i < pieces.size(); ++i)
            if (self.needs(static_cast<int>(i)))
              grads[i] = pieces[i] == Dims{0} ? zeros({0}, g.dtype(), g.device())
                                              : slice(g, d, starts[i], starts[i] + pieces[i][d], 1);
          return grads;
        });
  }
  return out;
}

Tensor stack(const Tensors& tensors, int64_t dim) {
  UNROLL_CHECK(!tensors.empty(), "stack expects a non-empty TensorList");
  const Tensor& first = tensors[0];
  const int d = wrap_dim(dim, first.dim() + 1);
  for (size_t i = 1; i < tensors.size(); ++i)
    UNROLL_CHECK(tensors[i].sizes() == first.sizes(), "stack expects each tensor to be equal size, but got ",
                 first.sizes(), " at entry 0 and ", tensors[i].sizes(), " at entry ", i);
  Dims sizes = first.sizes();
  sizes.insert(d, static_cast<int64_t>(tensors.size()));
  Tensor out = empty(sizes, common_dtype(tensors), first.device());
  Dims strides = out.strides();
  strides.erase(d);
  for (size_t i = 0; i < tensors.size(); ++i)
    copy_kernel(out.device_type(),
                alias(out, first.sizes(), strides, static_cast<int64_t>(i) * out.strides()[d]), tensors[i]);
  if (needs_grad(tensors))
    record(out, "StackBackward0", tensors, [d, n = tensors.size()](Node& self, const Tensor& g) -> Tensors {
      Tensors grads(n);
      for (size_t i = 0; i < n; ++i)
        if (self.needs(static_cast<int>(i))) grads[i] = select(g, d, static_cast<int64_t>(i));
      return grads;
    });
  return out;
}

}  // namespace unroll
