#include "telemetry/picture.h"

#include <algorithm>
#include <limits>

#include "backend/cpu/kernels/tiles.h"
#include "backend/cpu/threads.h"
#include "telemetry/stretches.h"

namespace unroll {

namespace {

constexpr int64_t kGrain = 1 << 16;  // elements that make another thread worth waking
constexpr int64_t kStrip = 512;      // columns whose sums lie in the nearest cache
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/** What each of some columns comes to, or each tile of a row. */
struct Strip {
  explicit Strip(int64_t count)
      : sum(static_cast<size_t>(count)), low(sum.size()), high(sum.size()), finite(sum.size()) {
    clear();
  }
  void clear() {
    std::fill(sum.begin(), sum.end(), 0);
    std::fill(low.begin(), low.end(), kInfinity);
    std::fill(high.begin(), high.end(), -kInfinity);
    std::fill(finite.begin(), finite.end(), 0);
  }
  void take(size_t to, const Strip& from, size_t at) {
    sum[to] += from.sum[at];
    low[to] = std::min(low[to], from.low[at]);
    high[to] = std::max(high[to], from.high[at]);
    finite[to] += from.finite[at];
  }
  std::vector<double> sum, low, high, finite;
};

void take_row(const float* row, int64_t columns, Strip& to) {
  cpu::take_row_f32(row, columns, to.sum.data(), to.low.data(), to.high.data(), to.finite.data());
}
void take_row(const double* row, int64_t columns, Strip& to) {
  cpu::take_row_f64(row, columns, to.sum.data(), to.low.data(), to.high.data(), to.finite.data());
}

/** The tiles of row r. */
template <class T>
void paint(const Plane& plane, Picture& out, int64_t r, Strip& columns, Strip& tiles) {
  const int64_t top = r * plane.rows / out.rows, bottom = (r + 1) * plane.rows / out.rows;
  const auto end_of = [&](int64_t tile) { return (tile + 1) * plane.columns / out.columns; };
  tiles.clear();
  for (int64_t first = 0, tile = 0; first < plane.columns; first += kStrip) {
    const int64_t width = std::min(kStrip, plane.columns - first);
    columns.clear();
    for (int64_t row = top; row < bottom; ++row)
      in_stretches(plane.data<T>() + row * plane.row_stride + first * plane.column_stride,
                   plane.column_stride, width,
                   [&](const auto* values, int64_t n, int64_t) { take_row(values, n, columns); });
    for (int64_t c = 0; c < width; ++c) {
      if (first + c == end_of(tile)) ++tile;
      tiles.take(static_cast<size_t>(tile), columns, static_cast<size_t>(c));
    }
  }
  for (int64_t c = 0; c < out.columns; ++c) {
    const size_t from = static_cast<size_t>(c), at = static_cast<size_t>(r * out.columns + c);
    const int64_t elements = (bottom - top) * (end_of(c) - c * plane.columns / out.columns);
    const double finite = tiles.finite[from];
    out.nonfinite[at] = static_cast<uint32_t>(elements - static_cast<int64_t>(finite));
    out.low[at] = finite > 0 ? static_cast<float>(tiles.low[from]) : kNan;
    out.high[at] = finite > 0 ? static_cast<float>(tiles.high[from]) : kNan;
    out.mean[at] = finite > 0 ? static_cast<float>(tiles.sum[from] / finite) : kNan;
  }
}

}  // namespace

Picture picture_of(const Plane& plane, int64_t rows, int64_t columns) {
  Picture out;
  out.rows = std::min(rows, plane.rows);
  out.columns = std::min(columns, plane.columns);
  const size_t tiles = static_cast<size_t>(out.rows * out.columns);
  out.low.resize(tiles);
  out.high.resize(tiles);
  out.mean.resize(tiles);
  out.nonfinite.resize(tiles);
  if (tiles == 0) return out;
  visit_dtype(plane.owner.dtype(), [&](auto zero) {
    cpu::parallel_for(0, out.rows, std::max<int64_t>(1, kGrain * out.rows / plane.numel()),
                      [&](int64_t first, int64_t last) {
                        Strip columns_of(kStrip), tiles_of(out.columns);
                        for (int64_t r = first; r < last; ++r)
                          paint<decltype(zero)>(plane, out, r, columns_of, tiles_of);
                      });
  });
  return out;
}

}  // namespace unroll
