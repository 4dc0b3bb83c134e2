// What each reduction keeps while it runs and how it takes in a stretch of memory (backend/cpu/reduce.cpp
// drives).
//
// A reducer R has types In, Acc and Out and
//   Acc start()                                          the value of an empty chunk
//   void row(const In* x, int64_t n, Acc& acc)           takes in a stretch
//   void columns(const In* x, int64_t rows, int64_t stride, int64_t columns, Acc* acc)
//                                                        the same for up to kColumnBlock columns side by side
//   void merge(Acc& acc, const Acc& next)                the chunk after acc's
//   Out finish(const Acc& acc)
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "backend/cpu/kernels/reduce.h"

namespace unroll::cpu {

inline constexpr int64_t kColumnBlock = 256;  // columns whose accumulators stay in the nearest cache

/** Reducers that take in one element at a time; D gives `void add(Acc& acc, In x)`. */
template <class D, class In_, class Acc_, class Out_>
struct Elementwise {
  using In = In_;
  using Acc = Acc_;
  using Out = Out_;
  void row(const In* x, int64_t n, Acc& acc) const {
    for (int64_t i = 0; i < n; ++i) self().add(acc, x[i]);
  }
  void columns(const In* x, int64_t rows, int64_t stride, int64_t columns, Acc* acc) const {
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < columns; ++c) self().add(acc[c], x[r * stride + c]);
  }

 private:
  const D& self() const { return static_cast<const D&>(*this); }
};

inline double sum_row(const float* x, int64_t n) { return sum_f32(x, n); }
inline double sum_row(const double* x, int64_t n) { return sum_f64(x, n); }
inline double sum_squares_row(const float* x, int64_t n, double centre) {
  return sum_squares_f32(x, n, centre);
}
inline double sum_squares_row(const double* x, int64_t n, double centre) {
  return sum_squares_f64(x, n, centre);
}
inline void sum_columns(const float* x, int64_t rows, int64_t stride, int64_t columns, double* total) {
  sum_columns_f32(x, rows, stride, columns, total);
}
inline void sum_columns(const double* x, int64_t rows, int64_t stride, int64_t columns, double* total) {
  sum_columns_f64(x, rows, stride, columns, total);
}
inline void sum_squares_columns(const float* x, int64_t rows, int64_t stride, int64_t columns,
                                const double* centre, double* total) {
  sum_squares_columns_f32(x, rows, stride, columns, centre, total);
}
inline void sum_squares_columns(const double* x, int64_t rows, int64_t stride, int64_t columns,
                                const double* centre, double* total) {
  sum_squares_columns_f64(x, rows, stride, columns, centre, total);
}

/** The sum over a `divisor`, which is 1 but for means. */
template <class T>
struct FloatSum {
  using In = T;
  using Acc = double;
  using Out = T;
  double divisor = 1;
  double start() const { return 0; }
  void row(const T* x, int64_t n, double& acc) const { acc += sum_row(x, n); }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t columns, double* acc) const {
    sum_columns(x, rows, stride, columns, acc);
  }
  void merge(double& acc, double next) const { acc += next; }
  T finish(double acc) const { return static_cast<T>(acc / divisor); }
};

template <class T>
struct Norm2 {
  using In = T;
  using Acc = double;
  using Out = T;
  double start() const { return 0; }
  void row(const T* x, int64_t n, double& acc) const { acc += sum_squares_row(x, n, 0); }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t columns, double* acc) const {
    constexpr double zeros[kColumnBlock] = {};
    sum_squares_columns(x, rows, stride, columns, zeros, acc);
  }
  void merge(double& acc, double next) const { acc += next; }
  T finish(double acc) const { return static_cast<T>(std::sqrt(acc)); }
};

/** Count, mean and the sum of squared differences from it; two of these make one (Chan et al. 1979). */
struct Moments {
  double n, mean, squares;
};

