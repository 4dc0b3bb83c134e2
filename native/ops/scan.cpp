// Running products, extremes and log-sum-exps along a dimension.
#include <limits>

#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"
#include "ops/reduction.h"

namespace unroll {

namespace {

/** One run of the kernel over `t`, without history; `indices` too where the scan has places. */
void scan(Scan op, const Tensor& t, int d, const Tensor& out, const Tensor& indices = {}) {
  GradMode off(false);
  ReduceShape shape;
  for (int i = 0; i < t.dim(); ++i)
    (i < d ? shape.outer : i == d ? shape.reduced : shape.inner) *= t.sizes()[i];
  if (t.numel()) scan_kernel(t.device_type(), op, out, indices, contiguous(t), shape);
}

/** Sums from each element on to the end. */
Tensor sums_onwards(const Tensor& t, int d) { return flip(cumsum(flip(t, {d}), d), {d}); }

// d(y_j)/d(x_k) = y_j / x_k for j >= k. Where an x is zero the k-th gradient is found with x_k set to one.
Tensor cumprod_backward(const Tensor& g, const Tensor& x, const Tensor& y, int d) {
  const Tensor is_zero = eq(detach(x), zeros({}, x.dtype()));
  if (!only_element<bool>(any(is_zero, {}, false))) return div(sums_onwards(mul(g, y), d), x);
  const int64_t n = x.size(d);
  Tensors parts;
  for (int64_t k = 0; k < n; ++k) {
    Dims one = x.sizes();
    one[d] = 1;
    const Tensor without = cat(
        {slice(x, d, 0, k, 1), full(one, Scalar::of(1.0), x.dtype(), x.device()), slice(x, d, k + 1, n, 1)},
        d);
    const Tensor products = slice(cumprod(without, d), d, k, n, 1);
    parts.push_back(sum(mul(slice(g, d, k, n, 1), products), {d}, true));
  }
  return cat(parts, d);
}

Tensor reverse_logcumsumexp(const Tensor& t, int d) { return flip(logcumsumexp(flip(t, {d}), d), {d}); }

// The sum over j >= k of g_j exp(x_k - y_j), the positive and the negative g apart so that each has a
// logarithm.
Tensor logcumsumexp_backward(const Tensor& g, const Tensor& x, const Tensor& y, int d) {
  const Tensor zero = zeros({}, g.dtype());
  const Scalar nothing = Scalar::of(-1e30);  // its exponential is 0, and its differences stay finite
  const auto part = [&](const Tensor& magnitude) {
    const Tensor is_absent = le(detach(magnitude), zero);
    const Tensor logs =
        masked_fill(log(masked_fill(magnitude, is_absent, Scalar::of(1.0))), is_absent, nothing);
    return exp(add(reverse_logcumsumexp(sub(logs, y), d), x));
  };
  return sub(part(g), part(neg(g)));
}

Tensor2 running_extreme(const Tensor& t, int64_t dim, Scan op, const char* name) {
  const int d = wrap_dim(dim, t.dim());
  Tensor values = empty(t.sizes(), t.dtype(), t.device()),
         indices = empty(t.sizes(), DType::Int64, t.device());
  scan(op, t, d, values, indices);
  if (needs_grad(t))
    record(values, name, {t}, [index = Saved(indices), d](Node& self, const Tensor& g) -> Tensors {
      return {scatter_add(zeros_beside(g, g.sizes()), d, index.get(self), g)};
    });
  return {values, indices};
}

}  // namespace

Tensor cumprod(const Tensor& t, int64_t dim) {
  const int d = wrap_dim(dim, t.dim());
  Tensor out = empty(t.sizes(), is_floating(t.dtype()) ? t.dtype() : DType::Int64, t.device());
  scan(Scan::Prod, t, d, out);
  if (needs_grad(t))
    record(out, "CumprodBackward0", {t},
           [t = Saved(t), out = Saved::output(out), d](Node& self, const Tensor& g) -> Tensors {
             if (g.dim() == 0) return {g};
             return {cumprod_backward(g, t.get(self), out.get(self), d)};
           });
  return out;
}

Tensor logcumsumexp(const Tensor& t, int64_t dim) {
  UNROLL_CHECK_KIND(NotImplemented, is_floating(t.dtype()), "\"logcumsumexp_out_cpu\" not implemented for '",
                    scalar_type_name(t.dtype()), "'");
  const int d = wrap_dim(dim, t.dim());
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  scan(Scan::LogSumExp, t, d, out);
  if (needs_grad(t))
    record(out, "LogcumsumexpBackward0", {t},
           [t = Saved(t), out = Saved::output(out), d](Node& self, const Tensor& g) -> Tensors {
             if (g.dim() == 0) return {g};
             return {logcumsumexp_backward(g, t.get(self), out.get(self), d)};
           });
  return out;
}

Tensor2 cummax(const Tensor& t, int64_t dim) { return running_extreme(t, dim, Scan::Max, "CummaxBackward0"); }
Tensor2 cummin(const Tensor& t, int64_t dim) { return running_extreme(t, dim, Scan::Min, "CumminBackward0"); }

}  // namespace unroll
