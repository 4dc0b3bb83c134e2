#include "ops/reduction.h"

#include "check.h"
#include "values.h"

using namespace unroll;

namespace {

bool has_shape(const Reducible& r, int64_t outer, int64_t reduced, int64_t inner) {
  return r.shape.outer == outer && r.shape.reduced == reduced && r.shape.inner == inner &&
         r.in.is_contiguous();
}

}  // namespace

TEST(contiguous_input_is_taken_as_it_is) {
  const Tensor x = counting({2, 3, 4, 5});
  const Reducible middle(x, {1, 2}), rows(x, {-1}), everything(x, {});
  CHECK(has_shape(middle, 2, 12, 5) && middle.in.is_same(x));
  CHECK(has_shape(rows, 24, 5, 1) && rows.in.is_same(x));
  CHECK(has_shape(everything, 1, 120, 1) && everything.dims == Dims({0, 1, 2, 3}));
  CHECK(middle.sizes == Dims({2, 5}) && middle.keepdim_sizes == Dims({2, 1, 1, 5}));
}

TEST(dense_input_is_reduced_in_its_own_order) {
  const Tensor x = counting({2, 3, 4}), t = permute(x, {2, 0, 1});
  const Reducible r(t, {1});
  CHECK(has_shape(r, 1, 2, 12) && &r.in.storage() == &x.storage());
  CHECK(r.kept == Dims({1, 0}));
  const Tensor out = r.output(DType::Float32);
  CHECK(out.sizes() == Dims({3, 4}));
  for (int64_t i = 0; i < 12; ++i) out.data<float>()[i] = static_cast<float>(i);
  CHECK(r.finished(out, false).sizes() == Dims({4, 3}) && values(r.finished(out, false))[1] == 4);
  CHECK(r.finished(out, true).sizes() == Dims({4, 1, 3}));
}

TEST(other_input_is_copied) {
  const Tensor x = counting({2, 3, 4});
  CHECK(has_shape(Reducible(x, {0, 2}), 3, 8, 1));
  CHECK(has_shape(Reducible(slice(x, 2, 0, 4, 2), {2}), 6, 2, 1));
  CHECK(has_shape(Reducible(expand(counting({1}), {3}), {0}), 1, 3, 1));
}

TEST(reduced_dimensions_standing_as_one) {
  CHECK(with_reduced_dims(counting({2}), {2, 3}, {1}).sizes() == Dims({2, 1}));
  CHECK(with_reduced_dims(counting({}), {2, 3}, {}).sizes() == Dims({1, 1}));
  CHECK(with_reduced_dims(counting({1, 3}), {2, 3}, {0}).sizes() == Dims({1, 3}));
  CHECK(reduced_numel({2, 3, 4}, {0, 2}) == 8 && reduced_numel({2, 3}, {}) == 6);
}
