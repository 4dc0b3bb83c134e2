#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(values_are_pytorchs) {
  check_binary({{"add", [](const Tensor& a, const Tensor& b) { return add(a, b); }},
                {"sub", [](const Tensor& a, const Tensor& b) { return sub(a, b); }}});
}

TEST(alpha_scales_the_second) {
  CHECK(values(add(tensor_of({2}, {1, 2}), tensor_of({2}, {10, 20}), 0.5)) == (List{6, 12}));
  CHECK(values(sub(tensor_of({2}, {1, 2}), tensor_of({2}, {10, 20}), 0.5)) == (List{-4, -8}));
  CHECK(thrown_by([] { add(integers({1}, {1}), integers({1}, {1}), 0.5); }) ==
        "For integral input tensors, argument alpha must not be a floating point number.");
}

TEST(broadcasts_and_reports_what_does_not) {
  const Tensor sum = add(counting({3, 1}), counting({4}));
  CHECK(sum.sizes() == (Dims{3, 4}));
  CHECK(values(sum) == (List{0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5}));
  CHECK(add(empty({0, 4}), counting({1, 4})).sizes() == (Dims{0, 4}));
  CHECK(thrown_by([] { add(counting({3}), counting({4})); }) ==
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0");
}

TEST(numbers) {
  CHECK(values(add_scalar(tensor_of({2}, {1, 2}), Scalar::of(0.5))) == (List{1.5, 2.5}));
  CHECK(values(rsub_scalar(tensor_of({2}, {1, 2}), Scalar::of(int64_t{1}))) == (List{0, -1}));
  CHECK(add_scalar(integers({1}, {1}), Scalar::of(0.5)).dtype() == DType::Float32);
  CHECK(add_scalar(tensor_of({1}, {1}, DType::Bool), Scalar::of(int64_t{2})).dtype() == DType::Int64);
  const int64_t big = (int64_t{1} << 53) + 1;
  CHECK(add_scalar(integers({1}, {0}), Scalar::of(big)).data<int64_t>()[0] == big);
}

TEST(bools) {
  const Tensor t = tensor_of({2}, {1, 0}, DType::Bool);
  CHECK(values(add(t, tensor_of({2}, {1, 1}, DType::Bool))) == (List{1, 1}));
  CHECK(thrown_by([&] { sub(t, t); }).starts_with("Subtraction, the `-` operator, with two bool tensors"));
  CHECK(thrown_by([&] {
          sub(t, counting({2}));
        }).starts_with("Subtraction, the `-` operator, with a bool tensor"));
  CHECK(thrown_by([&] {
          rsub_scalar(t, Scalar::of(1.0));
        }).starts_with("Subtraction, the `-` operator, with a bool tensor"));
}

TEST(in_place) {
  const Tensor t = counting({2, 2}), view = select(t, 0, 1);
  const uint64_t writes = t.storage().writes();
  add_(view, counting({2}), 10);
  CHECK(values(t) == (List{0, 1, 2, 13}));
  CHECK(t.storage().writes() == writes + 1);
  CHECK(t.version() == 1);
  add_(t, t);
  sub_(t, tensor_of({2}, {1, 0}, DType::Float64));
  add_scalar_(t, Scalar::of(0.5));
  CHECK(values(t) == (List{-0.5, 2.5, 3.5, 26.5}));
}

TEST(in_place_refusals) {
  const Tensor whole = integers({2}, {1, 2}), t = counting({2, 2});
  CHECK(thrown_by([&] { add_(whole, counting({2})); }) ==
        "result type Float can't be cast to the desired output type Long");
  CHECK(thrown_by([&] { add_scalar_(tensor_of({1}, {1}, DType::Bool), Scalar::of(int64_t{1})); }) ==
        "result type Long can't be cast to the desired output type Bool");
  CHECK(thrown_by([&] { add_(select(t, 0, 0), t); }) ==
        "output with shape [2] doesn't match the broadcast shape [2, 2]");
  CHECK(thrown_by([&] { add_(slice(whole, 0, 1, 2, 1), slice(whole, 0, 0, 1, 1)); }).empty());
  const Tensor row = counting({4});
  CHECK(thrown_by([&] {
          add_(slice(row, 0, 1, 4, 1), slice(row, 0, 0, 3, 1));
        }).starts_with("unsupported operation"));
  CHECK(thrown_by([&] { add_(t, transpose(t, 0, 1)); }).starts_with("unsupported operation"));
  CHECK(thrown_by([&] {
          add_(expand(counting({1}), {3}), counting({3}));
        }).starts_with("unsupported operation"));
}

TEST(gradients_agree_with_differences) {
  const auto check = [](const Dims& a, const Dims& b) {
    CHECK_GRADIENTS([](const Tensors& in) { return mul(add(in[0], in[1], 3), in[0]); },
                    {some_doubles(a), some_doubles(b, 2)});
    CHECK_GRADIENTS([](const Tensors& in) { return mul(sub(in[0], in[1], 3), in[1]); },
                    {some_doubles(a), some_doubles(b, 2)});
  };
  check({2, 3}, {2, 3});
  check({2, 3}, {3});
  check({2, 1}, {1, 3});
  check({}, {2, 2});
  CHECK_GRADIENTS(
      [](const Tensors& in) { return rsub_scalar(add_scalar(in[0], Scalar::of(2.0)), Scalar::of(1.0)); },
      {some_doubles({3})});
}

TEST(gradients_of_in_place_sums) {
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        const Tensor t = mul(in[0], in[0]);
        add_(select(t, 0, 0), in[1], 2);
        add_scalar_(t, Scalar::of(1.0));
        return mul(t, t);
      },
      {some_doubles({2, 3}), some_doubles({3}, 2)});
}

TEST(gradients_keep_their_own_dtype) {
  const Tensor a = tensor_of({2}, {1, 2}), b = doubles({2}, {3, 4});
  set_requires_grad(a, true);
  set_requires_grad(b, true);
  const Tensors g = grad({add(a, b)}, {doubles({2}, {1, 1})}, {a, b}, {}, false);
  CHECK(g[0].dtype() == DType::Float32);
  CHECK(g[1].dtype() == DType::Float64);
}
