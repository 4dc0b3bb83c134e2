#include "backend/cpu/kernels/tiles.h"

namespace unroll::cpu::UNROLL_ISA {

namespace {

/** Several rows at a time: what the columns have come to is read and written once for all of them. */
template <int rows, class T>
inline void take(const T* x, int64_t stride, int64_t columns, double* __restrict sum, T* __restrict low,
                 T* __restrict high, int32_t* __restrict finite) {
  // In two loops: a vector holds fewer of the wider sums.
  for (int64_t j = 0; j < columns; ++j) {
    T least = low[j], most = high[j];
    int32_t count = 0;
    for (int r = 0; r < rows; ++r) {
      const T v = x[r * stride + j];
      const bool is_finite = v * 0 == 0;
      const T below = is_finite ? v : least, above = is_finite ? v : most;
      count += is_finite ? 1 : 0;
      least = below < least ? below : least;
      most = above > most ? above : most;
    }
    low[j] = least;
    high[j] = most;
    finite[j] += count;
  }
  for (int64_t j = 0; j < columns; ++j) {
    double total = 0;
    for (int r = 0; r < rows; ++r) {
      const double v = static_cast<double>(x[r * stride + j]);
      total += v * 0 == 0 ? v : 0;
    }
    sum[j] += total;
  }
}

template <class T>
inline void take_rows(const T* x, int64_t rows, int64_t stride, int64_t columns, double* sum, T* low, T* high,
                      int32_t* finite) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) take<4>(x + r * stride, stride, columns, sum, low, high, finite);
  for (; r < rows; ++r) take<1>(x + r * stride, stride, columns, sum, low, high, finite);
}

}  // namespace

void take_rows_f32(const float* x, int64_t rows, int64_t stride, int64_t columns, double* sum, float* low,
                   float* high, int32_t* finite) {
  take_rows(x, rows, stride, columns, sum, low, high, finite);
}
void take_rows_f64(const double* x, int64_t rows, int64_t stride, int64_t columns, double* sum, double* low,
                   double* high, int32_t* finite) {
  take_rows(x, rows, stride, columns, sum, low, high, finite);
}

}  // namespace unroll::cpu::UNROLL_ISA
