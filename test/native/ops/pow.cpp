#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(values_are_pytorchs) {
  check_binary({{"pow", unroll::pow}, {"maximum", maximum}, {"minimum", minimum}});
  check_unary({{"pow3", [](const Tensor& t) { return pow_scalar(t, Scalar::of(int64_t{3})); }},
               {"pow_half", [](const Tensor& t) { return pow_scalar(t, Scalar::of(0.5)); }},
               {"pow_minus_one", [](const Tensor& t) { return pow_scalar(t, Scalar::of(-1.0)); }},
               {"two_to", [](const Tensor& t) { return scalar_pow(Scalar::of(2.0), t); }}});
}

TEST(whole_powers) {
  CHECK(values(pow_scalar(integers({3}, {-2, 0, 3}), Scalar::of(int64_t{3}))) == (List{-8, 0, 27}));
  CHECK(values(pow_scalar(integers({1}, {7}), Scalar::of(int64_t{0}))) == (List{1}));
  CHECK(thrown_by([] { pow_scalar(integers({1}, {2}), Scalar::of(int64_t{-1})); }) ==
        "Integers to negative integer powers are not allowed.");
  CHECK(pow_scalar(integers({1}, {2}), Scalar::of(0.5)).dtype() == DType::Float32);
}

TEST(gradients_agree_with_differences) {
  const Tensor x = add_scalar(unroll::abs(some_doubles({2, 3})), Scalar::of(0.3));
  const auto power = [](const Tensors& in) { return unroll::pow(in[0], in[1]); };
  CHECK_GRADIENTS(power, {detach(x), some_doubles({3}, 2)});
  CHECK_SECOND_GRADIENTS(power, {detach(x), some_doubles({3}, 2)}, 1e-4);
  for (double exponent : {0.0, 0.5, -0.5, -1.0, 1.0, 2.0, 3.0, 2.7})
    CHECK_GRADIENTS([=](const Tensors& in) { return pow_scalar(in[0], Scalar::of(exponent)); }, {detach(x)});
  for (double base : {2.0, 0.5})
    CHECK_GRADIENTS([=](const Tensors& in) { return scalar_pow(Scalar::of(base), in[0]); },
                    {some_doubles({3})});
  const auto larger = [](const Tensors& in) { return maximum(in[0], in[1]); };
  const auto smaller = [](const Tensors& in) { return minimum(in[0], in[1]); };
  CHECK_GRADIENTS(larger, {some_doubles({2, 3}), some_doubles({3}, 2)});
  CHECK_GRADIENTS(smaller, {some_doubles({2, 3}), some_doubles({3}, 2)});
}

TEST(gradients_at_zero_are_finite) {
  const Tensor base = doubles({2}, {0, 0}), exponent = doubles({2}, {0, 2});
  set_requires_grad(base, true);
  set_requires_grad(exponent, true);
  const Tensors g = grad({unroll::pow(base, exponent)}, {doubles({2}, {1, 1})}, {base, exponent}, {}, false);
  CHECK(values(g[0]) == (List{0, 0}));
  CHECK(values(g[1]) == (List{0, 0}));
}

TEST(equal_operands_share_the_gradient) {
  const Tensor a = doubles({3}, {1, 2, 3}), b = doubles({3}, {1, 5, 0});
  set_requires_grad(a, true);
  set_requires_grad(b, true);
  const Tensors g = grad({maximum(a, b)}, {doubles({3}, {1, 1, 1})}, {a, b}, {}, false);
  CHECK(values(g[0]) == (List{0.5, 0, 1}));
  CHECK(values(g[1]) == (List{0.5, 1, 0}));
}
