// Eigenvalues and singular values, both by Jacobi's rotations: slower than what first makes a matrix
// tridiagonal, and accurate to the last places of each value.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ops/matrices.h"

namespace unroll {

namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr int kSweeps = 60;  // more than ever needed: each at least squares what is left, once that is small

/** The rotation that makes a pair's product 0: of their squares a and b, and the product. */
struct Rotation {
  double c, s;
  Rotation(double a, double b, double product) {
    const double zeta = (b - a) / (2 * product);
    const double t = (zeta < 0 ? -1 : 1) / (std::fabs(zeta) + std::hypot(1.0, zeta));
    c = 1 / std::hypot(1.0, t);
    s = c * t;
  }
  void turn(double& x, double& y) const {
    const double before = x;
    x = c * before - s * y;
    y = s * before + c * y;
  }
  void turn_rows(Matrix& m, int64_t p, int64_t q) const {
    for (int64_t j = 0; j < m.columns; ++j) turn(m(p, j), m(q, j));
  }
};

Matrix identity(int64_t n) {
  Matrix out(n, n);
  for (int64_t i = 0; i < n; ++i) out(i, i) = 1;
  return out;
}

/** The places of `values` in rising (or falling) order. */
std::vector<int64_t> order_of(const std::vector<double>& values, bool is_falling) {
  std::vector<int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t i, int64_t j) {
    const double a = values[static_cast<size_t>(i)], b = values[static_cast<size_t>(j)];
    return is_falling ? a > b : a < b;
  });
  return order;
}

void check_finite(const Matrix& a, const char* name) {
  UNROLL_CHECK(std::all_of(a.cells.begin(), a.cells.end(), [](double v) { return std::isfinite(v); }), name,
               ": The algorithm failed to converge because the input matrix contained non-finite values.");
}

/** Of a symmetric matrix: what stands on the diagonal in the end, and the vectors as the rows of `vectors`.
 */
std::vector<double> eigenvalues(Matrix a, Matrix& vectors) {
  const int64_t n = a.rows;
  vectors = identity(n);
  double squares = 0;
  for (double cell : a.cells) squares += cell * cell;
  const double negligible = kEpsilon / 8 * std::sqrt(squares);
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    bool is_done = true;
    for (int64_t p = 0; p < n; ++p)
      for (int64_t q = p + 1; q < n; ++q) {
        if (std::fabs(a(p, q)) <= negligible) continue;
        is_done = false;
        const Rotation rotation(a(p, p), a(q, q), a(p, q));
        rotation.turn_rows(a, p, q);
        for (int64_t i = 0; i < n; ++i) rotation.turn(a(i, p), a(i, q));
        a(p, q) = a(q, p) = 0;
        rotation.turn_rows(vectors, p, q);
      }
    if (is_done) break;
  }
  std::vector<double> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(a(i, i));
  return values;
}

/** U (m, k), the k = min(m, n) singular values, falling, and V^T (k, n). */
struct Singular {
  Matrix u, vt;
  std::vector<double> values;
};

/** The rows, which are orthonormal up to `rank`, made a basis: those from there on are made anew. */
void complete(Matrix& rows, int64_t rank) {
  if (rank >= rows.rows) return;
  Matrix known(rows.columns, rank), q(rows.columns, rows.columns), r(rows.columns, rank);
  for (int64_t i = 0; i < rank; ++i)
    for (int64_t j = 0; j < rows.columns; ++j) known(j, i) = rows(i, j);
  householder(std::move(known), q, r);
  for (int64_t i = rank; i < rows.rows; ++i)
    for (int64_t j = 0; j < rows.columns; ++j) rows(i, j) = q(j, i);
}

Matrix turned(const Matrix& a) {
  Matrix out(a.columns, a.rows);
  for (int64_t i = 0; i < a.rows; ++i)
    for (int64_t j = 0; j < a.columns; ++j) out(j, i) = a(i, j);
  return out;
}

