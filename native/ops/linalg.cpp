// Decompositions of matrices and what is solved by them: small ones, one after the other, in float64. The
// last two dimensions are the matrix, those before a batch.
#include <cmath>

#include "ops/matrices.h"

namespace unroll {

namespace {

/** L and U in place with partial pivoting; the row swaps, and the sign of their permutation. */
struct Factors {
  Matrix lu;
  std::vector<int64_t> swapped;
  double sign = 1;
  bool is_singular = false;

  explicit Factors(Matrix a) : lu(std::move(a)) {
    const int64_t n = lu.rows;
    for (int64_t c = 0; c < n; ++c) {
      int64_t pivot = c;
      for (int64_t r = c + 1; r < n; ++r)
        if (std::fabs(lu(r, c)) > std::fabs(lu(pivot, c))) pivot = r;
      swapped.push_back(pivot);
      if (pivot != c) {
        sign = -sign;
        for (int64_t j = 0; j < n; ++j) std::swap(lu(c, j), lu(pivot, j));
      }
      if (lu(c, c) == 0) {
        is_singular = true;
        continue;
      }
      for (int64_t r = c + 1; r < n; ++r) {
        const double factor = lu(r, c) /= lu(c, c);
        for (int64_t j = c + 1; j < n; ++j) lu(r, j) -= factor * lu(c, j);
      }
    }
  }

