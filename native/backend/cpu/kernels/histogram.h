// Elements counted into bins of equal width.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

namespace unroll::cpu {

inline constexpr int64_t kMostCountedBins = 1024;

/** From low to high, both of which belong to a bin; scale = bins / (high - low), or 0 where they are equal.
 */
struct Binning {
  double low = 0, high = 0, scale = 0;
  int64_t bins = 1;  // at most kMostCountedBins
};

}  // namespace unroll::cpu

/** Adds to counts[bins + 3]: of each bin, then of finite elements below, of finite ones above, of the others.
 */
UNROLL_DISPATCH(void(const float* x, int64_t n, const Binning& binning, int64_t* counts), count_f32)
UNROLL_DISPATCH(void(const double* x, int64_t n, const Binning& binning, int64_t* counts), count_f64)
