#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {

const Tensor kAll;  // ':'

/** t[i0, i1, ...] by the definition, all index tensors of one shape and side by side from dimension 0 on. */
List leading_lookup(const Tensor& t, const std::vector<List>& indices) {
  List out;
  const List all = values(t);
  int64_t run = 1;
  for (int d = static_cast<int>(indices.size()); d < t.dim(); ++d) run *= t.sizes()[d];
  for (size_t i = 0; i < indices[0].size(); ++i) {
    int64_t at = 0;
    for (size_t d = 0; d < indices.size(); ++d) {
      const int64_t size = t.sizes()[static_cast<int>(d)], named = static_cast<int64_t>(indices[d][i]);
      at = at * size + (named < 0 ? named + size : named);
    }
    for (int64_t a = 0; a < run; ++a) out.push_back(all[static_cast<size_t>(at * run + a)]);
  }
  return out;
}

}  // namespace

TEST(rows_and_elements) {
  const Tensor x = counting({4, 3, 2});
  const List rows{2, -1, 0, 2}, columns{0, 1, -3, 2};
  CHECK(values(index(x, {integers({4}, rows)})) == leading_lookup(x, {rows}));
  CHECK(values(index(x, {integers({4}, rows), integers({4}, columns)})) ==
        leading_lookup(x, {rows, columns}));
  CHECK(index(x, {integers({2, 2}, rows)}).sizes() == Dims({2, 2, 3, 2}));
  CHECK(values(index(x, {tensor_of({4}, rows, DType::Int32)})) == leading_lookup(x, {rows}));
  for (DType dtype : {DType::Bool, DType::UInt8, DType::Int16, DType::Float64})
    CHECK(values(index(to_dtype(x, dtype), {integers({4}, rows)})) ==
          leading_lookup(to_dtype(x, dtype), {rows}));
}

TEST(later_dimensions_and_strides) {
  const Tensor x = counting({2, 3});
  CHECK(values(index(x, {kAll, integers({2}, {2, 0})})) == List({2, 0, 5, 3}));
  CHECK(values(index(transpose(x, 0, 1), {integers({2}, {2, 0})})) == List({2, 5, 0, 3}));
  CHECK(values(index(expand(counting({3}), {2, 3}), {kAll, integers({1}, {1})})) == List({1, 1}));
  CHECK(values(index(x, {integers({2, 1}, {0, 1}), integers({2}, {0, 2})})) == List({0, 2, 3, 5}));
}

TEST(separated_indices_come_first) {
  const Tensor x = counting({2, 3, 4, 5});
  const Tensor i = integers({6}, {0, 1, 0, 1, 0, 1}), k = integers({6}, {3, 2, 1, 0, 3, 2});
  const Tensor apart = index(x, {i, kAll, k});
  CHECK(apart.sizes() == Dims({6, 3, 5}));
  CHECK(values(select(apart, 0, 1)) == values(select(select(x, 0, 1), 1, 2)));
  CHECK(index(x, {kAll, integers({6}, {0, 1, 2, 0, 1, 2}), k}).sizes() == Dims({2, 6, 5}));
}

TEST(masks) {
  const Tensor x = counting({2, 3});
  const Tensor rows = tensor_of({2}, {0, 1}, DType::Bool),
               cells = tensor_of({2, 3}, {1, 0, 0, 0, 1, 1}, DType::Bool);
  CHECK(values(index(x, {rows})) == List({3, 4, 5}));
  CHECK(values(index(x, {cells})) == List({0, 4, 5}));
  CHECK(values(index(x, {to_dtype(cells, DType::UInt8)})) == List({0, 4, 5}));
  CHECK(values(index(x, {rows, integers({2}, {0, 2})})) == List({3, 5}));
  CHECK(values(masked_select(x, tensor_of({3}, {1, 0, 1}, DType::Bool))) == List({0, 2, 3, 5}));
  CHECK(values(masked_select(counting({}), tensor_of({2}, {1, 1}, DType::Bool))) == List({0, 0}));
  CHECK(masked_select(counting({}), tensor_of({}, {1}, DType::Bool)).sizes() == Dims({1}));
}

