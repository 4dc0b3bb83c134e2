#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(values_are_pytorchs) {
  check_unary({{"abs", unroll::abs},
               {"neg", neg},
               {"sign", sign},
               {"exp", unroll::exp},
               {"expm1", unroll::expm1},
               {"log", unroll::log},
               {"log1p", unroll::log1p},
               {"log2", unroll::log2},
               {"log10", unroll::log10},
               {"sqrt", unroll::sqrt},
               {"rsqrt", rsqrt},
               {"square", square},
               {"reciprocal", reciprocal},
               {"sin", unroll::sin},
               {"cos", unroll::cos},
               {"tan", unroll::tan},
               {"erf", unroll::erf},
               {"floor", unroll::floor},
               {"ceil", unroll::ceil},
               {"round", unroll::round},
               {"trunc", unroll::trunc},
               {"clamp", [](const Tensor& t) { return clamp(t, Scalar::of(-1.5), Scalar::of(2.0)); }}});
}

TEST(gradients_agree_with_differences) {
  const Tensor x = some_doubles({2, 3});
  for (auto function : {neg, unroll::abs, unroll::exp, unroll::expm1, square, reciprocal, unroll::sin,
                        unroll::cos, unroll::tan, unroll::erf}) {
    CHECK_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(x)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return function(mul(in[0], in[0])); }, {detach(x)});
  }
  const Tensor positive = add_scalar(unroll::abs(x), Scalar::of(0.2));
  for (auto function : {unroll::log, unroll::log1p, unroll::log2, unroll::log10, unroll::sqrt, rsqrt}) {
    CHECK_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(positive)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(positive)}, 1e-4);
  }
}

TEST(steps_have_gradient_zero) {
  const Tensor x = tensor_of({2}, {1.5, -2.5});
  set_requires_grad(x, true);
  for (auto function : {sign, unroll::floor, unroll::ceil, unroll::round, unroll::trunc}) {
    const Tensors g = grad({function(x)}, {tensor_of({2}, {1, 1})}, {x}, {}, false);
    CHECK(values(g[0]) == (List{0, 0}));
  }
}

TEST(clamp_passes_gradients_between_its_bounds) {
  const Tensor x = doubles({5}, {-3, -1, 0, 1, 3});
  CHECK_GRADIENTS([](const Tensors& in) { return clamp(in[0], Scalar::of(-2.0), Scalar::of(2.0)); },
                  {detach(x)});
  CHECK_GRADIENTS([](const Tensors& in) { return clamp(in[0], Scalar::of(-2.0), {}); }, {detach(x)});
  set_requires_grad(x, true);
  const Tensor y = clamp(x, Scalar::of(-1.0), Scalar::of(1.0));
  CHECK(values(grad({y}, {doubles({5}, {1, 1, 1, 1, 1})}, {x}, {}, false)[0]) == (List{0, 1, 1, 1, 0}));
}

TEST(clamp_in_place_and_of_integers) {
  const Tensor x = tensor_of({3}, {-5, 0, 5}, DType::Int64);
  clamp_(x, Scalar::of(int64_t{-1}), Scalar::of(int64_t{2}));
  CHECK(values(x) == (List{-1, 0, 2}));
  CHECK(clamp(x, Scalar::of(0.5), {}).dtype() == DType::Float32);
  CHECK(thrown_by([&] { clamp_(x, Scalar::of(0.5), {}); }) ==
        "result type Float can't be cast to the desired output type Long");
  CHECK(thrown_by([&] { clamp(x, {}, {}); }) ==
        "torch.clamp: At least one of 'min' or 'max' must not be None");
}

TEST(integers_promote_and_bools_are_refused) {
  CHECK(unroll::exp(counting({3}, DType::Bool)).dtype() == DType::Float32);
  CHECK(unroll::floor(counting({3}, DType::Int16)).dtype() == DType::Int16);
  CHECK(thrown_by([] { unroll::abs(counting({2}, DType::Bool)); }) ==
        "\"abs_cpu\" not implemented for 'Bool'");
  CHECK(thrown_by([] { neg(counting({2}, DType::Bool)); }) ==
        "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
        "use the "
        "`~` or `logical_not()` operator instead.");
}

TEST(any_layout) {
  const Tensor x = counting({3, 4});
  const Tensor y = unroll::exp(transpose(x, 0, 1));
  CHECK(y.strides() == (Dims{1, 4}));
  CHECK_NEAR(values(y)[1], std::exp(4.0), 1e-3);
  CHECK_NEAR(values(unroll::exp(slice(x, 1, 0, 4, 2)))[1], std::exp(2.0), 1e-5);
  CHECK(unroll::exp(empty({0, 3})).sizes() == (Dims{0, 3}));
  CHECK(unroll::exp(tensor_of({}, {0})).dim() == 0);
}
