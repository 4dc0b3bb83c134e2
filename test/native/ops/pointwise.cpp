#include "ops/pointwise.h"

#include "../../golden/pointwise.h"
#include "check.h"
#include "values.h"

using namespace unroll;

TEST(result_types_are_pytorchs) {
  for (int i = 0; i < kDTypes; ++i)
    for (int j = 0; j < kDTypes; ++j)
      for (int scalar = 0; scalar < 2; ++scalar) {
        const Tensor a = empty({2}, static_cast<DType>(i)),
                     b = empty(scalar ? Dims{} : Dims{2}, static_cast<DType>(j));
        CHECK(static_cast<int>(result_type(a, b)) == golden::promoted[i][j][scalar]);
        CHECK(result_type(a, b) == result_type(b, a));
      }
}

TEST(results_lie_in_memory_as_their_operands) {
  const Tensor t = counting({3, 4, 5});
  const auto strides = [](const Tensor& a, const Tensor& b) { return add(a, b).strides(); };
  CHECK(strides(t, t) == t.strides());
  const Tensor turned = permute(t, {2, 0, 1});
  CHECK(strides(turned, turned) == turned.strides());
  CHECK(strides(turned, counting({4})) == turned.strides());
  CHECK(strides(counting({4}), turned) == turned.strides());
  CHECK(strides(turned, contiguous(turned)) == turned.strides());
  CHECK(strides(contiguous(turned), turned) == contiguous(turned).strides());
  CHECK(add(slice(t, 2, 0, 5, 2), counting({3})).is_contiguous());
}

TEST(broadcasting_of_three) {
  const Tensor a = counting({2, 1, 1}), b = counting({3, 1}), c = counting({4});
  CHECK(broadcast_sizes(Operands{a, b, c}) == (Dims{2, 3, 4}));
  const auto found = values(addcmul(a, b, c, 10));
  for (int64_t i = 0; i < 24; ++i)
    CHECK(found[static_cast<size_t>(i)] == static_cast<double>(i / 12 + 10 * (i / 4 % 3) * (i % 4)));
}
