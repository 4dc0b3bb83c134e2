#include "autograd/variable.h"
#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(view_infers_and_shares) {
  const Tensor x = counting({2, 6});
  const Tensor v = view(x, {3, -1});
  CHECK(v.sizes() == Dims({3, 4}) && v.strides() == Dims({4, 1}));
  CHECK(&v.storage() == &x.storage());
  CHECK(view(x, {12, 1}).strides() == Dims({1, 1}));
  CHECK(view(x, {1, 12}).strides() == Dims({12, 1}));
  CHECK(view(counting({}), {1, 1}).sizes() == Dims({1, 1}));
  CHECK(view(counting({2, 0}), {-1}).sizes() == Dims({0}));
  v.mark_written();
  CHECK(x.version() == v.version());
}

TEST(view_over_strides) {
  const Tensor x = counting({4, 6});
  const Tensor columns = slice(x, 1, 0, 4, 1);  // (4, 4), rows 6 apart
  CHECK(view(columns, {2, 2, 2, 2}).strides() == Dims({12, 6, 2, 1}));
  CHECK(thrown_by([&] { view(columns, {16}); }) ==
        "view size is not compatible with input tensor's size and stride (at least one dimension spans "
        "across two "
        "contiguous subspaces). Use .reshape(...) instead.");
  CHECK(values(reshape(columns, {16})) == values(columns));
  CHECK(&reshape(columns, {2, 2, 4}).storage() == &x.storage());
  CHECK(&reshape(columns, {16}).storage() != &x.storage());
  const Tensor t = transpose(counting({2, 3}), 0, 1);
  CHECK(values(reshape(t, {6})) == List({0, 3, 1, 4, 2, 5}));
}

TEST(view_errors) {
  const Tensor x = counting({2, 3});
  CHECK(thrown_by([&] { view(x, {4, 2}); }) == "shape '[4, 2]' is invalid for input of size 6");
  CHECK(thrown_by([&] { view(x, {-1, -1}); }) == "only one dimension can be inferred");
  CHECK(thrown_by([&] { view(x, {-2, 3}); }) == "invalid shape dimension -2 at index 0 of shape [-2, 3]");
  CHECK(thrown_by([&] { view(x, {-1, 4}); }) == "shape '[-1, 4]' is invalid for input of size 6");
  CHECK(thrown_by([&] {
          view(counting({0}), {-1, 0});
        }) ==
        "cannot reshape tensor of 0 elements into shape [-1, 0] because the unspecified dimension size -1 "
        "can be any "
        "value and is ambiguous");
}

TEST(permutations) {
  const Tensor x = counting({2, 3, 4});
  const Tensor p = permute(x, {2, 0, -2});
  CHECK(p.sizes() == Dims({4, 2, 3}) && p.strides() == Dims({1, 12, 4}));
  CHECK(values(transpose(counting({2, 2}), 0, -1)) == List({0, 2, 1, 3}));
  CHECK(transpose(counting({}), 0, -1).dim() == 0);
  CHECK(thrown_by([&] { permute(x, {0, 0, 1}); }) == "permute(): duplicate dims are not allowed.");
  CHECK(thrown_by([&] { transpose(x, 0, 3); }) ==
        "Dimension out of range (expected to be in range of [-3, 2], but got 3)");
}

TEST(dimensions_of_one) {
  const Tensor x = counting({1, 3, 1});
  CHECK(squeeze(x).sizes() == Dims({3}));
  CHECK(squeeze_dim(x, -1).sizes() == Dims({1, 3}));
  CHECK(squeeze_dim(x, 1).sizes() == Dims({1, 3, 1}));
  CHECK(unsqueeze(counting({4, 5}), 0).strides() == Dims({20, 5, 1}));
  CHECK(unsqueeze(counting({4, 5}), -1).strides() == Dims({5, 1, 1}));
  CHECK(thrown_by([&] { unsqueeze(x, 4); }) ==
        "Dimension out of range (expected to be in range of [-4, 3], but got 4)");
}