TEST(places_of_nonzeros) {
  const Tensor x = tensor_of({2, 3}, {0, 1, 0, 2, 0, 3});
  CHECK(values(nonzero(x)) == List({0, 1, 1, 0, 1, 2}));
  CHECK(values(nonzero(transpose(x, 0, 1))) == List({0, 1, 1, 0, 2, 1}));
  CHECK(nonzero(tensor_of({}, {3})).sizes() == Dims({1, 0}));
  CHECK(nonzero(counting({0, 2})).sizes() == Dims({0, 2}));
}

TEST(nothing_selected) {
  const Tensor x = counting({2, 3}), none = integers({0}, {});
  CHECK(index(x, {none}).sizes() == Dims({0, 3}));
  CHECK(index(counting({0, 3}), {none}).sizes() == Dims({0, 3}));
  CHECK(index(counting({3, 0}), {integers({2}, {1, 7})}).sizes() == Dims({2, 0}));
  index_put_(x, {none}, counting({}), false);
  CHECK(values(x) == List({0, 1, 2, 3, 4, 5}));
}

TEST(index_errors) {
  const Tensor x = counting({2, 3});
  const Tensor zero = integers({1}, {0});
  CHECK(thrown_by([&] { index(x, {integers({1}, {5})}); }) ==
        "index 5 is out of bounds for dimension 0 with size 2");
  CHECK(thrown_by([&] {
          index(x, {kAll, integers({1}, {-4})});
        }) == "index -4 is out of bounds for dimension 1 with size 3");
  CHECK(thrown_by([&] { index(x, {zero, zero, zero}); }) == "too many indices for tensor of dimension 2");
  CHECK(thrown_by([&] {
          index(x, {integers({3}, {0, 1, 0}), integers({2}, {0, 1})});
        }) == "shape mismatch: indexing tensors could not be broadcast together with shapes [3], [2]");
  CHECK(thrown_by([&] {
          index(x, {tensor_of({3}, {1, 0, 1}, DType::Bool)});
        }) ==
        "The shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2, 3] at index "
        "0");
  CHECK(thrown_by([&] { index(x, {counting({1})}); }) ==
        "tensors used as indices must be long, int, byte or bool tensors");
  CHECK(thrown_by([&] {
          index(counting({0, 3}), {zero});
        }) == "index is out of bounds for dimension with size 0");
  CHECK(thrown_by([&] {
          masked_select(x, tensor_of({2}, {1, 0}, DType::Bool));
        }) == "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 1");
}

TEST(puts) {
  const Tensor x = counting({3, 2}), again = integers({3}, {1, 1, -1});
  index_put_(x, {again}, tensor_of({3, 1}, {7, 8, 9}), false);
  CHECK(values(x) == List({0, 1, 8, 8, 9, 9}));
  index_put_(x, {again}, tensor_of({}, {1}), true);
  CHECK(values(x) == List({0, 1, 10, 10, 10, 10}));
  index_put_(transpose(x, 0, 1), {kAll, integers({1}, {0})}, tensor_of({2, 1}, {5, 6}), false);
  CHECK(values(select(x, 0, 0)) == List({5, 6}));
  const Tensor mask = tensor_of({3, 2}, {1, 0, 0, 0, 0, 1}, DType::Bool);
  index_put_(x, {mask}, tensor_of({2}, {-1, -2}), false);
  CHECK(values(x) == List({-1, 6, 10, 10, 10, -2}));
  const Tensor own = counting({4});  // what is written lies where is read
  index_put_(own, {integers({3}, {1, 2, 3})}, slice(own, 0, 0, 3, 1), false);
  CHECK(values(own) == List({0, 0, 1, 2}));
}

TEST(put_errors) {
  const Tensor x = counting({2, 3}), both = integers({2}, {0, 1});
  CHECK(thrown_by([&] { index_put_(x, {both}, integers({}, {1}), false); }) ==
        "Index put requires the source and destination dtypes match, got Float for the destination and Long "
        "for the "
        "source.");
  CHECK(
      thrown_by([&] {
        index_put_(x, {both}, counting({3, 3}), false);
      }) ==
      "shape mismatch: value tensor of shape [3, 3] cannot be broadcast to indexing result of shape [2, 3]");
  CHECK(thrown_by([&] {
          index_put_(x, {both}, counting({1, 2, 3}), false);
        }) ==
        "shape mismatch: value tensor of shape [1, 2, 3] cannot be broadcast to indexing result of shape [2, "
        "3]");
  CHECK(thrown_by([&] {
          index_put_(x, {integers({2}, {0, 9})}, counting({3}), false);
        }) == "index 9 is out of bounds for dimension 0 with size 2");
  CHECK(values(x) == List({0, 1, 2, 3, 4, 5}));
}