/** Of a (m, n), m >= n: U^T (m or n, m) and V^T (n, n). */
Singular tall_values(const Matrix& given, int64_t rows_of_u) {
  const int64_t m = given.rows, n = given.columns;
  // The columns as rows, turned until each two are orthogonal.
  Matrix columns = turned(given), turns = identity(n);
  const auto product = [&](int64_t p, int64_t q) {
    const double *x = &columns(p, 0), *y = &columns(q, 0);
    return std::inner_product(x, x + m, y, 0.0);
  };
  for (int sweep = 0; sweep < kSweeps && m > 0; ++sweep) {
    bool is_done = true;
    for (int64_t p = 0; p < n; ++p)
      for (int64_t q = p + 1; q < n; ++q) {
        const double a = product(p, p), b = product(q, q), both = product(p, q);
        if (std::fabs(both) <= kEpsilon * std::sqrt(a * b) || both == 0) continue;
        is_done = false;
        const Rotation rotation(a, b, both);
        rotation.turn_rows(columns, p, q);
        rotation.turn_rows(turns, p, q);
      }
    if (is_done) break;
  }
  std::vector<double> norms;
  for (int64_t j = 0; j < n; ++j) norms.push_back(m ? std::sqrt(product(j, j)) : 0);
  Singular out{Matrix(rows_of_u, m), Matrix(n, n), {}};
  int64_t rank = 0, row = 0;
  for (int64_t j : order_of(norms, true)) {
    const double value = norms[static_cast<size_t>(j)];
    out.values.push_back(value);
    if (value > out.values[0] * kEpsilon && value > 0) rank = row + 1;
    for (int64_t i = 0; i < m; ++i) out.u(row, i) = value > 0 ? columns(j, i) / value : 0;
    for (int64_t i = 0; i < n; ++i) out.vt(row, i) = turns(j, i);
    ++row;
  }
  complete(out.u, rank);
  return out;
}

/** With `full`, U (m, m) and V^T (n, n). */
Singular singular(const Matrix& a, bool full) {
  const bool is_tall = a.rows >= a.columns;
  Singular found =
      tall_values(is_tall ? a : turned(a), full ? std::max(a.rows, a.columns) : std::min(a.rows, a.columns));
  if (is_tall) return {turned(found.u), std::move(found.vt), std::move(found.values)};
  return {turned(found.vt), std::move(found.u), std::move(found.values)};
}

Tensor values_result(const Tensor& like, int64_t count) {
  Dims sizes = like.sizes();
  sizes.erase(like.dim() - 1);
  sizes[like.dim() - 2] = count;
  return empty(sizes, DType::Float64, like.device());
}
void write_values(const Tensor& wide, int64_t k, const std::vector<double>& values) {
  std::copy(values.begin(), values.end(), wide.data<double>() + k * static_cast<int64_t>(values.size()));
}

/** rows scaled: diag(s) @ t, and columns scaled: t @ diag(s) */
Tensor scale_rows(const Tensor& s, const Tensor& t) { return mul(unsqueeze(s, -1), t); }
Tensor scale_columns(const Tensor& t, const Tensor& s) { return mul(t, unsqueeze(s, -2)); }
Tensor diagonal_of(const Tensor& s) { return scale_columns(eye(s.size(-1), s.size(-1), s.dtype()), s); }
/** x_j - x_i, and 1 on the diagonal. */
Tensor differences(const Tensor& x) {
  return add(sub(unsqueeze(x, -2), unsqueeze(x, -1)), eye(x.size(-1), x.size(-1), x.dtype()));
}
Tensor skew(const Tensor& t) { return sub(t, transposed(t)); }

/** The gradient of a = U diag(S) V^T; undefined ones count as 0. */
Tensor of_singular(const Tensor& u, const Tensor& s, const Tensor& vt, const Tensor& gu, const Tensor& gs,
                   const Tensor& gvt) {
  const int64_t m = u.size(-2), n = vt.size(-1), k = s.size(-1);
  Tensor inner = gs.defined() ? diagonal_of(gs) : mul_scalar(diagonal_of(s), number(0));
  if (!gu.defined() && !gvt.defined()) return matmul(matmul(u, inner), vt);
  const Tensor e = differences(mul(s, s));
  if (gu.defined()) inner = add(inner, scale_columns(div(skew(matmul(transposed(u), gu)), e), s));
  if (gvt.defined()) inner = add(inner, scale_rows(s, div(skew(matmul(vt, transposed(gvt))), e)));
  Tensor left = matmul(u, inner);
  if (gu.defined() && m > k)
    left = add(left, div(sub(gu, matmul(u, matmul(transposed(u), gu))), unsqueeze(s, -2)));
  Tensor out = matmul(left, vt);
  if (gvt.defined() && n > k) {
    const Tensor outside = sub(gvt, matmul(matmul(gvt, transposed(vt)), vt));
    out = add(out, matmul(u, div(outside, unsqueeze(s, -1))));
  }
  return out;
}

/** Of a batch of matrices, the first k columns (or rows). */
Tensor first_columns(const Tensor& t, int64_t k) { return t.defined() ? slice(t, -1, 0, k, 1) : t; }
Tensor first_rows(const Tensor& t, int64_t k) { return t.defined() ? slice(t, -2, 0, k, 1) : t; }

}  // namespace