TEST(expansion) {
  const Tensor x = counting({3, 1});
  const Tensor e = expand(x, {2, -1, 4});
  CHECK(e.sizes() == Dims({2, 3, 4}) && e.strides() == Dims({0, 1, 0}));
  CHECK(values(e)[4] == 1 && values(e)[11] == 2);
  CHECK(expand(counting({1}), {0}).numel() == 0);
  CHECK(thrown_by([&] {
          expand(counting({2, 3}), {3});
        }) ==
        "expand(torch.FloatTensor{[2, 3]}, size=[3]): the number of sizes provided (1) must be greater or "
        "equal to the "
        "number of dimensions in the tensor (2)");
  CHECK(thrown_by([&] {
          expand(counting({2, 3}), {4, 3});
        }) ==
        "The expanded size of the tensor (4) must match the existing size (2) at non-singleton dimension 0.  "
        "Target "
        "sizes: [4, 3].  Tensor sizes: [2, 3]");
  CHECK(thrown_by([&] {
          expand(x, {-1, 3, 1});
        }) == "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension 0");
}

TEST(selections) {
  const Tensor x = counting({3, 4});
  CHECK(values(select(x, 0, -1)) == List({8, 9, 10, 11}));
  CHECK(values(select(x, -1, 1)) == List({1, 5, 9}));
  CHECK(values(slice(x, 1, 1, 100, 2)) == List({1, 3, 5, 7, 9, 11}));
  CHECK(values(slice(x, 0, -2, -1, 1)) == List({4, 5, 6, 7}));
  CHECK(slice(x, 0, 2, 1, 1).sizes() == Dims({0, 4}));
  CHECK(slice(x, 1, 0, 4, 9).sizes() == Dims({3, 1}));
  CHECK(thrown_by([&] { select(x, 0, 5); }) ==
        "select(): index 5 out of range for tensor of size [3, 4] at dimension 0");
  CHECK(thrown_by([&] { select(counting({}), 0, 0); }) == "select() cannot be applied to a 0-dim tensor.");
  CHECK(thrown_by([&] { slice(x, 0, 0, 1, 0); }) == "slice step must be positive");
}

TEST(gradients_of_views) {
  const Tensor x = some_doubles({2, 3, 4});
  CHECK_GRADIENTS([](const Tensors& in) { return view(in[0], {4, 6}); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return reshape(transpose(in[0], 0, 2), {6, 4}); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return permute(in[0], {2, 0, 1}); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return squeeze(unsqueeze(in[0], 1)); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return squeeze_dim(unsqueeze(in[0], 3), 3); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return expand(slice(in[0], 1, 0, 1, 1), {5, 2, 3, 4}); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return select(in[0], 1, 2); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return slice(in[0], 2, 1, 4, 2); }, {x});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return square(select(in[0], 1, 2)); }, {x});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return square(slice(in[0], 2, 1, 4, 2)); }, {x});
}

TEST(writes_through_views_reach_the_base) {
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        const Tensor buffer = zeros({3, 4}, DType::Float64);
        copy_(select(buffer, 0, 1), in[0]);
        mul_(slice(buffer, 1, 0, 2, 1), in[1]);
        return square(buffer);
      },
      {some_doubles({4}), some_doubles({3, 2}, 5)});
}

TEST(gradients_of_written_bases_arrive_in_any_layout) {
  const Tensor x = some_doubles({2, 3});
  const auto tripled = [](const Tensor& view) { mul_scalar_(view, Scalar::of(3.0)); };
  const auto scattered_gradient = [&](const Tensors& in) {
    const Tensor base = mul_scalar(in[0], Scalar::of(2.0));
    tripled(view(base, {6}));
    return square(transpose(base, 0, 1));
  };
  const auto expanded_gradient = [&](const Tensors& in) {
    const Tensor base = mul_scalar(in[0], Scalar::of(2.0));
    tripled(slice(view(base, {6}), 0, 1, 4, 1));
    return sum(base, {0}, false);
  };
  const auto transposed_base = [&](const Tensors& in) {
    const Tensor base = clone(transpose(in[0], 0, 1));
    tripled(view(transpose(base, 0, 1), {6}));
    return square(base);
  };
  CHECK_GRADIENTS(scattered_gradient, {x});
  CHECK_GRADIENTS(expanded_gradient, {x});
  CHECK_GRADIENTS(transposed_base, {x});
  CHECK_SECOND_GRADIENTS(scattered_gradient, {x});
}

TEST(detached_views) {
  const Tensor x = counting({3});
  set_requires_grad(x, true);
  CHECK(!detach(x).requires_grad() && !data_of(x).requires_grad());
  const uint32_t before = x.version();
  data_of(x).mark_written();
  CHECK(x.version() == before);
  detach(x).mark_written();
  CHECK(x.version() == before + 1);
}