TEST(many_rows_accumulate_in_order) {
  const int64_t count = 3000, width = 700;
  std::vector<double> rows;
  for (int64_t i = 0; i < count; ++i) rows.push_back(static_cast<double>(i * i % 7));
  const Tensor source = noisy({count, width}), sums = zeros({7, width});
  index_put_(sums, {integers({count}, rows)}, source, true);
  std::vector<float> expected(7 * width, 0.0f);
  for (int64_t i = 0; i < count; ++i)
    for (int64_t a = 0; a < width; ++a)
      expected[static_cast<size_t>(static_cast<int64_t>(rows[static_cast<size_t>(i)]) * width + a)] +=
          source.data<float>()[i * width + a];
  CHECK(std::equal(expected.begin(), expected.end(), sums.data<float>()));
}

TEST(selected_rows) {
  const Tensor x = counting({2, 3});
  CHECK(values(index_select(x, 1, integers({2}, {2, 0}))) == List({2, 0, 5, 3}));
  CHECK(values(index_select(x, 0, integers({}, {1}))) == List({3, 4, 5}));
  CHECK(index_select(counting({}), 0, integers({1}, {0})).dim() == 0);
  CHECK(thrown_by([&] { index_select(x, 0, integers({1}, {-1})); }) == "index out of range in self");
  CHECK(thrown_by([&] {
          index_select(x, 0, integers({1, 1}, {1}));
        }) == "index_select(): Index is supposed to be a vector");
  CHECK(thrown_by([&] { index_select(x, 0, counting({1})); }) ==
        "index_select(): Expected dtype int32 or int64 for index");
}

TEST(gradients_of_indexing) {
  const Tensor x = some_doubles({3, 4, 2}), i = integers({3}, {2, 0, 2}), j = integers({3}, {1, -1, 1});
  CHECK_GRADIENTS([&](const Tensors& in) { return index(in[0], {i, j}); }, {x});
  CHECK_GRADIENTS([&](const Tensors& in) { return index(in[0], {i, kAll, integers({1}, {1})}); }, {x});
  CHECK_GRADIENTS([&](const Tensors& in) { return index(transpose(in[0], 0, 1), {j}); }, {x});
  CHECK_GRADIENTS([&](const Tensors& in) { return index_select(in[0], 1, i); }, {x});
  CHECK_GRADIENTS(
      [&](const Tensors& in) { return masked_select(in[0], gt(in[0], zeros({}, DType::Float64))); }, {x});
  CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return square(index(in[0], {i, j})); }, {x});
}

TEST(gradients_of_puts) {
  const Tensor x = some_doubles({3, 2}), v = some_doubles({2, 2}, 9), row = some_doubles({2}, 4);
  const Tensor distinct = integers({2}, {2, 0}), same = integers({2}, {1, 1});
  const auto put = [](const Tensors& in, const Tensor& at, bool accumulate) {
    return index_put_(mul_scalar(in[0], Scalar::of(2.0)), {at}, in[1], accumulate);
  };
  CHECK_GRADIENTS([&](const Tensors& in) { return put(in, distinct, false); }, {x, v});
  CHECK_GRADIENTS([&](const Tensors& in) { return put(in, distinct, false); }, {x, row});
  CHECK_GRADIENTS([&](const Tensors& in) { return put(in, same, true); }, {x, v});
  CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return square(put(in, same, true)); }, {x, v});
  // Through a view, the base's history is rewritten.
  CHECK_GRADIENTS(
      [&](const Tensors& in) {
        const Tensor base = mul_scalar(in[0], Scalar::of(2.0));
        index_put_(select(base, 1, 0), {distinct}, in[1], false);
        return square(base);
      },
      {x, row});
}