Tensor2 eigh(const Tensor& a, bool upper) {
  if (is_elsewhere(a)) return on_processor(a, [&](const Tensor& here) { return eigh(here, upper); });
  check_matrix(a, "linalg.eigh", true);
  const int64_t n = a.size(-1);
  const Tensor wide_values = values_result(a, n), wide_vectors = wide_result(a, n, n);
  each_matrix(a, [&](Matrix cells, int64_t k) {
    check_finite(cells, "linalg.eigh");
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < i; ++j) upper ? cells(i, j) = cells(j, i) : cells(j, i) = cells(i, j);
    Matrix rows(n, n), vectors(n, n);
    const std::vector<double> found = eigenvalues(std::move(cells), rows);
    std::vector<double> sorted;
    for (int64_t j : order_of(found, false)) {
      for (int64_t i = 0; i < n; ++i) vectors(i, static_cast<int64_t>(sorted.size())) = rows(j, i);
      sorted.push_back(found[static_cast<size_t>(j)]);
    }
    write_values(wide_values, k, sorted);
    write(wide_vectors, k, vectors);
  });
  Tensor l = narrowed(wide_values, a), v = narrowed(wide_vectors, a);
  if (needs_grad(a))
    record_all({l, v}, "LinalgEighBackward0", {a},
               [l = Saved::output(l, 0), v = Saved::output(v, 1)](Node& self, Tensors grads) -> Tensors {
                 const Tensor values = l.get(self), vectors = v.get(self);
                 Tensor inner =
                     grads[0].defined() ? diagonal_of(grads[0]) : mul_scalar(diagonal_of(values), number(0));
                 if (grads[1].defined()) {
                   // But for the diagonal, which would change the vectors' lengths.
                   const Tensor turned = matmul(transposed(vectors), grads[1]);
                   const Tensor lengths = diagonal_of(sum(mul(vectors, grads[1]), {-2}, false));
                   inner = add(inner, div(sub(turned, lengths), differences(values)));
                 }
                 return {matmul(matmul(vectors, inner), transposed(vectors))};
               });
  return {l, v};
}

Tensor3 svd(const Tensor& a, bool full) {
  if (is_elsewhere(a)) return on_processor(a, [&](const Tensor& here) { return svd(here, full); });
  check_matrix(a, "linalg.svd", false);
  const int64_t m = a.size(-2), n = a.size(-1), k = std::min(m, n);
  UNROLL_CHECK_KIND(NotImplemented, k > 0 || !full,
                    "linalg.svd(full_matrices=True) of matrices without elements is not supported");
  const Tensor wide_u = wide_result(a, m, full ? m : k), wide_s = values_result(a, k),
               wide_vt = wide_result(a, full ? n : k, n);
  each_matrix(a, [&](Matrix cells, int64_t at) {
    check_finite(cells, "linalg.svd");
    const Singular found = singular(cells, full);
    write(wide_u, at, found.u);
    write_values(wide_s, at, found.values);
    write(wide_vt, at, found.vt);
  });
  Tensor u = narrowed(wide_u, a), s = narrowed(wide_s, a), vt = narrowed(wide_vt, a);
  if (needs_grad(a))
    record_all({u, s, vt}, "LinalgSvdBackward0", {a},
               [u = Saved::output(u, 0), s = Saved::output(s, 1), vt = Saved::output(vt, 2), k](
                   Node& self, Tensors grads) -> Tensors {
                 return {of_singular(first_columns(u.get(self), k), s.get(self), first_rows(vt.get(self), k),
                                     first_columns(grads[0], k), grads[1], first_rows(grads[2], k))};
               });
  return {u, s, vt};
}

Tensor pinv(const Tensor& a, double rtol) {
  if (is_elsewhere(a)) return on_processor(a, [&](const Tensor& here) { return pinv(here, rtol); });
  check_matrix(a, "linalg.pinv", false);
  Tensor wide = wide_result(a, a.size(-1), a.size(-2));
  each_matrix(a, [&](Matrix cells, int64_t k) {
    check_finite(cells, "linalg.svd");
    Singular found = singular(cells, false);
    Matrix out(cells.columns, cells.rows);
    for (size_t c = 0; c < found.values.size(); ++c) {
      if (found.values[c] <= rtol * found.values[0]) break;
      const int64_t at = static_cast<int64_t>(c);
      for (int64_t i = 0; i < out.rows; ++i)
        for (int64_t j = 0; j < out.columns; ++j)
          out(i, j) += found.vt(at, i) / found.values[c] * found.u(j, at);
    }
    write(wide, k, out);
  });
  Tensor out = narrowed(wide, a);
  if (needs_grad(a))
    record(out, "PinverseBackward0", {a},
           [a = Saved(a), out = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             const Tensor x = a.get(self), p = out.get(self), pt = transposed(p), gt = transposed(g);
             const Tensor rows = matmul(gt, matmul(p, pt)), columns = matmul(matmul(pt, p), gt);
             const Tensor outside =
                 add(sub(rows, matmul(x, matmul(p, rows))), sub(columns, matmul(matmul(columns, p), x)));
             return {sub(outside, matmul(matmul(pt, g), pt))};
           });
  return out;
}

}  // namespace unroll
