#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(diagonals) {
  const Tensor x = counting({3, 4});
  CHECK(values(diagonal(x, 0, 0, 1)) == List({0, 5, 10}));
  CHECK(values(diagonal(x, 2, 0, 1)) == List({2, 7}));
  CHECK(values(diagonal(x, -1, 0, 1)) == List({4, 9}));
  CHECK(diagonal(x, 7, 0, 1).sizes() == Dims({0}));
  CHECK(diagonal(counting({2, 3, 4}), 0, 0, 2).sizes() == Dims({3, 2}));
  CHECK(thrown_by([&] { diagonal(x, 0, 0, 0); }) == "diagonal dimensions cannot be identical 0, 0");
  CHECK_GRADIENTS([](const Tensors& in) { return diagonal(in[0], 1, 0, 2); }, {some_doubles({3, 2, 4})});
}

TEST(any_strides) {
  const Tensor x = counting({2, 6});
  CHECK(values(as_strided(x, {2, 3}, {1, 2}, 4)) == List({4, 6, 8, 5, 7, 9}));
  CHECK(values(as_strided(x, {3, 2}, {1, 1}, 0)) == List({0, 1, 1, 2, 2, 3}));
  CHECK(as_strided(x, {0, 5}, {1, 1}, 0).numel() == 0);
}

TEST(geometries_outside_the_memory) {
  const Tensor x = counting({2, 3});
  CHECK(thrown_by([&] {
          as_strided(x, {3, 3}, {3, 1}, 0);
        }) ==
        "setStorage: sizes [3, 3], strides [3, 1], storage offset 0, and itemsize 4 requiring a storage size "
        "of 36 are "
        "out of bounds for storage of size 24");
  CHECK(thrown_by([&] { as_strided(x, {3, 3}, {3, 1, 1}, 0); }) == "mismatch in length of strides and shape");
  CHECK(thrown_by([&] { as_strided(x, {2}, {-1}, 3); }) ==
        "as_strided: Negative strides are not supported at the moment, got strides: [-1]");
  CHECK(thrown_by([&] { as_strided(x, {2}, {1}, -1); }) == "Tensor: invalid storage offset -1");
  CHECK(!thrown_by([&] { as_strided(x, {int64_t{1} << 40}, {int64_t{1} << 40}, 0); }).empty());
}

TEST(gradients_through_the_storage) {
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        return as_strided(in[0], {2, 3}, {1, 2}, 4);
      },
      {some_doubles({2, 6})});
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        return as_strided(transpose(in[0], 0, 1), {2, 2}, {5, 2}, 1);
      },
      {some_doubles({3, 4})});
  CHECK_SECOND_GRADIENTS(
      [](const Tensors& in) {
        return square(as_strided(in[0], {2, 3}, {1, 2}, 4));
      },
      {some_doubles({2, 6})});
}

TEST(writes_reach_the_base) {
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        const Tensor base = mul_scalar(in[0], Scalar::of(2.0));
        mul_scalar_(as_strided(base, {2}, {2}, 1), Scalar::of(3.0));
        return sum(base, {0}, false);
      },
      {some_doubles({2, 3})});
}

TEST(gradients_of_overlapping_elements_add_up) {
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        const Tensor windows = as_strided(mul_scalar(in[0], Scalar::of(2.0)), {3, 2}, {1, 1}, 0);
        return mul(windows, windows);
      },
      {some_doubles({4})});
}
