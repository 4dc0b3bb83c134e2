#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;

namespace {

Tensor turned(const Tensor& t) { return transpose(t, -2, -1); }
Tensor identity(int64_t n) { return eye(n, n, DType::Float64); }
bool is_near(const Tensor& a, const Tensor& b, double tolerance = 1e-12) {
  return a.sizes() == b.sizes() && values(max(unroll::abs(sub(a, b))))[0] <= tolerance;
}
Tensor columns_scaled(const Tensor& t, const Tensor& s) { return mul(t, unsqueeze(s, -2)); }
Tensor symmetric(const Tensor& t) { return add(t, turned(t)); }

}  // namespace

TEST(eigenvalues_rise_and_their_vectors_are_orthonormal) {
  const Tensor a = symmetric(some_doubles({5, 5}));
  const auto [l, v] = eigh(a, false);
  CHECK(is_near(columns_scaled(v, l), matmul(a, v)));
  CHECK(is_near(matmul(turned(v), v), identity(5)));
  const std::vector<double> found = values(l);
  CHECK(std::is_sorted(found.begin(), found.end()));
  CHECK(is_near(std::get<0>(eigh(tril(a, 0), false)), l) && is_near(std::get<0>(eigh(triu(a, 0), true)), l));
  CHECK(is_near(std::get<0>(eigh(zeros({3, 3}, DType::Float64), false)), zeros({3}, DType::Float64)));
}

TEST(singular_values_fall_and_their_vectors_are_orthonormal) {
  for (const Dims& sizes : {Dims{5, 3}, Dims{3, 3}, Dims{3, 5}, Dims{2, 4, 3}})
    for (bool full : {false, true}) {
      const Tensor a = some_doubles(sizes);
      const auto [u, s, vt] = svd(a, full);
      const int64_t k = s.size(-1);
      CHECK(is_near(matmul(columns_scaled(slice(u, -1, 0, k, 1), s), slice(vt, -2, 0, k, 1)), a));
      CHECK(is_near(matmul(turned(u), u), expand(identity(u.size(-1)), matmul(turned(u), u).sizes())));
      CHECK(is_near(matmul(vt, turned(vt)), expand(identity(vt.size(-2)), matmul(vt, turned(vt)).sizes())));
    }
}

TEST(matrices_of_lesser_rank) {
  const Tensor a = matmul(some_doubles({5, 2}), some_doubles({2, 4}, 2));
  const auto [u, s, vt] = svd(a, false);
  CHECK(values(s)[1] > 1e-3 && values(s)[2] < 1e-14);
  CHECK(is_near(matmul(turned(u), u), identity(4)) && is_near(matmul(vt, turned(vt)), identity(4)));
  const Tensor p = pinv(a, 1e-12);
  CHECK(is_near(matmul(matmul(a, p), a), a) && is_near(matmul(matmul(p, a), p), p, 1e-11));
  CHECK(values(sum(unroll::abs(pinv(zeros({2, 3}, DType::Float64), 1e-12)), {}, false))[0] == 0);
}

TEST(spectral_refusals) {
  CHECK(thrown_by([] {
          eigh(zeros({2, 3}), false);
        }) == "linalg.eigh: A must be batches of square matrices, but they are 2 by 3 matrices");
  CHECK(thrown_by([] {
          svd(full({2, 2}, Scalar::of(std::nan("")), DType::Float32), false);
        }).find("non-finite") != std::string::npos);
}

TEST(spectral_gradients_agree_with_differences) {
  const Tensor a = some_doubles({4, 4});
  CHECK_GRADIENTS([](const Tensors& in) { return std::get<0>(eigh(symmetric(in[0]), false)); }, {a});
  // Signs of vectors are arbitrary: their squares are not.
  CHECK_GRADIENTS([](const Tensors& in) { return square(std::get<1>(eigh(symmetric(in[0]), false))); }, {a});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return std::get<0>(eigh(symmetric(in[0]), false)); }, {a},
                         1e-4);
  for (const Dims& sizes : {Dims{4, 3}, Dims{3, 3}, Dims{3, 4}}) {
    const Tensor x = some_doubles(sizes);
    CHECK_GRADIENTS([](const Tensors& in) { return std::get<1>(svd(in[0], true)); }, {x});
    CHECK_GRADIENTS([](const Tensors& in) { return square(std::get<0>(svd(in[0], false))); }, {x});
    CHECK_GRADIENTS([](const Tensors& in) { return square(std::get<2>(svd(in[0], false))); }, {x});
    CHECK_GRADIENTS([](const Tensors& in) { return pinv(in[0], 1e-12); }, {x});
  }
}
