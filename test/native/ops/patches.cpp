#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using List = std::vector<double>;

TEST(patches_become_columns) {
  const Tensor columns = im2col(counting({1, 1, 3, 3}), {2, 2}, {1, 1}, {0, 0}, {1, 1});
  CHECK(columns.sizes() == Dims({4, 4}));
  CHECK(values(columns) == List({0, 1, 3, 4, 1, 2, 4, 5, 3, 4, 6, 7, 4, 5, 7, 8}));
}

TEST(outside_lie_zeros) {
  const Tensor columns = im2col(counting({1, 1, 2, 2}), {2, 2}, {1, 1}, {1, 1}, {2, 2});
  CHECK(values(columns) == List({0, 0, 0, 3, 0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0}));
}

TEST(columns_sum_up_where_patches_overlap) {
  const Tensor ones = full({4, 4}, Scalar::of(1.0), DType::Float32);
  CHECK(values(col2im(ones, {1, 1, 3, 3}, {2, 2}, {1, 1}, {0, 0}, {1, 1})) ==
        List({1, 2, 1, 2, 4, 2, 1, 2, 1}));
}

TEST(the_greatest_of_each_patch) {
  const auto [values_, places] = max_pool2d(counting({1, 1, 3, 4}), {2, 2}, {2, 2}, {0, 0}, {1, 1}, true);
  CHECK(values_.sizes() == Dims({1, 1, 2, 2}));
  CHECK(values(values_) == List({5, 7, 9, 11}) && values(places) == List({5, 7, 9, 11}));
  CHECK(pooled_size(3, 2, 2, 0, 1, false) == 1 && pooled_size(3, 2, 2, 0, 1, true) == 2);
}

TEST(gradients_agree_with_differences) {
  const Tensor x = some_doubles({2, 2, 4, 5});
  const auto patches = [](const Tensors& in) { return im2col(in[0], {2, 3}, {2, 1}, {1, 1}, {1, 2}); };
  CHECK_GRADIENTS(patches, {detach(x)});
  CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return patches({mul(in[0], in[0])}); }, {detach(x)});
  const Dims columns = patches({x}).sizes();
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        return col2im(in[0], {2, 2, 4, 5}, {2, 3}, {2, 1}, {1, 1}, {1, 2});
      },
      {some_doubles(columns)});
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        return std::get<0>(max_pool2d(in[0], {3, 2}, {2, 1}, {1, 1}, {1, 1}, false));
      },
      {detach(x)});
}
