#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;

TEST(values_are_pytorchs) {
  check_unary({{"exp2", unroll::exp2},
               {"sinc", sinc},
               {"erfc", unroll::erfc},
               {"erfinv", erfinv},
               {"lgamma", unroll::lgamma},
               {"digamma", digamma},
               {"i0", i0},
               {"i1", i1},
               {"trigamma", [](const Tensor& t) { return polygamma(1, t); }}});
  check_binary({{"xlogy", xlogy}, {"logaddexp", logaddexp}});
}

TEST(erfinv_is_the_inverse_of_erf) {
  for (double y : {-0.999999, -0.7, -1e-9, 0.0, 0.3, 0.5, 0.97, 0.99999999})
    CHECK_NEAR(values(unroll::erf(erfinv(doubles({1}, {y}))))[0], y, 1e-15);
  CHECK(std::isnan(values(erfinv(doubles({1}, {1.5})))[0]));
}

TEST(gradients_agree_with_differences) {
  const Tensor x = some_doubles({2, 3}), positive = add_scalar(unroll::abs(x), Scalar::of(0.3));
  for (auto function : {unroll::exp2, sinc, unroll::erfc, i0, i1}) {
    CHECK_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(x)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(x)}, 1e-4);
  }
  const Tensor inside = mul_scalar(x, Scalar::of(0.7));
  CHECK_GRADIENTS([](const Tensors& in) { return erfinv(in[0]); }, {detach(inside)});
  CHECK_GRADIENTS([](const Tensors& in) { return unroll::lgamma(in[0]); }, {detach(positive)});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return unroll::lgamma(in[0]); }, {detach(positive)}, 1e-4);
  CHECK_GRADIENTS([](const Tensors& in) { return polygamma(2, in[0]); }, {detach(positive)}, 1e-4);
  CHECK_GRADIENTS([](const Tensors& in) { return xlogy(in[0], in[1]); }, {detach(x), detach(positive)});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return xlogy(in[0], in[1]); }, {detach(x), detach(positive)},
                         1e-4);
  CHECK_GRADIENTS([](const Tensors& in) { return logaddexp(in[0], in[1]); },
                  {detach(x), some_doubles({3}, 4)});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return logaddexp(in[0], in[1]); },
                         {detach(x), some_doubles({3}, 4)});
}

TEST(polygamma_refuses_negative_orders) {
  CHECK(check::thrown_by([] { polygamma(-1, counting({2})); }) ==
        "polygamma(n, x) does not support negative n.");
}
