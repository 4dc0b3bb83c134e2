// Dropout: each element is zero with probability p, the others are scaled by 1 / (1 - p).
#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** An uninitialised tensor of t's sizes that lies in memory in t's order, where t has no gaps. */
Tensor laid_out_as(const Tensor& t) {
  return t.is_dense() ? empty_strided(t.sizes(), t.strides(), t.dtype(), t.device())
                      : empty(t.sizes(), t.dtype(), t.device());
}

/** What the elements are multiplied with. The mask is drawn in the order of memory, as PyTorch draws it. */
Tensor scaled_mask(const Tensor& t, double p, Generator& generator) {
  Tensor mask = laid_out_as(t);
  if (p == 1) return fill_(mask, Scalar::of(0.0));
  bernoulli_(alias(mask, {mask.numel()}, {1}, 0), 1 - p, generator);
  return div_scalar_(mask, Scalar::of(1 - p));
}

}  // namespace

Tensor dropout(const Tensor& t, double p, bool training, Generator& generator) {
  UNROLL_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  if (p == 0 || !training || t.numel() == 0) return t;
  UNROLL_CHECK(is_floating(t.dtype()), "result type Float can't be cast to the desired output type ",
               scalar_type_name(t.dtype()));
  Tensor mask;
  {
    GradMode off(false);
    mask = scaled_mask(t, p, generator);
  }
  return mul(t, mask);
}

}  // namespace unroll
