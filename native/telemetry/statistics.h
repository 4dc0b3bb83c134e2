// The numbers and the distribution of a plane of elements. Blocks of fixed size, put together in order: the
// results do not hang on the number of threads.
// Of a plane that lies on a device its kernels make them (backend/inspection.h).
#pragma once

#include <cstdint>
#include <utility>
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
/** Where its bins lie: over all of it where that is not much wider than where nearly all lies. */
std::pair<double, double> histogram_range(std::pair<double, double> all, std::pair<double, double> robust);
/**
 * As a log holds it: left edge, right edge and count of each bin, and one more on either side where elements
 * lie outside, out to the ends of all.
 */
std::vector<float> logged_bins(const Histogram& histogram, std::pair<double, double> all);
/** The same with kLoggedBins bins over histogram_range, one where that is a point; empty where no element is
 * finite. */
std::vector<float> logged_histogram(const Plane& plane);

}  // namespace unroll