template <class T>
struct Variance {
  using In = T;
  using Acc = Moments;
  using Out = T;
  double correction;
  Moments start() const { return {0, 0, 0}; }
  // A chunk is read twice, the second time from the cache: once for the mean, once around it.
  void row(const T* x, int64_t n, Moments& acc) const {
    if (n == 0) return;
    const double mean = sum_row(x, n) / static_cast<double>(n);
    acc = {static_cast<double>(n), mean, sum_squares_row(x, n, mean)};
  }
  void columns(const T* x, int64_t rows, int64_t stride, int64_t columns, Moments* acc) const {
    if (rows == 0) return;
    double mean[kColumnBlock] = {}, squares[kColumnBlock] = {};
    sum_columns(x, rows, stride, columns, mean);
    for (int64_t c = 0; c < columns; ++c) mean[c] /= static_cast<double>(rows);
    sum_squares_columns(x, rows, stride, columns, mean, squares);
    for (int64_t c = 0; c < columns; ++c) acc[c] = {static_cast<double>(rows), mean[c], squares[c]};
  }
  void merge(Moments& a, const Moments& b) const {
    const double n = a.n + b.n, difference = b.mean - a.mean;
    a.squares += b.squares + difference * difference * (a.n * b.n / n);
    a.mean += difference * (b.n / n);
    a.n = n;
  }
  T finish(const Moments& acc) const {
    return static_cast<T>(acc.squares / std::max(0.0, acc.n - correction));
  }
};

/** Sums in int64, wrapping around as two's complement does. */
template <class T>
struct IntegerSum : Elementwise<IntegerSum<T>, T, uint64_t, int64_t> {
  uint64_t start() const { return 0; }
  void add(uint64_t& acc, T x) const { acc += static_cast<uint64_t>(x); }
  void merge(uint64_t& acc, uint64_t next) const { acc += next; }
  int64_t finish(uint64_t acc) const { return static_cast<int64_t>(acc); }
};

template <class T>
struct FloatProd : Elementwise<FloatProd<T>, T, double, T> {
  double start() const { return 1; }
  void add(double& acc, T x) const { acc *= static_cast<double>(x); }
  void merge(double& acc, double next) const { acc *= next; }
  T finish(double acc) const { return static_cast<T>(acc); }
};

template <class T>
struct IntegerProd : Elementwise<IntegerProd<T>, T, uint64_t, int64_t> {
  uint64_t start() const { return 1; }
  void add(uint64_t& acc, T x) const { acc *= static_cast<uint64_t>(x); }
  void merge(uint64_t& acc, uint64_t next) const { acc *= next; }
  int64_t finish(uint64_t acc) const { return static_cast<int64_t>(acc); }
};

/** Whether any element is not zero, or all are. */
template <class T, class Out, bool all>
struct Truth : Elementwise<Truth<T, Out, all>, T, uint8_t, Out> {
  uint8_t start() const { return all; }
  void add(uint8_t& acc, T x) const { merge(acc, x != T{}); }
  void merge(uint8_t& acc, uint8_t next) const { acc = all ? acc & next : acc | next; }
  Out finish(uint8_t acc) const { return static_cast<Out>(acc); }
};

template <class T>
struct CountNonzero : Elementwise<CountNonzero<T>, T, int64_t, T> {
  int64_t start() const { return 0; }
  void add(int64_t& acc, T x) const { acc += x != 0; }
  void merge(int64_t& acc, int64_t next) const { acc += next; }
  T finish(int64_t acc) const { return static_cast<T>(acc); }
};

template <class T>
struct AbsSum : Elementwise<AbsSum<T>, T, double, T> {
  double start() const { return 0; }
  void add(double& acc, T x) const { acc += std::fabs(static_cast<double>(x)); }
  void merge(double& acc, double next) const { acc += next; }
  T finish(double acc) const { return static_cast<T>(acc); }
};

template <class T, bool largest>
struct AbsExtreme : Elementwise<AbsExtreme<T, largest>, T, T, T> {
  T start() const { return largest ? T{0} : std::numeric_limits<T>::infinity(); }
  void add(T& acc, T x) const { merge(acc, std::fabs(x)); }
  void merge(T& acc, T next) const {
    if (next != next || (largest ? next > acc : next < acc)) acc = next;
  }
  T finish(T acc) const { return acc; }
};

template <class T>
struct NormP : Elementwise<NormP<T>, T, double, T> {
  double p;
  explicit NormP(double power) : p(power) {}
  double start() const { return 0; }
  void add(double& acc, T x) const { acc += std::pow(std::fabs(static_cast<double>(x)), p); }
  void merge(double& acc, double next) const { acc += next; }
  T finish(double acc) const { return static_cast<T>(std::pow(acc, 1 / p)); }
};

}  // namespace unroll::cpu
