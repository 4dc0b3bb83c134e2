#include "backend/kernels.h"
#include "backend/opencl/on_both.h"

using namespace unroll;

namespace {

/** Between low and high. */
Tensor between(double low, double high, const Dims& sizes = {7, 33}, int64_t seed = 3) {
  std::vector<double> all;
  for (int64_t i = 0; i < numel_of(sizes); ++i)
    all.push_back(low + (high - low) * (noise(i + 999 * seed) + 1) / 2);
  return tensor_of(sizes, all);
}

using Unary = Tensor (*)(const Tensor&);
struct Case {
  const char* name;
  Unary function;
  double low = -2, high = 2;
};

}  // namespace

TEST(functions_of_one_tensor) {
  const Case cases[] = {{"neg", neg},
                        {"abs", abs},
                        {"sign", sign},
                        {"exp", exp},
                        {"expm1", expm1},
                        {"log", log, 0.1, 5},
                        {"log1p", log1p, -0.9, 5},
                        {"log2", log2, 0.1, 5},
                        {"log10", log10, 0.1, 5},
                        {"sqrt", sqrt, 0.1, 5},
                        {"rsqrt", rsqrt, 0.1, 5},
                        {"square", square},
                        {"reciprocal", reciprocal, 0.2, 3},
                        {"sin", sin},
                        {"cos", cos},
                        {"tan", tan, -1, 1},
                        {"erf", erf},
                        {"floor", floor},
                        {"ceil", ceil},
                        {"round", round},
                        {"trunc", trunc},
                        {"sinh", sinh},
                        {"cosh", cosh},
                        {"asin", asin, -0.9, 0.9},
                        {"acos", acos, -0.9, 0.9},
                        {"atan", atan},
                        {"asinh", asinh},
                        {"acosh", acosh, 1.1, 4},
                        {"atanh", atanh, -0.9, 0.9},
                        {"exp2", exp2},
                        {"erfc", erfc},
                        {"sigmoid", sigmoid, -6, 6},
                        {"tanh", tanh, -4, 4},
                        {"relu", relu},
                        {"silu", silu},
                        {"isnan", isnan},
                        {"isfinite", isfinite},
                        {"logical_not", logical_not}};
  for (const Case& each : cases)
    check_alike(each.name, [&](const Tensors& in) { return Tensors{each.function(in[0])}; },
                {between(each.low, each.high)});
  check_alike("leaky_relu", [](const Tensors& in) { return Tensors{leaky_relu(in[0], 0.1)}; },
              {between(-2, 2)});
  check_alike("elu", [](const Tensors& in) { return Tensors{elu(in[0], 1.3)}; }, {between(-2, 2)});
  check_alike("softplus", [](const Tensors& in) { return Tensors{softplus(in[0], 1.5, 2)}; },
              {between(-2, 2)});
  for (const char* how : {"none", "tanh"})
    check_alike("gelu", [&](const Tensors& in) { return Tensors{gelu(in[0], how)}; }, {between(-3, 3)});
  check_alike("clamp",
              [](const Tensors& in) { return Tensors{clamp(in[0], Scalar::of(-0.5), Scalar::of(1.0))}; },
              {between(-2, 2)});
}

TEST(functions_of_several_tensors_broadcast) {
  const Tensors two{between(0.3, 2, {5, 1, 9}), between(0.4, 3, {4, 9}, 8)};
  using Binary = Tensor (*)(const Tensor&, const Tensor&);
  const std::pair<const char*, Binary> cases[] = {{"mul", mul},         {"div", div},
                                                  {"pow", pow},         {"maximum", maximum},
                                                  {"minimum", minimum}, {"atan2", atan2},
                                                  {"hypot", hypot},     {"remainder", remainder},
                                                  {"fmod", fmod},       {"copysign", copysign},
                                                  {"xlogy", xlogy},     {"logaddexp", logaddexp},
                                                  {"eq", eq},           {"ne", ne},
                                                  {"lt", lt},           {"le", le},
                                                  {"gt", gt},           {"ge", ge}};
  for (const auto& [name, function] : cases)
    check_alike(
        name, [f = function](const Tensors& in) { return Tensors{f(in[0], in[1])}; }, two);
  check_alike(
      "add",
      [](const Tensors& in) {
        return Tensors{add(in[0], in[1], 0.7), sub(in[0], in[1], 2)};
      },
      two);
  check_alike(
      "addcmul", [](const Tensors& in) { return Tensors{addcmul(in[0], in[1], in[1], 0.3)}; }, two);
  check_alike(
      "addcdiv", [](const Tensors& in) { return Tensors{addcdiv(in[1], in[0], in[1], 0.3)}; }, two);
  check_alike(
      "lerp", [](const Tensors& in) { return Tensors{lerp(in[0], in[1], 0.2)}; }, two);
  check_alike(
      "where", [](const Tensors& in) { return Tensors{where(lt(in[0], in[1]), in[0], in[1])}; }, two);
  check_alike(
      "masked_fill",
      [](const Tensors& in) {
        return Tensors{
            masked_fill(in[0], gt(in[0], full({}, Scalar::of(1.0), DType::Float32)), Scalar::of(4.0))};
      },
      two);
}

