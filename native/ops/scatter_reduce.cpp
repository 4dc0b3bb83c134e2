// Scattering what is combined where it meets: sums, products, means and extremes.
#include <limits>

#include "autograd/variable.h"
#include "backend/index.h"
#include "ops/geometry.h"
#include "ops/pointwise.h"

namespace unroll {

namespace {

enum class Reduce { Sum, Prod, Mean, Max, Min };

Reduce reduce_named(const std::string& name) {
  if (name == "sum") return Reduce::Sum;
  if (name == "prod") return Reduce::Prod;
  if (name == "mean") return Reduce::Mean;
  if (name == "amax" || name == "max") return Reduce::Max;
  if (name == "amin" || name == "min") return Reduce::Min;
  fail(ErrorKind::Runtime, "reduce argument must be either sum, prod, mean, amax or amin, got ", name);
}

Scattering scattering_of(Reduce reduce) {
  if (reduce == Reduce::Prod) return Scattering::Multiply;
  if (reduce == Reduce::Max) return Scattering::Max;
  return reduce == Reduce::Min ? Scattering::Min : Scattering::Add;
}

/** What changes nothing it is combined with. */
Scalar identity_of(Reduce reduce, DType dtype) {
  if (reduce == Reduce::Prod) return Scalar::of(int64_t{1});
  if (reduce == Reduce::Sum || reduce == Reduce::Mean) return Scalar::of(int64_t{0});
  return visit_computed(computed_in(dtype), [&](auto zero) {
    using T = decltype(zero);
    using Limits = std::numeric_limits<T>;
    if constexpr (Limits::has_infinity)
      return Scalar::of(
          static_cast<double>(reduce == Reduce::Max ? -Limits::infinity() : Limits::infinity()));
    else
      return Scalar::of(static_cast<int64_t>(reduce == Reduce::Max ? Limits::lowest() : Limits::max()));
  });
}

/** One call's arguments, checked. */
struct Call {
  int dim;
  Reduce reduce;
  bool include_self;

  /** How many elements make up each element of the result, at least 1. */
  Tensor counts(const Tensor& t, const Tensor& index, DType dtype) const {
    const Tensor start = full(t.sizes(), Scalar::of(int64_t{include_self}), dtype, t.device());
    const Tensor all =
        scatter_add(start, dim, index, full(index.sizes(), Scalar::of(int64_t{1}), dtype, t.device()));
    return maximum(all, full({}, Scalar::of(int64_t{1}), dtype));
  }

  Tensor forward(const Tensor& t, const Tensor& index, const Tensor& source) const {
    Tensor out = empty(t.sizes(), t.dtype(), t.device());
    copy_kernel(t.device_type(), out, t);
    if (!include_self) {
      const Tensor start = full(index.sizes(), identity_of(reduce, t.dtype()), t.dtype(), t.device());
      scatter_kernel(t.device_type(), out, dim, index, start, Scattering::Write);
    }
    scatter_kernel(t.device_type(), out, dim, index, source, scattering_of(reduce));
    if (reduce != Reduce::Mean) return out;
    const Tensor n = counts(t, index, t.dtype());
    return is_floating(t.dtype()) ? div(out, n) : div_rounded(out, n, "floor");
  }

