#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(values_are_pytorchs) {
  check_binary({{"div", unroll::div},
                {"div_floor", [](const Tensor& a, const Tensor& b) { return div_rounded(a, b, "floor"); }},
                {"div_trunc", [](const Tensor& a, const Tensor& b) { return div_rounded(a, b, "trunc"); }},
                {"remainder", unroll::remainder},
                {"fmod", unroll::fmod}});
}

TEST(whole_division_by_zero_is_an_error) {
  const Tensor a = integers({600}, List(600, 3.0)), b = integers({600}, List(600, 1.0));
  b.data<int64_t>()[599] = 0;
  CHECK(thrown_by([&] { div_rounded(a, b, "floor"); }) == "ZeroDivisionError");
  CHECK(thrown_by([&] { unroll::remainder(a, b); }) == "ZeroDivisionError");
  CHECK(std::isinf(values(unroll::div(a, b))[599]));
  CHECK(thrown_by([&] { div_rounded(a, b, "up"); }) ==
        "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found 'up'");
}

TEST(the_quotient_that_does_not_fit_wraps_around) {
  const Tensor least = full({1}, Scalar::of(INT64_MIN), DType::Int64), minus_one = integers({1}, {-1});
  CHECK(div_rounded(least, minus_one, "floor").data<int64_t>()[0] == INT64_MIN);
  CHECK(unroll::remainder(least, minus_one).data<int64_t>()[0] == 0);
}

TEST(numbers_and_in_place) {
  CHECK(values(div_scalar(integers({2}, {1, 3}), Scalar::of(int64_t{2}))) == (List{0.5, 1.5}));
  const Tensor t = tensor_of({2}, {1, 3});
  div_(t, tensor_of({}, {2}));
  div_scalar_(t, Scalar::of(0.5));
  CHECK(values(t) == (List{1, 3}));
  CHECK(thrown_by([] { div_(integers({1}, {1}), integers({1}, {1})); }) ==
        "result type Float can't be cast to the desired output type Long");
}

TEST(addcdiv_divides) {
  const Tensor t = tensor_of({2}, {1, 2}), a = tensor_of({2}, {3, 4}), b = tensor_of({2}, {2, 8});
  CHECK(values(addcdiv(t, a, b, 2)) == (List{4, 3}));
  addcdiv_(t, a, b, -2);
  CHECK(values(t) == (List{-2, 1}));
  CHECK(thrown_by([] {
          addcdiv(counting({1}), integers({1}, {1}), integers({1}, {1}), 1);
        }).starts_with("Integer division with addcdiv is no longer supported"));
}

TEST(gradients_agree_with_differences) {
  const auto quotient = [](const Tensors& in) { return unroll::div(in[0], in[1]); };
  const Tensor divisor = add_scalar(some_doubles({3}, 2), Scalar::of(2.0));
  CHECK_GRADIENTS(quotient, {some_doubles({2, 3}), detach(divisor)});
  CHECK_SECOND_GRADIENTS(quotient, {some_doubles({2, 3}), detach(divisor)});
  CHECK_GRADIENTS([](const Tensors& in) { return div_scalar(in[0], Scalar::of(3.0)); }, {some_doubles({3})});
  CHECK_GRADIENTS([](const Tensors& in) { return addcdiv(in[0], in[1], in[2], 0.5); },
                  {some_doubles({2, 3}), some_doubles({2, 1}, 4), detach(divisor)});
  const Tensor small = mul_scalar(divisor, Scalar::of(0.1));
  CHECK_GRADIENTS([](const Tensors& in) { return unroll::remainder(in[0], in[1]); },
                  {some_doubles({2, 3}), detach(small)});
  CHECK_GRADIENTS([](const Tensors& in) { return unroll::fmod(in[0], in[1]); },
                  {some_doubles({2, 3}), detach(small)});
  CHECK_GRADIENTS([](const Tensors& in) { return mul(in[0], div_rounded(in[0], in[1], "floor")); },
                  {some_doubles({2, 3}), detach(small)});
}