TEST(integers_and_truth) {
  const Tensors in{integers({6}, {-7, 7, 5, -5, 9, 0}), integers({6}, {2, -2, 3, 3, -4, 5})};
  for (const char* mode : {"floor", "trunc"})
    check_alike(
        "div_rounded", [&](const Tensors& t) { return Tensors{div_rounded(t[0], t[1], mode)}; }, in, 0);
  check_alike(
      "remainder",
      [](const Tensors& t) {
        return Tensors{remainder(t[0], t[1]), fmod(t[0], t[1])};
      },
      in, 0);
  check_alike(
      "bits",
      [](const Tensors& t) {
        return Tensors{bitwise_and(t[0], t[1]),
                       bitwise_or(t[0], t[1]),
                       bitwise_xor(t[0], t[1]),
                       bitwise_not(t[0]),
                       abs(t[0]),
                       neg(t[0]),
                       mul(t[0], t[1])};
      },
      in, 0);
  check_alike(
      "truth",
      [](const Tensors& t) {
        const Tensor a = gt(t[0], t[1]), b = eq(t[0], t[1]);
        return Tensors{bitwise_and(a, b), bitwise_or(a, b), bitwise_xor(a, b), bitwise_not(a)};
      },
      in, 0);
}

TEST(strided_operands_and_results_in_place) {
  check_alike("transposed",
              [](const Tensors& t) { return Tensors{mul(transpose(t[0], 0, 1), transpose(t[0], 0, 1))}; },
              {between(-1, 1, {6, 11})});
  check_alike(
      "slices",
      [](const Tensors& t) {
        const Tensor copy = clone(t[0]);
        mul_scalar_(slice(copy, 1, 1, 9, 2), Scalar::of(3.0));
        copy_(select(copy, 0, 2), select(t[0], 0, 4));
        fill_(select(copy, 0, 1), Scalar::of(0.5));
        return Tensors{copy, contiguous(transpose(copy, 0, 1)), flip(copy, {1}), cat({copy, t[0]}, 0)};
      },
      {between(-1, 1, {6, 11})});
}

TEST(conversions) {
  for (DType type :
       {DType::Bool, DType::UInt8, DType::Int8, DType::Int16, DType::Int32, DType::Int64, DType::Float64})
    check_alike(
        dtype_name(type), [&](const Tensors& t) { return Tensors{to_dtype(t[0], type)}; },
        {between(0, 100, {50})}, 0);
}

TEST(what_is_not_there_names_itself_and_the_device) {
  const Tensor t = to_device(between(0.1, 0.9), opencl_device());
  CHECK(check::thrown_by([&] { bitwise_and(t, t); }) ==
        "the operation 'bitwise_and' is not supported on opencl:0 for float32");
  CHECK(check::thrown_by([&] { t.data<float>(); }) == "this operation is not supported on opencl:0");
  CHECK(check::thrown_by([&] { to_dtype(t, DType::Float16); }) == "float16 is not supported on opencl:0");
}

TEST(tensors_on_two_devices_do_not_meet) {
  const Tensor here = noisy({3, 3}), there = to_device(here, opencl_device());
  const char* const expected = "Expected all tensors to be on the same device";
  CHECK(check::thrown_by([&] { add(here, there); }).starts_with(expected));
  CHECK(check::thrown_by([&] { mm(there, here); }).starts_with(expected));
  CHECK(check::thrown_by([&] { mm(here, there); }).find("opencl:0") != std::string::npos);
  // A tensor without dimensions stands for its number.
  CHECK(difference(mul_scalar(here, Scalar::of(2.0)),
                   mul(there, full({}, Scalar::of(2.0), DType::Float32))) == 0);
}

TEST(a_division_by_zero_is_told_when_a_value_is_read) {
  const Tensor a = to_device(integers({2}, {1, 2}), opencl_device()),
               b = to_device(integers({2}, {1, 0}), opencl_device());
  const Tensor out = div_rounded(a, b, "floor");
  CHECK(check::thrown_by([&] { values_here(out); }).find("ZeroDivisionError") != std::string::npos);
  CHECK(check::thrown_by([&] { values_here(a); }).empty());
}
