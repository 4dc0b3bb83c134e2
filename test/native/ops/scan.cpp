#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using List = std::vector<double>;

TEST(running_products) {
  CHECK(values(cumprod(tensor_of({2, 3}, {1, 2, 3, 4, 5, 6}), 1)) == List({1, 2, 6, 4, 20, 120}));
  CHECK(values(cumprod(tensor_of({2, 3}, {1, 2, 3, 4, 5, 6}), 0)) == List({1, 2, 3, 4, 10, 18}));
  CHECK(cumprod(counting({2}, DType::Int16), 0).dtype() == DType::Int64);
  CHECK(cumprod(counting({2, 0}), 1).sizes() == Dims({2, 0}));
}

TEST(running_extremes_take_the_last_of_equals_and_nan) {
  const Tensor x = tensor_of({5}, {2, 1, 2, std::nan(""), 5});
  const auto [most, at] = cummax(x, 0);
  CHECK(values(most)[2] == 2 && std::isnan(values(most)[4]));
  CHECK(values(at) == List({0, 0, 2, 3, 3}));
  CHECK(values(std::get<1>(cummin(tensor_of({4}, {3, 1, 1, 2}), 0))) == List({0, 1, 2, 2}));
}

TEST(running_log_sums) {
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor x = doubles({2, 3}, {0, 1, 2, -inf, -inf, 3});
  const List found = values(logcumsumexp(x, 1));
  CHECK_NEAR(found[2], std::log(1 + std::exp(1.0) + std::exp(2.0)), 1e-14);
  CHECK(found[3] == -inf && found[4] == -inf && found[5] == 3);
  CHECK(values(logcumsumexp(doubles({3}, {-inf, inf, 1}), 0))[2] == inf);
  CHECK_NEAR(values(logcumsumexp(doubles({2}, {1000, 1000}), 0))[1], 1000 + std::log(2.0), 1e-12);
}

TEST(gradients_agree_with_differences) {
  const Tensor x = some_doubles({2, 3, 2});
  for (int64_t dim : {0, 1, 2}) {
    CHECK_GRADIENTS([&](const Tensors& in) { return cumprod(in[0], dim); }, {detach(x)});
    CHECK_GRADIENTS([&](const Tensors& in) { return logcumsumexp(in[0], dim); }, {detach(x)});
    CHECK_GRADIENTS([&](const Tensors& in) { return std::get<0>(cummax(in[0], dim)); }, {detach(x)});
    CHECK_GRADIENTS([&](const Tensors& in) { return std::get<0>(cummin(in[0], dim)); }, {detach(x)});
  }
  CHECK_GRADIENTS([](const Tensors& in) { return cumprod(in[0], 0); }, {doubles({4}, {2, 0, 3, -1})});
  CHECK_GRADIENTS([](const Tensors& in) { return cumprod(in[0], 0); }, {doubles({4}, {0, 1, 0, -1})});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return cumprod(in[0], 1); }, {detach(x)});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return logcumsumexp(in[0], 1); }, {detach(x)}, 1e-4);
}
