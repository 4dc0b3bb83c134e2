#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;

TEST(values_are_pytorchs) {
  check_unary({{"sinh", unroll::sinh},
               {"cosh", unroll::cosh},
               {"asin", unroll::asin},
               {"acos", unroll::acos},
               {"atan", unroll::atan},
               {"asinh", unroll::asinh},
               {"acosh", unroll::acosh},
               {"atanh", unroll::atanh}});
  check_binary({{"atan2", unroll::atan2}});
  // Of floating point only: the golden file has no integers for it.
  check_binary({{"hypot", unroll::hypot}});
}

TEST(gradients_agree_with_differences) {
  const Tensor x = some_doubles({2, 3});
  const Tensor beyond = add_scalar(unroll::abs(x), Scalar::of(1.2));
  for (auto function : {unroll::sinh, unroll::cosh, unroll::atan, unroll::asinh}) {
    CHECK_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(x)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(x)});
  }
  const Tensor inside = mul_scalar(x, Scalar::of(0.7));
  for (auto function : {unroll::asin, unroll::acos, unroll::atanh}) {
    CHECK_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(inside)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(inside)}, 1e-4);
  }
  CHECK_GRADIENTS([](const Tensors& in) { return unroll::acosh(in[0]); }, {detach(beyond)});
  for (auto function : {unroll::atan2, unroll::hypot}) {
    CHECK_GRADIENTS([&](const Tensors& in) { return function(in[0], in[1]); },
                    {detach(x), some_doubles({2, 3}, 2)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return function(in[0], in[1]); },
                           {detach(x), some_doubles({3}, 3)}, 1e-4);
  }
}
