// The numbers and the distribution of a plane of elements. Blocks of fixed size, put together in order: the
// results do not hang on the number of threads.
#pragma once

#include <cstdint>
#include <vector>

#include "telemetry/plane.h"

namespace unroll {

/** Over the finite elements, 0 where there are none; the deviation is that of a population. */
struct Statistics {
  int64_t count = 0;  // of all elements
  int64_t nan = 0, infinite = 0, zeros = 0;
  double mean = 0, deviation = 0, low = 0, high = 0, norm = 0;
  /** Where nearly all lie: the 0.1 % and 99.9 % quantiles of up to 16,384 elements, evenly spread. */
  double robust_low = 0, robust_high = 0;
};
Statistics statistics_of(const Plane& plane);

struct Histogram {
  /** Bins of equal width from low to high; both ends belong to a bin. */
  double low = 0, high = 0;
  std::vector<int64_t> counts;
  /** Finite elements outside. */
  int64_t below = 0, above = 0;
};
Histogram histogram_of(const Plane& plane, double low, double high, int64_t bins);

/** Tiles of elements, row by row. NaN where a tile has no finite element. */
struct Picture {
  int64_t rows = 0, columns = 0;
  std::vector<float> low, high, mean;
  /** Elements that are not finite. */
  std::vector<uint32_t> nonfinite;
};
/** At most `rows` by `columns` tiles; a tile for each element where there are no more. */
Picture picture_of(const Plane& plane, int64_t rows, int64_t columns);

}  // namespace unroll
