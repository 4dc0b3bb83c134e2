#include <cmath>
#include <limits>

#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST(norms) {
  const Tensor x = tensor_of({2, 2}, {3, -4, 0, 0});
  CHECK(values(norm(x, 2, {}, false)) == List({5}) && values(norm(x, 1, {1}, false)) == List({7, 0}));
  CHECK(values(norm(x, 0, {0}, false)) == List({1, 1}) && values(norm(x, kInfinity, {}, true)) == List({4}));
  CHECK(values(norm(x, -kInfinity, {0}, false)) == List({0, 0}));
  CHECK_NEAR(values(norm(x, 3, {}, false))[0], std::cbrt(27.0 + 64.0), 1e-6);
  CHECK(values(norm(transpose(x, 0, 1), 2, {0}, false)) == List({5, 0}));
  CHECK(std::isnan(values(norm(tensor_of({3}, {1, kNaN, 2}), kInfinity, {}, false))[0]));
  const Tensor large = noisy({90000});
  double squares = 0;
  for (double v : values(large)) squares += v * v;
  CHECK_NEAR(values(norm(large, 2, {}, false))[0], std::sqrt(squares), 1e-7 * std::sqrt(squares));
}

TEST(norms_of_nothing) {
  const Tensor none = counting({0, 3});
  CHECK(values(norm(none, 2, {}, false)) == List({0}));
  CHECK(norm(none, kInfinity, {1}, false).sizes() == Dims({0}));
  CHECK(thrown_by([&] { norm(none, kInfinity, {}, false); }) ==
        "linalg.vector_norm cannot compute the inf norm on an empty tensor because the operation does not "
        "have an "
        "identity");
  CHECK(thrown_by([&] { norm(none, kInfinity, {0}, false); }) ==
        "linalg.vector_norm cannot compute the inf norm on the dimension 0because this dimension is empty "
        "and the "
        "operation does not have an identity");
  CHECK(thrown_by([] { norm(counting({2}, DType::Int64), 2, {}, false); }) ==
        "linalg.vector_norm: Expected a floating point or complex tensor as input. Got Long");
}

TEST(variances) {
  const Tensor x = tensor_of({2, 3}, {1, 2, 3, 4, 8, 6});
  CHECK(values(var(x, {1}, 1, false)) == List({1, 4}));
  CHECK(values(var(x, {0}, 0, true)) == List({2.25, 9, 2.25}));
  CHECK(std::isnan(values(var(tensor_of({1}, {1}), {}, 1, false))[0]));
  CHECK(thrown_by([] { var(counting({2}, DType::Int64), {}, 1, false); }) ==
        "std and var only support floating point and complex dtypes");
  // Far from zero, where sums of squares would lose everything; longer than a chunk, by rows and by columns.
  for (const Dims& sizes : {Dims{1, 90000}, Dims{90000, 1}}) {
    const Tensor far = add_scalar(noisy(sizes, DType::Float64), Scalar::of(1e8));
    double mean = 0, squares = 0;
    for (double v : values(far)) mean += (v - 1e8) / 90000;
    for (double v : values(far)) squares += (v - 1e8 - mean) * (v - 1e8 - mean);
    CHECK_NEAR(values(var(far, {}, 1, false))[0], squares / 89999, 1e-7);
  }
  const Tensor columns = noisy({3000, 20});
  const List by_columns = values(var(columns, {0}, 1, false)),
             by_rows = values(var(contiguous(transpose(columns, 0, 1)), {1}, 1, false));
  for (size_t i = 0; i < 20; ++i) CHECK_NEAR(by_columns[i], by_rows[i], 1e-6);
}

TEST(log_sum_exp) {
  const Tensor x = tensor_of({2, 2}, {1000, 1000, -kInfinity, 0});
  const List found = values(logsumexp(x, {1}, false));
  CHECK_NEAR(found[0], 1000 + std::log(2.0), 1e-4);
  CHECK(found[1] == 0);
  CHECK(values(logsumexp(tensor_of({2}, {-kInfinity, -kInfinity}), {0}, false)) == List({-kInfinity}));
  CHECK(values(logsumexp(tensor_of({2}, {kInfinity, 0}), {0}, false)) == List({kInfinity}));
  CHECK(values(logsumexp(counting({0, 2}), {0}, false)) == List({-kInfinity, -kInfinity}));
  CHECK(logsumexp(x, {0, 1}, true).sizes() == Dims({1, 1}) && logsumexp(x, {0, 1}, false).dim() == 0);
  CHECK(logsumexp(counting({2}, DType::Int64), {0}, false).dtype() == DType::Float32);
}

TEST(gradients_of_norms) {
  const Tensor x = some_doubles({3, 4});
  for (double p : {2.0, 1.0, 3.0, 1.5, 0.5, -1.0, kInfinity, -kInfinity}) {
    CHECK_GRADIENTS([p](const Tensors& in) { return norm(in[0], p, {1}, false); }, {x});
    CHECK_GRADIENTS([p](const Tensors& in) { return norm(in[0], p, {}, true); }, {x});
  }
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return norm(in[0], 2, {0}, false); }, {x});
  const Tensor zero = zeros({2}, DType::Float64);
  set_requires_grad(zero, true);
  for (double p : {2.0, 1.0, 3.0, 0.5, kInfinity}) {
    const Tensors found = grad({norm(zero, p, {}, false)}, {Tensor()}, {zero}, {}, false);
    CHECK(values(found[0]) == List({0, 0}));
  }
  CHECK(check::thrown_by([&] {
          grad({norm(zero, 0, {}, false)}, {Tensor()}, {zero}, {}, false);
        }).find("appears to not have been used in the graph") != std::string::npos);
}

TEST(gradients_of_variances_and_log_sum_exp) {
  const Tensor x = some_doubles({3, 4});
  CHECK_GRADIENTS([](const Tensors& in) { return var(in[0], {1}, 1, false); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return var(in[0], {}, 0, false); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return logsumexp(in[0], {0}, true); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return logsumexp(in[0], {0, 1}, false); }, {x});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return logsumexp(in[0], {1}, false); }, {x});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return var(in[0], {0}, 1, false); }, {x});
}
