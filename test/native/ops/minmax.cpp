#include <cmath>
#include <limits>

#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
}

TEST(extremes_of_everything) {
  const Tensor x = tensor_of({2, 3}, {3, -1, 4, 1, -5, 9});
  CHECK(values(max(x)) == List({9}) && values(min(x)) == List({-5}) && max(x).dim() == 0);
  CHECK(values(argmax(x, {}, false)) == List({5}) && values(argmin(x, {}, true)) == List({4}));
  CHECK(values(argmax(transpose(x, 0, 1), {}, false)) == List({5}) &&
        values(argmin(transpose(x, 0, 1), {}, false)) == List({3}));
  CHECK(std::isnan(values(max(tensor_of({3}, {1, kNaN, 2})))[0]));
  CHECK(values(max(tensor_of({2}, {1, 0}, DType::Bool))) == List({1}));
}

TEST(extremes_of_many) {
  for (DType dtype : {DType::Float32, DType::Float64, DType::Int64}) {
    Tensor x = noisy({100003}, DType::Float64);
    x = to_dtype(mul_scalar(x, Scalar::of(1e6)), dtype);
    const List all = values(x);
    const auto [least, greatest] = std::minmax_element(all.begin(), all.end());
    CHECK(values(max(x)) == List({*greatest}) && values(min(x)) == List({*least}));
    CHECK(values(argmax(x, {}, false)) ==
          List({static_cast<double>(std::max_element(all.begin(), all.end()) - all.begin())}));
    CHECK(values(argmin(x, {}, false)) == List({static_cast<double>(least - all.begin())}));
  }
}

TEST(extremes_along_a_dimension) {
  const Tensor x = tensor_of({2, 3}, {3, 4, 4, 1, -5, 1});
  const auto [values1, at1] = max_dim(x, 1, false);
  CHECK(values(values1) == List({4, 1}) && values(at1) == List({1, 0}) && at1.dtype() == DType::Int64);
  const auto [values0, at0] = min_dim(x, 0, true);
  CHECK(values0.sizes() == Dims({1, 3}) && values(values0) == List({1, -5, 1}) &&
        values(at0) == List({1, 1, 1}));
  const auto [nans, at] = max_dim(tensor_of({2, 3}, {1, kNaN, kNaN, 2, 5, 3}), 1, false);
  CHECK(std::isnan(values(nans)[0]) && values(at) == List({1, 1}));
  const auto [columns, rows] = max_dim(tensor_of({3, 2}, {1, 7, kNaN, 2, 3, 9}), 0, false);
  CHECK(std::isnan(values(columns)[0]) && values(rows) == List({1, 2}));
  CHECK(values(std::get<1>(max_dim(counting({}), 0, false))) == List({0}));
  CHECK(values(argmax(x, -1, true)) == List({1, 0}) && argmax(x, -1, true).sizes() == Dims({2, 1}));
  CHECK(std::get<0>(max_dim(counting({0, 3}), 1, false)).sizes() == Dims({0}));
}

TEST(errors_of_extremes) {
  const Tensor none = counting({0, 3});
  CHECK(thrown_by([&] { max(none); }) ==
        "max(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim "
        "with the 'dim' "
        "argument.");
  CHECK(thrown_by([&] { min_dim(none, 0, false); }) ==
        "min(): Expected reduction dim 0 to have non-zero size.");
  CHECK(thrown_by([&] { argmax(none, {}, false); }) ==
        "argmax(): Expected reduction dim to be specified for input.numel() == 0.");
  CHECK(thrown_by([&] { argmin(none, 0, false); }) ==
        "argmin(): Expected reduction dim 0 to have non-zero size.");
}

TEST(gradients_of_extremes) {
  const Tensor x = some_doubles({3, 4});
  CHECK_GRADIENTS([](const Tensors& in) { return max(in[0]); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<0>(max_dim(in[0], 1, false)); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<0>(min_dim(in[0], 0, true)); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<0>(max_dim(in[0], 0, false)); },
                  {some_doubles({})});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return square(std::get<0>(max_dim(in[0], 1, false))); },
                         {x});
  const Tensor tied = tensor_of({3}, {2, 1, 2});
  set_requires_grad(tied, true);
  CHECK(values(grad({max(tied)}, {Tensor()}, {tied}, {}, false)[0]) == List({0.5, 0, 0.5}));
  const Tensor nans = tensor_of({3}, {2, kNaN, 2});
  set_requires_grad(nans, true);
  CHECK(values(grad({max(nans)}, {Tensor()}, {nans}, {}, false)[0]) == List({0, 1, 0}));
}
