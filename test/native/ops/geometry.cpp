#include "ops/geometry.h"

#include "check.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;

TEST(lists_of_dimensions) {
  CHECK(wrap_dims({-1, 0}, 3) == Dims({2, 0}));
  CHECK(wrap_dims({}, 3) == Dims());
  CHECK(wrap_dims({-1}, 0) == Dims());
  CHECK(thrown_by([] { wrap_dims({1, -1}, 2); }) == "dim 1 appears multiple times in the list of dims");
  CHECK(thrown_by([] { wrap_dims({2}, 2); }) ==
        "Dimension out of range (expected to be in range of [-2, 1], but got 2)");
}

TEST(zeros_of_the_same_kind) {
  const Tensor z = zeros_beside(counting({2}, DType::Int32), {2, 2});
  CHECK(z.dtype() == DType::Int32 && values(z) == std::vector<double>(4, 0.0));
  CHECK(zeros_beside(z, {0, 3}).numel() == 0);
}

TEST(a_part_in_its_place) {
  const Tensor whole = placed(counting({2}), {2, 2}, [](const Tensor& base) { return select(base, 1, 1); });
  CHECK(values(whole) == std::vector<double>({0, 0, 0, 1}));
}

TEST(strides_of_views) {
  Dims strides;
  CHECK(view_strides({2, 3, 4}, {12, 4, 1}, {6, 4}, strides) && strides == Dims({4, 1}));
  CHECK(view_strides({2, 1, 3}, {3, 99, 1}, {6}, strides) && strides == Dims({1}));
  CHECK(view_strides({4, 3}, {0, 0}, {2, 2, 3}, strides) && strides == Dims({0, 0, 0}));
  CHECK(!view_strides({3, 2}, {1, 3}, {6}, strides));
  CHECK(!view_strides({4, 4}, {6, 1}, {2, 8}, strides));
  CHECK(view_strides({0, 4}, {9, 9}, {2, 0}, strides) && strides == Dims({1, 1}));
  CHECK(view_strides({1, 1}, {7, 7}, {}, strides) && strides == Dims());
}
