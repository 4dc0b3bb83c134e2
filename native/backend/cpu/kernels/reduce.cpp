#include "backend/cpu/kernels/reduce.h"

namespace unroll::cpu::UNROLL_ISA {

namespace {

// The lanes are the same sixteen for every instruction set, held in as many registers as they take.
constexpr int kLanes = 16;
constexpr int kExtremeLanes = 32;
#if defined(UNROLL_ISA_avx512)
constexpr int kWidth = 8;
#elif defined(UNROLL_ISA_avx2)
constexpr int kWidth = 4;
#else
constexpr int kWidth = 2;
#endif
typedef double Vector __attribute__((vector_size(kWidth * sizeof(double))));

template <class T>
[[gnu::always_inline]] inline Vector load(const T* x) {
  typedef T Narrow __attribute__((vector_size(kWidth * sizeof(T))));
  Narrow values;
  __builtin_memcpy(&values, x, sizeof values);
  return __builtin_convertvector(values, Vector);
}

/** The sum of x, or of squared differences from `centre`: lane l takes every 16th element from the l-th on.
 */
template <bool squares, class T>
[[gnu::always_inline]] inline double sum_of(const T* x, int64_t n, double centre) {
  Vector lanes[kLanes / kWidth] = {};
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int k = 0; k < kLanes / kWidth; ++k) {
      const Vector v = squares ? load(x + i + k * kWidth) - centre : load(x + i + k * kWidth);
      lanes[k] += squares ? v * v : v;
    }
  double total = 0;
  if (i > 0) {
    double l[kLanes];
    __builtin_memcpy(l, lanes, sizeof l);
    const double a = (l[0] + l[8]) + (l[4] + l[12]), b = (l[1] + l[9]) + (l[5] + l[13]),
                 c = (l[2] + l[10]) + (l[6] + l[14]), d = (l[3] + l[11]) + (l[7] + l[15]);
    total = (a + c) + (b + d);
  }
  for (; i < n; ++i) {
    const double v = static_cast<double>(x[i]) - centre;
    total += squares ? v * v : v;
  }
  return total;
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

/** An integer as wide as T: comparisons of T are counted in vectors of the same shape. */
template <class T>
struct WideAs;
template <>
struct WideAs<float> {
  using Integer = int32_t;
};
template <>
struct WideAs<double> {
  using Integer = int64_t;
};

template <class T, class Better>
inline bool extreme_of(const T* x, int64_t n, T* result, Better better) {
  T best[kExtremeLanes];
  typename WideAs<T>::Integer nans[kExtremeLanes];
  for (int l = 0; l < kExtremeLanes; ++l) {
    best[l] = x[0];
    nans[l] = 0;
  }
  int64_t i = 0;
  for (; i + kExtremeLanes <= n; i += kExtremeLanes)
    for (int l = 0; l < kExtremeLanes; ++l) {
      const T v = x[i + l];
      best[l] = better(v, best[l]) ? v : best[l];
      nans[l] |= v != v ? 1 : 0;
    }
  for (int l = 0; i + l < n; ++l) {
    best[l] = better(x[i + l], best[l]) ? x[i + l] : best[l];
    nans[l] |= x[i + l] != x[i + l] ? 1 : 0;
  }
  for (int l = 1; l < kExtremeLanes; ++l) {
    if (better(best[l], best[0])) best[0] = best[l];
    nans[0] |= nans[l];
  }
  *result = best[0];
  return nans[0] == 0;
}

template <class T>
inline bool extreme(const T* x, int64_t n, bool largest, T* result) {
  return largest ? extreme_of(x, n, result, [](T a, T b) { return a > b; })
                 : extreme_of(x, n, result, [](T a, T b) { return a < b; });
}

template <class T>
inline bool bounds_of(const T* x, int64_t n, T* low, T* high, int64_t* zeros) {
  T least[kExtremeLanes], most[kExtremeLanes], none[kExtremeLanes];
  typename WideAs<T>::Integer zero[kExtremeLanes];
  for (int l = 0; l < kExtremeLanes; ++l) {
    least[l] = most[l] = x[0];
    none[l] = 0;
    zero[l] = 0;
  }
  const auto take = [&](T v, int l) {
    least[l] = v < least[l] ? v : least[l];
    most[l] = v > most[l] ? v : most[l];
    none[l] += v * 0;  // no number where v is not finite
    zero[l] += v == 0 ? 1 : 0;
  };
  int64_t i = 0;
  for (; i + kExtremeLanes <= n; i += kExtremeLanes)
    for (int l = 0; l < kExtremeLanes; ++l) take(x[i + l], l);
  for (int l = 0; i + l < n; ++l) take(x[i + l], l);
  int64_t count = zero[0];
  for (int l = 1; l < kExtremeLanes; ++l) {
    least[0] = least[l] < least[0] ? least[l] : least[0];
    most[0] = most[l] > most[0] ? most[l] : most[0];
    none[0] += none[l];
    count += zero[l];
  }
  if (none[0] != 0) return false;
  *low = least[0];
  *high = most[0];
  *zeros = count;
  return true;
}

inline double squared(double v) { return v * v; }

}  // namespace

double sum_f32(const float* x, int64_t n) { return sum_of<false>(x, n, 0); }
double sum_f64(const double* x, int64_t n) { return sum_of<false>(x, n, 0); }
double sum_squares_f32(const float* x, int64_t n, double centre) { return sum_of<true>(x, n, centre); }
double sum_squares_f64(const double* x, int64_t n, double centre) { return sum_of<true>(x, n, centre); }
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

bool bounds_f32(const float* x, int64_t n, float* low, float* high, int64_t* zeros) {
  return bounds_of(x, n, low, high, zeros);
}
bool bounds_f64(const double* x, int64_t n, double* low, double* high, int64_t* zeros) {
  return bounds_of(x, n, low, high, zeros);
}

}  // namespace unroll::cpu::UNROLL_ISA
