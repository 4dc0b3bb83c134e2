#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(values_are_pytorchs) { check_binary({{"mul", mul}}); }

TEST(numbers_and_in_place) {
  CHECK(values(mul_scalar(tensor_of({2}, {1, 2}), Scalar::of(0.5))) == (List{0.5, 1}));
  CHECK(mul_scalar(integers({1}, {3}), Scalar::of(0.5)).dtype() == DType::Float32);
  const Tensor t = counting({2, 2});
  mul_(t, tensor_of({2}, {2, 3}));
  mul_scalar_(t, Scalar::of(int64_t{-1}));
  CHECK(values(t) == (List{0, -3, -4, -9}));
  CHECK(thrown_by([] { mul_scalar_(integers({1}, {3}), Scalar::of(0.5)); }) ==
        "result type Float can't be cast to the desired output type Long");
}

TEST(fused_products) {
  const Tensor t = tensor_of({2}, {1, 2}), a = tensor_of({2}, {3, 4}), b = tensor_of({2}, {5, 6});
  CHECK(values(addcmul(t, a, b, 2)) == (List{31, 50}));
  CHECK(values(lerp(a, b, 0.25)) == (List{3.5, 4.5}));
  CHECK(values(lerp(a, b, 1)) == values(b));
  addcmul_(t, a, b, -1);
  CHECK(values(t) == (List{-14, -22}));
  lerp_(t, a, 0.5);
  CHECK(values(t) == (List{-5.5, -9}));
  CHECK(addcmul(integers({1}, {1}), integers({1}, {2}), integers({1}, {3}), 2).data<int64_t>()[0] == 13);
  CHECK(thrown_by([&] {
          lerp(a, doubles({2}, {1, 2}), 0.5);
        }) == "expected dtype float for `end` but got dtype double");
}

TEST(gradients_agree_with_differences) {
  const auto product = [](const Tensors& in) { return mul(in[0], in[1]); };
  CHECK_GRADIENTS(product, {some_doubles({2, 3}), some_doubles({3}, 2)});
  CHECK_SECOND_GRADIENTS(product, {some_doubles({2, 3}), some_doubles({2, 1}, 2)});
  CHECK_GRADIENTS([](const Tensors& in) { return mul(in[0], in[0]); }, {some_doubles({4})});
  CHECK_GRADIENTS([](const Tensors& in) { return mul_scalar(in[0], Scalar::of(-2.5)); }, {some_doubles({4})});
  CHECK_GRADIENTS([](const Tensors& in) { return addcmul(in[0], in[1], in[2], 0.5); },
                  {some_doubles({2, 3}), some_doubles({3}, 2), some_doubles({2, 1}, 3)});
  for (double weight : {0.25, 0.75})
    CHECK_GRADIENTS([=](const Tensors& in) { return lerp(in[0], in[1], weight); },
                    {some_doubles({3}), some_doubles({2, 3}, 2)});
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        const Tensor t = add(in[0], in[0]);
        mul_(t, in[1]);
        mul_scalar_(t, Scalar::of(3.0));
        addcmul_(t, in[0], in[1], 0.5);
        return mul(lerp_(t, in[1], 0.3), t);
      },
      {some_doubles({3}), some_doubles({3}, 2)});
}

TEST(what_the_gradient_needs_must_not_be_overwritten) {
  const Tensor a = counting({2}), b = counting({2});
  set_requires_grad(a, true);
  const Tensor product = mul(a, b);
  add_scalar_(b, Scalar::of(1.0));
  CHECK(thrown_by([&] {
          grad({product}, {counting({2})}, {a}, {}, false);
        }).starts_with("one of the variables needed for gradient computation has been modified"));
  const Tensor other = mul(a, b);
  GradMode off(false);
  add_scalar_(a, Scalar::of(1.0));  // not needed: b takes no gradient
  GradMode on(true);
  CHECK(thrown_by([&] { grad({other}, {counting({2})}, {a}, {}, false); }).empty());
}