  void solve(Matrix& b) {
    const int64_t n = lu.rows;
    for (int64_t c = 0; c < n; ++c)
      for (int64_t j = 0; j < b.columns; ++j) std::swap(b(c, j), b(swapped[static_cast<size_t>(c)], j));
    for (int64_t j = 0; j < b.columns; ++j) {
      for (int64_t r = 0; r < n; ++r)
        for (int64_t c = 0; c < r; ++c) b(r, j) -= lu(r, c) * b(c, j);
      for (int64_t r = n - 1; r >= 0; --r) {
        for (int64_t c = r + 1; c < n; ++c) b(r, j) -= lu(r, c) * b(c, j);
        b(r, j) /= lu(r, r);
      }
    }
  }
};

}  // namespace

void householder(Matrix a, Matrix& q, Matrix& r) {
  const int64_t m = a.rows, n = a.columns, steps = std::min(m, n);
  std::vector<std::vector<double>> reflectors;
  for (int64_t c = 0; c < steps; ++c) {
    double norm = 0;
    for (int64_t i = c; i < m; ++i) norm = std::hypot(norm, a(i, c));
    std::vector<double> v(static_cast<size_t>(m), 0.0);
    for (int64_t i = c; i < m; ++i) v[static_cast<size_t>(i)] = a(i, c);
    double below = 0;
    for (int64_t i = c + 1; i < m; ++i) below = std::max(below, std::fabs(a(i, c)));
    if (below == 0) norm = 0;  // nothing to reflect: LAPACK leaves the sign as it is
    if (norm > 0) v[static_cast<size_t>(c)] += a(c, c) < 0 ? -norm : norm;
    double square = 0;
    for (double x : v) square += x * x;
    const auto reflect = [&](Matrix& target, int64_t j) {
      double along = 0;
      for (int64_t i = c; i < m; ++i) along += v[static_cast<size_t>(i)] * target(i, j);
      for (int64_t i = c; i < m; ++i) target(i, j) -= 2 * along / square * v[static_cast<size_t>(i)];
    };
    if (norm > 0) {
      for (int64_t j = c; j < n; ++j) reflect(a, j);
    } else {
      v.assign(v.size(), 0.0);
    }
    reflectors.push_back(std::move(v));
  }
  for (int64_t i = 0; i < r.rows; ++i)
    for (int64_t j = 0; j < n; ++j) r(i, j) = j >= i ? a(i, j) : 0;
  for (int64_t j = 0; j < q.columns; ++j) {
    for (int64_t i = 0; i < m; ++i) q(i, j) = i == j;
    for (int64_t c = steps - 1; c >= 0; --c) {
      const std::vector<double>& v = reflectors[static_cast<size_t>(c)];
      double along = 0, square = 0;
      for (int64_t i = c; i < m; ++i) {
        along += v[static_cast<size_t>(i)] * q(i, j);
        square += v[static_cast<size_t>(i)] * v[static_cast<size_t>(i)];
      }
      for (int64_t i = c; i < m && square > 0; ++i) q(i, j) -= 2 * along / square * v[static_cast<size_t>(i)];
    }
  }
}

Tensor solve(const Tensor& a, const Tensor& b) {
  if (is_elsewhere(a))
    return on_processor(a, [&](const Tensor& here) { return solve(here, to_device(b, cpu_device())); });
  check_matrix(a, "linalg.solve", true);
  if (b.dim() == a.dim() - 1) return squeeze_dim(solve(a, unsqueeze(b, -1)), -1);
  UNROLL_CHECK(a.size(-1) == b.size(-2),
               "linalg.solve: Incompatible shapes of A and B for the equation AX = B (", a.size(-2), "x",
               a.size(-1), " and ", b.size(-2), "x", b.size(-1), ")");
  UNROLL_CHECK(a.dim() == b.dim() && batch_of(a) * b.size(-1) * b.size(-2) == b.numel(),
               "linalg.solve: A and B of different batches, ", a.sizes(), " and ", b.sizes(),
               ", are not supported");
  Tensor wide;
  {
    GradMode off(false);
    wide = clone(contiguous(to_dtype(detach(b), DType::Float64)));
  }
  each_matrix(a, [&](Matrix cells, int64_t k) {
    Factors factors(std::move(cells));
    UNROLL_CHECK_KIND(LinAlg, !factors.is_singular,
                      "torch.linalg.solve: The solver failed because the input matrix is singular.");
    Matrix right = read(wide, k);
    factors.solve(right);
    write(wide, k, right);
  });
  Tensor out = narrowed(wide, a);
  if (needs_grad(a, b))
    record(out, "LinalgSolveExBackward0", {a, b},
           [a = Saved(a), out = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             const Tensor of_b = solve(transposed(a.get(self)), g);
             return {self.needs(0) ? neg(matmul(of_b, transposed(out.get(self)))) : Tensor(), of_b};
           });
  return out;
}

Tensor inverse(const Tensor& a) {
  if (is_elsewhere(a)) return on_processor(a, [&](const Tensor& here) { return inverse(here); });
  check_matrix(a, "linalg.inv", true);
  Tensor wide = wide_result(a, a.size(-1), a.size(-1));
  each_matrix(a, [&](Matrix cells, int64_t k) {
    Factors factors(std::move(cells));
    UNROLL_CHECK_KIND(LinAlg, !factors.is_singular,
                      "linalg.inv: The diagonal element is zero, the inversion could not be "
                      "completed because the input matrix is singular.");
    Matrix identity(factors.lu.rows, factors.lu.rows);
    for (int64_t i = 0; i < identity.rows; ++i) identity(i, i) = 1;
    factors.solve(identity);
    write(wide, k, identity);
  });
  Tensor out = narrowed(wide, a);
  if (needs_grad(a))
    record(out, "LinalgInvExBackward0", {a},
           [out = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             const Tensor turned = transposed(out.get(self));
             return {neg(matmul(matmul(turned, g), turned))};
           });
  return out;
}

Tensor2 slogdet(const Tensor& a) {
  if (is_elsewhere(a)) return on_processor(a, [&](const Tensor& here) { return slogdet(here); });
  check_matrix(a, "linalg.slogdet", true);
  Dims sizes = a.sizes();
  sizes.erase(a.dim() - 1);
  sizes.erase(a.dim() - 2);
  Tensor signs = empty(sizes, DType::Float64), logs = empty(sizes, DType::Float64);
  each_matrix(a, [&](Matrix cells, int64_t k) {
    Factors factors(std::move(cells));
    double sign = factors.sign, log = 0;
    for (int64_t i = 0; i < factors.lu.rows; ++i) {
      const double pivot = factors.lu(i, i);
      sign *= pivot == 0 ? 0 : std::copysign(1.0, pivot);
      log += std::log(std::fabs(pivot));
    }
    signs.data<double>()[k] = sign;
    logs.data<double>()[k] = log;
  });
  Tensor sign = narrowed(signs, a), log = narrowed(logs, a);
  if (needs_grad(a))
    record(log, "LinalgSlogdetBackward0", {a}, [a = Saved(a)](Node& self, const Tensor& g) -> Tensors {
      return {mul(unsqueeze(unsqueeze(g, -1), -1), transposed(inverse(a.get(self))))};
    });
  return {sign, log};
}

Tensor det(const Tensor& a) {
  check_matrix(a, "linalg.det", true);
  const auto [sign, log] = slogdet(a);
  return mul(sign, exp(log));
}

Tensor cholesky(const Tensor& a, bool upper) {
  if (is_elsewhere(a)) return on_processor(a, [&](const Tensor& here) { return cholesky(here, upper); });
  check_matrix(a, "linalg.cholesky", true);
  if (upper) return transposed(cholesky(a, false));
  const int64_t n = a.size(-1);
  Tensor wide = wide_result(a, n, n);
  each_matrix(a, [&](Matrix cells, int64_t k) {
    Matrix l(n, n);
    for (int64_t j = 0; j < n; ++j)
      for (int64_t i = j; i < n; ++i) {
        double rest = cells(i, j);
        for (int64_t c = 0; c < j; ++c) rest -= l(i, c) * l(j, c);
        UNROLL_CHECK_KIND(LinAlg, i != j || rest > 0,
                          "linalg.cholesky: The factorization could not be completed because the "
                          "input is not positive-definite (the leading minor of order ",
                          j + 1, " is not positive-definite).");
        l(i, j) = i == j ? std::sqrt(rest) : rest / l(j, j);
      }
    write(wide, k, l);
  });
  Tensor out = narrowed(wide, a);
  if (needs_grad(a))
    record(out, "LinalgCholeskyExBackward0", {a},
           [out = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             const Tensor l = out.get(self), back = inverse(l), inner = matmul(transposed(l), g);
             const Tensor half = mul_scalar(add(tril(inner, 0), tril(inner, -1)), number(0.5));
             const Tensor whole = matmul(matmul(transposed(back), half), back);
             return {mul_scalar(add(whole, transposed(whole)), number(0.5))};
           });
  return out;
}

Tensor2 qr(const Tensor& a, bool complete) {
  if (is_elsewhere(a)) return on_processor(a, [&](const Tensor& here) { return qr(here, complete); });
  check_matrix(a, "linalg.qr", false);
  const int64_t m = a.size(-2), n = a.size(-1), q_columns = complete ? m : std::min(m, n);
  Tensor wide_q = wide_result(a, m, q_columns), wide_r = wide_result(a, q_columns, n);
  each_matrix(a, [&](Matrix cells, int64_t k) {
    Matrix q(m, q_columns), r(q_columns, n);
    householder(std::move(cells), q, r);
    write(wide_q, k, q);
    write(wide_r, k, r);
  });
  Tensor q = narrowed(wide_q, a), r = narrowed(wide_r, a);
  if (needs_grad(a))
    record_all({q, r}, "LinalgQrBackward0", {a},
               [q = Saved::output(q, 0), r = Saved::output(r, 1)](Node& self, Tensors grads) -> Tensors {
                 const Tensor basis = q.get(self), upper = r.get(self);
                 UNROLL_CHECK(
                     upper.size(-1) == upper.size(-2) && basis.size(-1) == upper.size(-2),
                     "The QR decomposition is not differentiable when mode='complete' or the matrix is wide");
                 Tensor inner = zeros_like(upper), outer = zeros_like(basis);
                 if (grads[1].defined()) inner = matmul(upper, transposed(grads[1]));
                 if (grads[0].defined()) {
                   inner = sub(inner, matmul(transposed(grads[0]), basis));
                   outer = grads[0];
                 }
                 const Tensor mirrored = add(tril(inner, 0), transposed(tril(inner, -1)));
                 const Tensor whole = add(outer, matmul(basis, mirrored));
                 return {transposed(solve(upper, transposed(whole)))};
               });
  return {q, r};
}

}  // namespace unroll
