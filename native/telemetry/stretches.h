// A plane's elements as the kernels take them: stretches side by side in memory, of a size that lies in the
// nearest cache.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "telemetry/plane.h"

namespace unroll {

/**
 * Calls f(values, count) for stretches of `count` elements that lie `stride` apart: as they are where
 * they are float32 or float64 side by side, else as float64.
 */
template <class T, class F>
void in_stretches(const T* from, int64_t stride, int64_t count, F&& f) {
  constexpr int64_t kStretch = 1 << 11;
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    if (stride == 1) {
      for (int64_t first = 0; first < count; first += kStretch)
        f(from + first, std::min(kStretch, count - first));
      return;
    }
  double values[kStretch];
  for (int64_t first = 0; first < count; first += kStretch) {
    const int64_t n = std::min(kStretch, count - first);
    for (int64_t i = 0; i < n; ++i) values[i] = static_cast<double>(from[(first + i) * stride]);
    f(static_cast<const double*>(values), n);
  }
}

/** A plane cut into blocks of about as many elements; the cut hangs on the plane alone, not on threads. */
class Blocks {
 public:
  explicit Blocks(const Plane& plane) : plane_(in_long_rows(plane)) {
    if (plane_.numel() == 0) return;
    across_ = (plane_.columns + kBlock - 1) / kBlock;
    rows_ = across_ > 1 ? 1 : std::max<int64_t>(1, kBlock / plane_.columns);
    count_ = across_ * ((plane_.rows + rows_ - 1) / rows_);
  }
  int64_t count() const { return count_; }

  /** Calls f(values, count) for the block's stretches. */
  template <class T, class F>
  void stretches(int64_t block, F&& f) const {
    const int64_t column = block % across_ * kBlock, row = block / across_ * rows_;
    const int64_t columns = std::min(kBlock, plane_.columns - column);
    for (int64_t r = row; r < std::min(row + rows_, plane_.rows); ++r)
      in_stretches(plane_.data<T>() + r * plane_.row_stride + column * plane_.column_stride,
                   plane_.column_stride, columns, f);
  }

 private:
  static constexpr int64_t kBlock = 1 << 14;
  Plane plane_;
  int64_t across_ = 1, rows_ = 1, count_ = 0;
};

}  // namespace unroll
