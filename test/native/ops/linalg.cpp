#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {

bool is_near(const Tensor& a, const Tensor& b, double tolerance = 1e-12) {
  return values(max(unroll::abs(sub(a, b))))[0] <= tolerance;
}

/** A square matrix far from singular. */
Tensor regular(int64_t n, uint64_t seed = 1) {
  return add(some_doubles({n, n}, seed), mul_scalar(eye(n, n, DType::Float64), Scalar::of(2.0)));
}

Tensor positive(int64_t n) { return matmul(regular(n), transpose(regular(n), 0, 1)); }

}  // namespace

TEST(solutions_and_inverses) {
  const Tensor a = regular(4), b = some_doubles({4, 3}, 2);
  CHECK(is_near(matmul(a, solve(a, b)), b));
  CHECK(is_near(matmul(a, inverse(a)), eye(4, 4, DType::Float64)));
  CHECK(solve(a, select(b, 1, 0)).sizes() == Dims({4}));
  const Tensor batch = stack({regular(3, 1), regular(3, 2)}, 0);
  CHECK(is_near(matmul(batch, inverse(batch)), expand(eye(3, 3, DType::Float64), {2, 3, 3})));
}

TEST(determinants) {
  CHECK_NEAR(values(det(doubles({2, 2}, {1, 2, 3, 4})))[0], -2, 1e-14);
  const auto [sign, log] = slogdet(doubles({2, 2}, {1, 2, 3, 4}));
  CHECK(values(sign)[0] == -1);
  CHECK_NEAR(values(log)[0], std::log(2.0), 1e-14);
  CHECK(values(det(doubles({2, 2}, {1, 2, 2, 4})))[0] == 0);
}

TEST(factors) {
  const Tensor a = positive(4), l = cholesky(a, false);
  CHECK(is_near(matmul(l, transpose(l, 0, 1)), a) && is_near(l, tril(l, 0)));
  for (const Dims& sizes : {Dims{5, 3}, Dims{3, 3}, Dims{3, 5}})
    for (bool complete : {false, true}) {
      const Tensor x = some_doubles(sizes);
      const auto [q, r] = qr(x, complete);
      CHECK(is_near(matmul(q, r), x));
      CHECK(is_near(matmul(transpose(q, 0, 1), q), eye(q.size(1), q.size(1), DType::Float64)));
    }
}

TEST(refusals) {
  CHECK(thrown_by([] { inverse(zeros({2, 2})); }).find("singular") != std::string::npos);
  CHECK(thrown_by([] { cholesky(neg(eye(2, 2, DType::Float64)), false); }).find("leading minor of order 1") !=
        std::string::npos);
  CHECK(thrown_by([] {
          det(counting({2, 3}));
        }) == "linalg.det: A must be batches of square matrices, but they are 2 by 3 matrices");
}

TEST(gradients_agree_with_differences) {
  const Tensor a = regular(3), b = some_doubles({3, 2}, 2);
  CHECK_GRADIENTS([](const Tensors& in) { return solve(in[0], in[1]); }, {detach(a), detach(b)});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return solve(in[0], in[1]); }, {detach(a), detach(b)}, 1e-4);
  CHECK_GRADIENTS([](const Tensors& in) { return inverse(in[0]); }, {detach(a)});
  CHECK_GRADIENTS([](const Tensors& in) { return det(in[0]); }, {detach(a)});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<1>(slogdet(in[0])); }, {detach(a)});
  CHECK_GRADIENTS([](const Tensors& in) { return cholesky(matmul(in[0], transpose(in[0], 0, 1)), false); },
                  {detach(a)});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<0>(qr(in[0], false)); }, {some_doubles({4, 3})});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<1>(qr(in[0], false)); }, {some_doubles({4, 3})});
}