  Tensors of_product(const Tensor& g, const Tensor& t, const Tensor& index, const Tensor& source,
                     const Tensor& out) const;
  Tensors of_extreme(const Tensor& g, const Tensor& t, const Tensor& index, const Tensor& source,
                     const Tensor& out) const;
  Tensors backward(const Tensor& g, const Tensor& t, const Tensor& index, const Tensor& source,
                   const Tensor& out) const;
};

Tensor zero_of(const Tensor& t) { return zeros({}, t.dtype()); }
Tensor with_ones(const Tensor& t, const Tensor& mask) { return masked_fill(t, mask, Scalar::of(1.0)); }

// A factor that is the only zero of its product gets the product of the others.
Tensors Call::of_product(const Tensor& g, const Tensor& t, const Tensor& index, const Tensor& source,
                         const Tensor& out) const {
  const auto product = [&](const Tensor& a, const Tensor& b) {
    return scatter_reduce(a, dim, index, b, "prod", include_self);
  };
  const Tensor self = with_ones(t, eq(detach(t), zero_of(t)));
  const Tensor of_self = div(mul(g, product(self, source)), self);
  const Tensor is_zero = eq(detach(source), zero_of(source));
  const Tensor zeros_met =
      gather(scatter_add(zeros_beside(t, t.sizes()), dim, index, to_dtype(is_zero, t.dtype())), dim, index);
  const Tensor is_only = bitwise_and(is_zero, eq(zeros_met, full({}, Scalar::of(1.0), t.dtype())));
  const Tensor of_others = gather(mul(g, product(t, with_ones(source, is_only))), dim, index);
  const Tensor usual = div(gather(mul(g, out), dim, index), with_ones(source, is_zero));
  return {of_self, where(is_only, of_others, usual)};
}

// All that equal the result share its gradient evenly.
Tensors Call::of_extreme(const Tensor& g, const Tensor& t, const Tensor& index, const Tensor& source,
                         const Tensor& out) const {
  const Tensor self_is = to_dtype(eq(detach(t), out), t.dtype());
  const Tensor source_is = to_dtype(eq(detach(source), gather(out, dim, index)), t.dtype());
  const Tensor shared = div(g, scatter_add(self_is, dim, index, source_is));
  return {mul(shared, self_is), mul(gather(shared, dim, index), source_is)};
}

Tensors Call::backward(const Tensor& g, const Tensor& t, const Tensor& index, const Tensor& source,
                       const Tensor& out) const {
  Tensors grads;
  if (reduce == Reduce::Sum) grads = {g, gather(g, dim, index)};
  if (reduce == Reduce::Mean) {
    const Tensor shared = div(g, counts(t, index, t.dtype()));
    grads = {shared, gather(shared, dim, index)};
  }
  if (reduce == Reduce::Prod) grads = of_product(g, t, index, source, out);
  if (reduce == Reduce::Max || reduce == Reduce::Min) grads = of_extreme(g, t, index, source, out);
  if (!include_self) grads[0] = scatter(grads[0], dim, index, zeros_beside(g, index.sizes()));
  return grads;
}

}  // namespace

Tensor scatter_reduce(const Tensor& t, int64_t dim, const Tensor& index, const Tensor& source,
                      const std::string& reduce, bool include_self) {
  const Call call{wrap_dim(dim, t.dim()), reduce_named(reduce), include_self};
  UNROLL_CHECK(t.dtype() == source.dtype(), "scatter(): Expected self.dtype to be equal to src.dtype");
  if (index.numel() == 0) return clone(t);
  if (t.dim() == 0)
    return view(
        scatter_reduce(view(t, {1}), 0, reshape(index, {1}), reshape(source, {1}), reduce, include_self), {});
  // The checks of sizes, and of the index's type, are scatter_add's.
  Tensor at = detach(to_dtype(index, DType::Int64)), part = source;
  {
    GradMode off(false);
    scatter_add(t, call.dim, index, source);
  }
  for (int d = 0; d < at.dim(); ++d) part = slice(part, d, 0, at.sizes()[d], 1);
  Tensor out;
  {
    GradMode off(false);
    out = call.forward(t, at, part);
  }
  if (needs_grad(t, part))
    record(out, "ScatterReduceBackward0", {t, part},
           [call, t = Saved(t), at = Saved(at), part = Saved(part), out = Saved::output(out)](
               Node& self, const Tensor& g) -> Tensors {
             return call.backward(g, t.get(self), at.get(self), part.get(self), out.get(self));
           });
  return out;
}

}  // namespace unroll
