#include "tensor/dims.h"

#include "check.h"

using namespace unroll;

TEST(strides_are_row_major_and_zero_sizes_count_as_one) {
  CHECK((contiguous_strides({2, 3, 4}) == Dims{12, 4, 1}));
  CHECK((contiguous_strides({2, 0, 4}) == Dims{4, 4, 1}));
  CHECK(contiguous_strides({}).empty());
  CHECK(numel_of({}) == 1 && numel_of({2, 0}) == 0 && numel_of({2, 3}) == 6);
}

TEST(sizes_broadcast_from_the_right) {
  CHECK((broadcast_sizes({5, 1, 3}, {4, 1}) == Dims{5, 4, 3}));
  CHECK((broadcast_sizes({}, {2}) == Dims{2}));
  CHECK((broadcast_sizes({0}, {1}) == Dims{0}));
  CHECK(check::thrown_by([] {
          broadcast_sizes({2, 3}, {4, 3});
        }) == "The size of tensor a (2) must match the size of tensor b (4) at non-singleton dimension 0");
}

TEST(dimensions_wrap_and_refuse_in_pytorchs_words) {
  CHECK(wrap_dim(-1, 3) == 2 && wrap_dim(2, 3) == 2 && wrap_dim(0, 0) == 0 && wrap_dim(-1, 0) == 0);
  CHECK(check::thrown_by([] { wrap_dim(3, 3); }) ==
        "Dimension out of range (expected to be in range of [-3, 2], but got 3)");
}

TEST(lists_grow_shrink_and_end) {
  Dims d{1, 2};
  d.insert(1, 7);
  CHECK((d == Dims{1, 7, 2}));
  d.erase(0);
  CHECK((d == Dims{7, 2}));
  CHECK(check::thrown_by([] { Dims(kMaxDims + 1, 1); }) ==
        "tensors of more than 12 dimensions are not supported");
  CHECK(check::thrown_by([] {
          numel_of({int64_t{1} << 40, int64_t{1} << 40});
        }).find("overflows") != std::string::npos);
}
