#include "backend/cpu/kernels/tiles.h"

namespace unroll::cpu::UNROLL_ISA {

namespace {

template <class T>
inline void take_row(const T* row, int64_t columns, double* __restrict sum, double* __restrict low,
                     double* __restrict high, double* __restrict finite) {
  for (int64_t j = 0; j < columns; ++j) {
    const double v = static_cast<double>(row[j]);
    const bool is_finite = v * 0 == 0;
    sum[j] += is_finite ? v : 0;
    finite[j] += is_finite ? 1 : 0;
    low[j] = is_finite && v < low[j] ? v : low[j];
    high[j] = is_finite && v > high[j] ? v : high[j];
  }
}

}  // namespace

void take_row_f32(const float* row, int64_t columns, double* sum, double* low, double* high, double* finite) {
  take_row(row, columns, sum, low, high, finite);
}
void take_row_f64(const double* row, int64_t columns, double* sum, double* low, double* high,
                  double* finite) {
  take_row(row, columns, sum, low, high, finite);
}

}  // namespace unroll::cpu::UNROLL_ISA
