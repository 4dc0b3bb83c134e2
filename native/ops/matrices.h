// What the decompositions of matrices share: small ones, one after the other, in float64. The last two
// dimensions of a tensor are the matrix, those before a batch.
#pragma once

#include <tuple>
#include <type_traits>
#include <vector>

#include "ops/shapes.h"

namespace unroll {

/** A row-major matrix in double. */
struct Matrix {
  int64_t rows, columns;
  std::vector<double> cells;
  Matrix(int64_t m, int64_t n) : rows(m), columns(n), cells(static_cast<size_t>(m * n)) {}
  double& operator()(int64_t i, int64_t j) { return cells[static_cast<size_t>(i * columns + j)]; }
  double operator()(int64_t i, int64_t j) const { return cells[static_cast<size_t>(i * columns + j)]; }
};

/**
 * Decompositions are the processor's alone, which makes them in double: matrices of another device are copied
 * there, and what comes of them back; so are their gradients.
 */
template <class F>
auto on_processor(const Tensor& a, F decompose) {
  auto found = decompose(to_device(a, cpu_device()));
  if constexpr (std::is_same_v<decltype(found), Tensor>)
    return to_device(found, a.device());
  else
    return std::apply([&](const auto&... each) { return decltype(found){to_device(each, a.device())...}; },
                      found);
}
inline bool is_elsewhere(const Tensor& a) { return a.device_type() != DeviceType::Cpu; }

inline Scalar number(double value) { return Scalar::of(value); }

inline void check_matrix(const Tensor& t, const char* name, bool is_square) {
  UNROLL_CHECK(t.dim() >= 2, name, ": The input tensor A must have at least 2 dimensions.");
  UNROLL_CHECK(!is_square || t.size(-1) == t.size(-2), name,
               ": A must be batches of square matrices, but they are ", t.size(-2), " by ", t.size(-1),
               " matrices");
  UNROLL_CHECK(is_floating(t.dtype()), name, ": Expected a floating point or complex tensor as input. Got ",
               scalar_type_name(t.dtype()));
}

inline int64_t batch_of(const Tensor& t) {
  const int64_t area = t.size(-1) * t.size(-2);
  return area ? t.numel() / area : 0;
}

inline Matrix read(const Tensor& wide, int64_t k) {
  Matrix a(wide.size(-2), wide.size(-1));
  const double* from = wide.data<double>() + k * a.rows * a.columns;
  a.cells.assign(from, from + a.rows * a.columns);
  return a;
}
inline void write(const Tensor& wide, int64_t k, const Matrix& a) {
  std::copy(a.cells.begin(), a.cells.end(), wide.data<double>() + k * a.rows * a.columns);
}

/** Calls f(k) for every matrix of a batch, with recording off; `t` contiguous in float64. */
template <class F>
void each_matrix(const Tensor& t, F f) {
  GradMode off(false);
  const Tensor wide = contiguous(to_dtype(detach(t), DType::Float64));
  for (int64_t k = 0; k < batch_of(t); ++k) f(read(wide, k), k);
}

inline Tensor wide_result(const Tensor& like, int64_t rows, int64_t columns) {
  Dims sizes = like.sizes();
  sizes[like.dim() - 2] = rows;
  sizes[like.dim() - 1] = columns;
  return empty(sizes, DType::Float64, like.device());
}
inline Tensor narrowed(const Tensor& wide, const Tensor& like) {
  GradMode off(false);
  return to_dtype(wide, like.dtype());
}

/** Q (m, q) and R (q, n) by Householder reflections, the signs as LAPACK has them (linalg.cpp). */
void householder(Matrix a, Matrix& q, Matrix& r);

}  // namespace unroll
