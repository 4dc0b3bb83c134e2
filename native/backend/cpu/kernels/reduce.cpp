#include "backend/cpu/kernels/reduce.h"

namespace unroll::cpu::UNROLL_ISA {

namespace {

constexpr int kLanes = 16;

/** The lanes added up in pairs: (0 + 8), (1 + 9), ... then halves of halves. */
inline double combined(double (&lanes)[kLanes]) {
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int l = 0; l < width; ++l) lanes[l] += lanes[l + width];
  return lanes[0];
}

/** sum f(x[i]): lane l takes every 16th element from the l-th on. */
template <class T, class F>
inline double sum_of(const T* x, int64_t n, F f) {
  double lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int l = 0; l < kLanes; ++l) lanes[l] += f(static_cast<double>(x[i + l]));
  for (int l = 0; i + l < n; ++l) lanes[l] += f(static_cast<double>(x[i + l]));
  return combined(lanes);
}

/** Four rows at a time: (row 0 + row 1) + (row 2 + row 3), so that a total is read and written once for four.
 */
template <class T, class F>
inline void sum_columns_of(const T* x, int64_t rows, int64_t stride, int64_t columns, double* total, F f) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const T *a = x + r * stride, *b = a + stride, *c = b + stride, *d = c + stride;
    for (int64_t j = 0; j < columns; ++j)
      total[j] += (f(static_cast<double>(a[j]), j) + f(static_cast<double>(b[j]), j)) +
                  (f(static_cast<double>(c[j]), j) + f(static_cast<double>(d[j]), j));
  }
  for (; r < rows; ++r)
    for (int64_t j = 0; j < columns; ++j) total[j] += f(static_cast<double>(x[r * stride + j]), j);
}

template <class T, class Better>
inline bool extreme_of(const T* x, int64_t n, T* result, Better better) {
  T best[kLanes];
  bool number[kLanes];
  for (int l = 0; l < kLanes; ++l) {
    best[l] = x[0];
    number[l] = true;
  }
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int l = 0; l < kLanes; ++l) {
      const T v = x[i + l];
      best[l] = better(v, best[l]) ? v : best[l];
      number[l] &= v == v;
    }
  for (int l = 0; i + l < n; ++l) {
    best[l] = better(x[i + l], best[l]) ? x[i + l] : best[l];
    number[l] &= x[i + l] == x[i + l];
  }
  bool all_numbers = true;
  for (int l = 0; l < kLanes; ++l) {
    if (better(best[l], best[0])) best[0] = best[l];
    all_numbers &= number[l];
  }
  *result = best[0];
  return all_numbers;
}

template <class T>
inline bool extreme(const T* x, int64_t n, bool largest, T* result) {
  return largest ? extreme_of(x, n, result, [](T a, T b) { return a > b; })
                 : extreme_of(x, n, result, [](T a, T b) { return a < b; });
}

inline double squared(double v) { return v * v; }

}  // namespace

double sum_f32(const float* x, int64_t n) {
  return sum_of(x, n, [](double v) { return v; });
}
double sum_f64(const double* x, int64_t n) {
  return sum_of(x, n, [](double v) { return v; });
}
double sum_squares_f32(const float* x, int64_t n, double centre) {
  return sum_of(x, n, [centre](double v) { return squared(v - centre); });
}
double sum_squares_f64(const double* x, int64_t n, double centre) {
  return sum_of(x, n, [centre](double v) { return squared(v - centre); });
}
void sum_columns_f32(const float* x, int64_t rows, int64_t stride, int64_t columns, double* total) {
  sum_columns_of(x, rows, stride, columns, total, [](double v, int64_t) { return v; });
}
void sum_columns_f64(const double* x, int64_t rows, int64_t stride, int64_t columns, double* total) {
  sum_columns_of(x, rows, stride, columns, total, [](double v, int64_t) { return v; });
}
void sum_squares_columns_f32(const float* x, int64_t rows, int64_t stride, int64_t columns,
                             const double* centre, double* total) {
  sum_columns_of(x, rows, stride, columns, total,
                 [centre](double v, int64_t j) { return squared(v - centre[j]); });
}
void sum_squares_columns_f64(const double* x, int64_t rows, int64_t stride, int64_t columns,
                             const double* centre, double* total) {
  sum_columns_of(x, rows, stride, columns, total,
                 [centre](double v, int64_t j) { return squared(v - centre[j]); });
}
bool extreme_f32(const float* x, int64_t n, bool largest, float* result) {
  return extreme(x, n, largest, result);
}
bool extreme_f64(const double* x, int64_t n, bool largest, double* result) {
  return extreme(x, n, largest, result);
}

}  // namespace unroll::cpu::UNROLL_ISA
