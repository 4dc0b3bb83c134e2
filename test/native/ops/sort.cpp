#include <algorithm>
#include <cmath>
#include <limits>

#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(sorts_along_any_dimension) {
  const Tensor x = tensor_of({2, 3}, {3, 1, 2, 5, 6, 4});
  const auto [rows, at] = sort(x, -1, false, false);
  CHECK(values(rows) == List({1, 2, 3, 4, 5, 6}) && values(at) == List({1, 2, 0, 2, 0, 1}));
  const auto [columns, from] = sort(x, 0, true, false);
  CHECK(values(columns) == List({5, 6, 4, 3, 1, 2}) && values(from) == List({1, 1, 1, 0, 0, 0}));
  CHECK(columns.is_contiguous() && from.dtype() == DType::Int64);
  CHECK(values(std::get<0>(sort(transpose(x, 0, 1), 0, false, true))) == List({1, 4, 2, 5, 3, 6}));
  CHECK(values(std::get<0>(sort(tensor_of({}, {3}), 0, false, false))) == List({3}));
  CHECK(std::get<0>(sort(counting({2, 0}), 1, false, false)).sizes() == Dims({2, 0}));
}

TEST(equal_elements_keep_their_order) {
  const Tensor x = integers({6}, {1, 0, 1, 0, 1, 0});
  CHECK(values(std::get<1>(sort(x, 0, false, true))) == List({1, 3, 5, 0, 2, 4}));
  CHECK(values(std::get<1>(sort(x, 0, true, true))) == List({0, 2, 4, 1, 3, 5}));
}

TEST(nan_is_the_greatest) {
  const Tensor x = tensor_of({3}, {1, std::numeric_limits<double>::quiet_NaN(), 3});
  CHECK(values(std::get<1>(sort(x, 0, false, false))) == List({0, 2, 1}));
  CHECK(values(std::get<1>(sort(x, 0, true, false))) == List({1, 2, 0}));
}

TEST(the_first_k) {
  const Tensor x = noisy({4, 1000});
  const auto [best, at] = topk(x, 10, 1, true, true);
  CHECK(best.sizes() == Dims({4, 10}));
  for (int64_t r = 0; r < 4; ++r) {
    List row = values(select(x, 0, r));
    std::sort(row.rbegin(), row.rend());
    row.resize(10);
    CHECK(values(select(best, 0, r)) == row);
  }
  CHECK(values(gather(x, 1, at)) == values(best));
  CHECK(values(std::get<0>(topk(counting({3}), 2, 0, false, true))) == List({0, 1}));
  CHECK(std::get<0>(topk(x, 0, 1, true, true)).sizes() == Dims({4, 0}));
  CHECK(values(std::get<0>(topk(tensor_of({}, {7}), 0, 0, true, true))) == List({7}));
  CHECK(thrown_by([&] { topk(counting({3}), 4, 0, true, true); }) == "selected index k out of range");
  CHECK(thrown_by([&] { topk(counting({3}), -1, 0, true, true); }) == "selected index k out of range");
}

TEST(gradients_of_sorting) {
  const Tensor x = some_doubles({3, 4});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<0>(sort(in[0], 0, true, false)); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<0>(topk(in[0], 2, 1, true, true)); }, {x});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return square(std::get<0>(sort(in[0], 1, false, false))); },
                         {x});
}
