#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(flips) {
  const Tensor x = counting({2, 3});
  CHECK(values(flip(x, {1})) == List({2, 1, 0, 5, 4, 3}));
  CHECK(values(flip(x, {0, -1})) == List({5, 4, 3, 2, 1, 0}));
  CHECK(values(flip(transpose(x, 0, 1), {0})) == List({2, 5, 1, 4, 0, 3}));
  CHECK(values(flip(x, {})) == values(x));
  CHECK(values(flip(counting({1, 4}, DType::Int64), {0, 1})) == List({3, 2, 1, 0}));
  CHECK(values(flip(slice(x, 1, 0, 3, 2), {1})) == List({2, 0, 5, 3}));
  CHECK(flip(counting({0, 3}), {0}).sizes() == Dims({0, 3}));
  CHECK(thrown_by([&] { flip(x, {0, 0}); }) == "dim 0 appears multiple times in the list of dims");
}

TEST(repeats) {
  const Tensor x = counting({2, 2});
  CHECK(values(repeat(x, {1, 2})) == List({0, 1, 0, 1, 2, 3, 2, 3}));
  CHECK(values(repeat(x, {2, 1, 1})) == List({0, 1, 2, 3, 0, 1, 2, 3}));
  CHECK(values(repeat(transpose(x, 0, 1), {2, 1})) == List({0, 2, 1, 3, 0, 2, 1, 3}));
  CHECK(values(repeat(counting({}), {3})) == List({0, 0, 0}));
  CHECK(repeat(x, {0, 2}).sizes() == Dims({0, 4}));
  CHECK(thrown_by([&] { repeat(x, {2}); }) ==
        "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
  CHECK(thrown_by([&] {
          repeat(x, {-1, 2});
        }) == "Trying to create tensor with negative dimension -2: [-2, 4]");
}

TEST(triangles) {
  const Tensor x = tensor_of({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(values(tril(x, 0)) == List({1, 0, 0, 4, 5, 0}));
  CHECK(values(tril(x, -1)) == List({0, 0, 0, 4, 0, 0}));
  CHECK(values(triu(x, 0)) == List({1, 2, 3, 0, 5, 6}));
  CHECK(values(triu(x, 2)) == List({0, 0, 3, 0, 0, 0}));
  CHECK(values(triu(x, 9)) == List(6, 0));
  CHECK(values(tril(x, 9)) == values(x));
  CHECK(values(tril(transpose(x, 0, 1), 0)) == List({1, 0, 2, 5, 3, 6}));
  CHECK(values(triu(counting({2, 2, 2}, DType::Int64), 1)) == List({0, 1, 0, 0, 0, 5, 0, 0}));
  CHECK(tril(counting({0, 3}), 0).numel() == 0 && tril(counting({3, 0}), 0).numel() == 0);
  CHECK(thrown_by([] { tril(counting({3}), 0); }) == "tril: input tensor must have at least 2 dimensions");
}

TEST(gradients_of_rearranging) {
  const Tensor x = some_doubles({3, 2});
  CHECK_GRADIENTS([](const Tensors& in) { return flip(in[0], {0, 1}); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return repeat(in[0], {2, 1, 3}); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return repeat(in[0], {1, 1}); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return repeat(in[0], {2, 3, 2}); }, {some_doubles({1, 2})});
  CHECK_GRADIENTS([](const Tensors& in) { return tril(in[0], -1); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return triu(in[0], 0); }, {x});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return square(repeat(flip(in[0], {0}), {2, 2})); }, {x});
}
