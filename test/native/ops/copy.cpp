#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(clone_keeps_the_order_of_dimensions) {
  const Tensor t = counting({3, 4}), turned = clone(transpose(t, 0, 1));
  CHECK(turned.strides() == (Dims{1, 4}));
  CHECK(values(turned) == values(transpose(t, 0, 1)));
  CHECK(clone(slice(t, 1, 0, 4, 2)).is_contiguous());
  CHECK(clone(expand(counting({1}), {3})).is_contiguous());
  CHECK(values(clone(expand(counting({2, 1}), {2, 3}))) == (List{0, 0, 0, 1, 1, 1}));
}

TEST(contiguous_copies_only_what_is_not) {
  const Tensor t = counting({70, 33}), turned = transpose(t, 0, 1);
  CHECK(contiguous(t).is_same(t));
  CHECK(contiguous(turned).is_contiguous());
  CHECK(values(contiguous(turned)) == values(turned));
  const Tensor cube = permute(counting({5, 6, 7}), {2, 0, 1});
  CHECK(values(contiguous(cube)) == values(cube));
}

TEST(conversions_are_pytorchs) {
  const Tensor t = tensor_of({4}, {-1.7, 0, 2.5, 300});
  CHECK(values(to_dtype(t, DType::Int64)) == (List{-1, 0, 2, 300}));
  CHECK(values(to_dtype(t, DType::Int16)) == (List{-1, 0, 2, 300}));
  CHECK(values(to_dtype(t, DType::UInt8)) == (List{255, 0, 2, 44}));
  CHECK(values(to_dtype(t, DType::Bool)) == (List{1, 0, 1, 1}));
  CHECK(values(to_dtype(tensor_of({2}, {0.1, 0.5}), DType::Bool)) == (List{1, 1}));
  CHECK(to_dtype(t, DType::Float32).is_same(t));
  CHECK(values(to_dtype(transpose(counting({2, 3}), 0, 1), DType::Int32)) == (List{0, 3, 1, 4, 2, 5}));
}

TEST(copy_broadcasts_and_converts) {
  const Tensor t = zeros({2, 3});
  copy_(t, integers({3}, {1, 2, 3}));
  CHECK(values(t) == (List{1, 2, 3, 1, 2, 3}));
  copy_(transpose(t, 0, 1), counting({3, 2}));
  CHECK(values(t) == (List{0, 2, 4, 1, 3, 5}));
  const Tensor whole = integers({2}, {0, 0});
  copy_(whole, tensor_of({2}, {1.5, -2.5}));
  CHECK(values(whole) == (List{1, -2}));
  CHECK(thrown_by([&] { copy_(t, counting({4})); }) ==
        "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1");
  CHECK(thrown_by([&] { copy_(select(t, 0, 0), t); }) ==
        "output with shape [3] doesn't match the broadcast shape [2, 3]");
}

TEST(fills) {
  const Tensor t = counting({3, 4});
  fill_(slice(t, 1, 1, 4, 2), Scalar::of(-1.0));
  CHECK(values(t) == (List{0, -1, 2, -1, 4, -1, 6, -1, 8, -1, 10, -1}));
  zero_(transpose(t, 0, 1));
  CHECK(values(t) == List(12, 0.0));
  fill_(empty({0}), Scalar::of(1.0));
  const Tensor whole = integers({1}, {0});
  fill_(whole, Scalar::of(int64_t{1} << 60));
  CHECK(whole.data<int64_t>()[0] == int64_t{1} << 60);
}

TEST(gradients_flow_to_the_source_and_not_to_what_was_overwritten) {
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        const Tensor t = mul(in[0], in[0]);
        copy_(select(t, 0, 1), in[1]);
        zero_(slice(select(t, 0, 0), 0, 0, 1, 1));
        return mul(t, t);
      },
      {some_doubles({2, 3}), some_doubles({3}, 2)});
  CHECK_GRADIENTS([](const Tensors& in) { return contiguous(transpose(clone(in[0]), 0, 1)); },
                  {some_doubles({2, 3})});
  const Tensor t = mul_scalar(some_doubles({2}), Scalar::of(2.0)), narrow = tensor_of({2}, {1, 2});
  set_requires_grad(narrow, true);
  const Tensors g = grad({to_dtype(narrow, DType::Float64)}, {t}, {narrow}, {}, false);
  CHECK(g[0].dtype() == DType::Float32);
}

TEST(a_buffer_filled_step_by_step_backpropagates) {
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        const Tensor outputs = zeros({3, 2}, DType::Float64);
        Tensor h = in[0];
        for (int64_t t = 0; t < 3; ++t) {
          h = tanh(mul(h, in[1]));
          copy_(select(outputs, 0, t), h);
        }
        return outputs;
      },
      {some_doubles({2}), some_doubles({2}, 2)});
}
