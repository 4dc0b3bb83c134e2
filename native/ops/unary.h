// How a function of one tensor of floating point is declared: its kernel's operation and its derivative.
#pragma once

#include "ops/pointwise.h"

namespace unroll {

inline Scalar number(double value) { return Scalar::of(value); }

/** A function of floating point, its derivative a formula of the input. */
template <class Derivative>
Tensor by_input(PointwiseOp op, const Tensor& a, const char* name, Derivative derivative,
                const Numbers& numbers = {}) {
  Tensor out = pointwise(op, floating_type(a.dtype()), {a}, numbers);
  if (needs_grad(a))
    record(out, name, {a}, [a = Saved(a), derivative](Node& self, const Tensor& g) -> Tensors {
      return {derivative(g, a.get(self))};
    });
  return out;
}

/** The same, its derivative a formula of the result. */
template <class Derivative>
Tensor by_output(PointwiseOp op, const Tensor& a, const char* name, Derivative derivative,
                 const Numbers& numbers = {}) {
  Tensor out = pointwise(op, floating_type(a.dtype()), {a}, numbers);
  if (needs_grad(a))
    record(out, name, {a}, [out = Saved::output(out), derivative](Node& self, const Tensor& g) -> Tensors {
      return {derivative(g, out.get(self))};
    });
  return out;
}

}  // namespace unroll
