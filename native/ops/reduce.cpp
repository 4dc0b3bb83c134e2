// Sums and what is built like them: over any dimensions, in fixed chunks combined in order.
#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"
#include "ops/reduction.h"

namespace unroll {

namespace {

/** The type sums and products of `t` are made in: integers widen to int64. */
DType sum_dtype(DType t) { return is_floating(t) ? t : DType::Int64; }

/** A gradient of the result spread over the input's sizes. */
Tensor spread(const Tensor& g, const Dims& sizes, const Dims& dims) {
  return expand(with_reduced_dims(g, sizes, dims), sizes);
}

}  // namespace

Tensor sum(const Tensor& t, const Dims& dims, bool keepdim, std::optional<DType> dtype) {
  if (dtype && is_floating(*dtype) && *dtype != t.dtype()) return sum(to_dtype(t, *dtype), dims, keepdim);
  Tensor out = reduced(Reduction::Sum, t, dims, keepdim, sum_dtype(t.dtype()));
  if (needs_grad(t))
    record(out, dims.empty() ? "SumBackward0" : "SumBackward1", {t},
           [sizes = t.sizes(), dims = wrap_dims(dims, t.dim())](Node&, const Tensor& g) -> Tensors {
             return {spread(g, sizes, dims)};
           });
  return dtype ? to_dtype(out, *dtype) : out;
}

Tensor mean(const Tensor& t, const Dims& dims, bool keepdim) {
  UNROLL_CHECK(is_floating(t.dtype()),
               "mean(): could not infer output dtype. Input dtype must be either a floating point or complex "
               "dtype. Got: ",
               scalar_type_name(t.dtype()));
  Tensor out = reduced(Reduction::Mean, t, dims, keepdim, t.dtype());
  if (needs_grad(t))
    record(out, dims.empty() ? "MeanBackward0" : "MeanBackward1", {t},
           [sizes = t.sizes(), dims = wrap_dims(dims, t.dim())](Node&, const Tensor& g) -> Tensors {
             const double n = static_cast<double>(reduced_numel(sizes, dims));
             return {spread(div_scalar(g, Scalar::of(n)), sizes, dims)};
           });
  return out;
}

namespace {

bool has_zero(const Tensor& t) {
  return only_element<bool>(any(eq(detach(t), zeros({}, t.dtype())), {}, false));
}

/** For each element along dim the product of those before it. */
Tensor product_before(const Tensor& t, int64_t dim) {
  const int64_t n = t.size(dim);
  Dims one = t.sizes();
  one[static_cast<int>(dim)] = 1;
  return cumprod(cat({full(one, Scalar::of(1.0), t.dtype(), t.device()), slice(t, dim, 0, n - 1, 1)}, dim),
                 dim);
}

// d(prod)/dx is the product of all the others: result / x, or, where an x is zero, of those before and after.
Tensor prod_backward(const Tensor& g, const Tensor& t, const Tensor& result, int dim) {
  if (!has_zero(t)) return div(mul(g, result), t);
  const Tensor after = flip(product_before(flip(t, {dim}), dim), {dim});
  return mul(g, mul(product_before(t, dim), after));
}

}  // namespace

Tensor prod(const Tensor& t) {
  Tensor out = reduced(Reduction::Prod, t, {}, false, sum_dtype(t.dtype()));
  if (needs_grad(t))
    record(out, "ProdBackward0", {t},
           [t = Saved(t), result = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = t.get(self);
             return {view(prod_backward(g, reshape(x, {-1}), result.get(self), 0), x.sizes())};
           });
  return out;
}

Tensor prod_dim(const Tensor& t, int64_t dim, bool keepdim) {
  const int d = wrap_dim(dim, t.dim());
  if (t.dim() == 0) return prod(t);
  Tensor out = reduced(Reduction::Prod, t, {d}, keepdim, sum_dtype(t.dtype()));
  if (needs_grad(t))
    record(out, "ProdBackward1", {t},
           [t = Saved(t), result = Saved::output(out), d](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = t.get(self);
             return {prod_backward(with_reduced_dims(g, x.sizes(), {d}), x,
                                   with_reduced_dims(result.get(self), x.sizes(), {d}), d)};
           });
  return out;
}

Tensor any(const Tensor& t, const Dims& dims, bool keepdim) {
  return reduced(Reduction::Any, t, dims, keepdim, t.dtype() == DType::UInt8 ? DType::UInt8 : DType::Bool);
}

Tensor all(const Tensor& t, const Dims& dims, bool keepdim) {
  return reduced(Reduction::All, t, dims, keepdim, t.dtype() == DType::UInt8 ? DType::UInt8 : DType::Bool);
}

Tensor cumsum(const Tensor& t, int64_t dim) {
  const int d = wrap_dim(dim, t.dim());
  Tensor out = empty(t.sizes(), sum_dtype(t.dtype()), t.device());
  {
    GradMode off(false);
    ReduceShape shape;
    for (int i = 0; i < t.dim(); ++i)
      (i < d ? shape.outer : i == d ? shape.reduced : shape.inner) *= t.sizes()[i];
    cumsum_kernel(t.device_type(), out, contiguous(t), shape);
  }
  if (needs_grad(t))
    record(out, "CumsumBackward0", {t}, [d](Node&, const Tensor& g) -> Tensors {
      if (g.dim() == 0) return {g};
      return {flip(cumsum(flip(g, {d}), d), {d})};
    });
  return out;
}

Tensor sum_to(const Tensor& grad, const Dims& sizes) {
  if (grad.sizes() == sizes) return grad;
  const int added = grad.dim() - sizes.size();
  Dims dims;
  for (int i = 0; i < grad.dim(); ++i)
    if (grad.sizes()[i] != (i < added ? 1 : sizes[i - added])) dims.push_back(i);
  return view(dims.empty() ? grad : sum(grad, dims, true), sizes);
}

}  // namespace unroll
