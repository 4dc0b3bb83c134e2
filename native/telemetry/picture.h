// A plane of elements made small: what a heatmap draws.
#pragma once

#include <cstdint>
#include <vector>

#include "telemetry/plane.h"

namespace unroll {

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
