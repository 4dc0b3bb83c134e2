#include "telemetry/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "backend/cpu/threads.h"

namespace unroll {

namespace {

constexpr int64_t kBlock = 1 << 14;    // elements that are gone through at a time, within the nearest cache
constexpr int64_t kSamples = 1 << 14;  // for the quantiles
constexpr double kCut = 0.001;         // of the quantiles
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/** A stretch of one row. */
template <class T>
struct Run {
  const T* data;
  int64_t count, stride;
  double operator[](int64_t i) const { return static_cast<double>(data[i * stride]); }
};

/** Calls f(block) for each, several at a time; `of(block, g)` then calls g for each of its runs. */
class Blocks {
 public:
  explicit Blocks(const Plane& plane) : plane_(in_long_rows(plane)) {
    if (plane_.numel() == 0) return;
    across_ = (plane_.columns + kBlock - 1) / kBlock;
    rows_ = across_ > 1 ? 1 : std::max<int64_t>(1, kBlock / plane_.columns);
    count_ = across_ * ((plane_.rows + rows_ - 1) / rows_);
  }
  int64_t count() const { return count_; }

  template <class T, class F>
  void runs(int64_t block, F&& f) const {
    const int64_t column = block % across_ * kBlock, row = block / across_ * rows_;
    const int64_t columns = std::min(kBlock, plane_.columns - column);
    for (int64_t r = row; r < std::min(row + rows_, plane_.rows); ++r)
      f(Run<T>{plane_.data<T>() + r * plane_.row_stride + column * plane_.column_stride, columns,
               plane_.column_stride});
  }

 private:
  Plane plane_;
  int64_t across_ = 1, rows_ = 1, count_ = 0;
};

/** Of finite elements; `spread` is the sum of squared distances from the mean. */
struct Sums {
  int64_t finite = 0, nan = 0, infinite = 0, zeros = 0;
  double sum = 0, spread = 0, squares = 0, low = kInfinity, high = -kInfinity;

  /** As if both had been gone through as one (Chan, Golub and LeVeque 1979). */
  void join(const Sums& other) {
    if (finite && other.finite) {
      const double a = static_cast<double>(finite), b = static_cast<double>(other.finite);
      const double apart = other.sum / b - sum / a;
      spread += apart * apart * a * b / (a + b);
    }
    finite += other.finite;
    nan += other.nan;
    infinite += other.infinite;
    zeros += other.zeros;
    sum += other.sum;
    spread += other.spread;
    squares += other.squares;
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

/** Four sums at a time: each addition waits for the one before. */
template <class F>
double sum_over(int64_t count, F&& term) {
  double lanes[4] = {};
  int64_t i = 0;
  for (; i + 4 <= count; i += 4)
    for (int k = 0; k < 4; ++k) lanes[k] += term(i + k);
  for (; i < count; ++i) lanes[0] += term(i);
  return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
}

template <class T>
Sums sums_of_finite(const Run<T>& run) {
  Sums s;
  s.finite = run.count;
  s.sum = sum_over(run.count, [&](int64_t i) { return run[i]; });
  const double mean = s.sum / static_cast<double>(run.count);
  s.spread = sum_over(run.count, [&](int64_t i) { return (run[i] - mean) * (run[i] - mean); });
  s.squares = sum_over(run.count, [&](int64_t i) { return run[i] * run[i]; });
  for (int64_t i = 0; i < run.count; ++i) {
    s.low = std::min(s.low, run[i]);
    s.high = std::max(s.high, run[i]);
    s.zeros += run[i] == 0;
  }
  return s;
}

template <class T>
Sums sums_of(const Run<T>& run) {
  if constexpr (!std::is_integral_v<T>) {
    // 0 times what is not finite is no number.
    if (sum_over(run.count, [&](int64_t i) { return run[i] * 0; }) != 0) {
      std::vector<double> finite;
      Sums s;
      for (int64_t i = 0; i < run.count; ++i) {
        if (std::isfinite(run[i]))
          finite.push_back(run[i]);
        else
          ++(std::isnan(run[i]) ? s.nan : s.infinite);
      }
      if (!finite.empty()) s.join(sums_of_finite(Run<double>{finite.data(), std::ssize(finite), 1}));
      return s;
    }
  }
  return sums_of_finite(run);
}

template <class T>
std::vector<double> samples_of(const Plane& plane) {
  std::vector<double> samples;
  const int64_t numel = plane.numel(), count = std::min(numel, kSamples);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t at = i * numel / count;
    const double x = static_cast<double>(
        plane.data<T>()[at / plane.columns * plane.row_stride + at % plane.columns * plane.column_stride]);
    if (std::isfinite(x)) samples.push_back(x);
  }
  std::sort(samples.begin(), samples.end());
  return samples;
}

template <class T>
Statistics statistics(const Plane& plane) {
  const Blocks blocks(plane);
  std::vector<Sums> each(static_cast<size_t>(blocks.count()));
  cpu::parallel_for(0, blocks.count(), 4, [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; ++b)
      blocks.runs<T>(b, [&](const Run<T>& run) { each[static_cast<size_t>(b)].join(sums_of(run)); });
  });
  Sums all;
  for (const Sums& s : each) all.join(s);
  Statistics out;
  out.count = plane.numel();
  out.nan = all.nan;
  out.infinite = all.infinite;
  out.zeros = all.zeros;
  if (all.finite == 0) return out;
  const double count = static_cast<double>(all.finite);
  out.mean = all.sum / count;
  out.deviation = std::sqrt(all.spread / count);
  out.low = all.low;
  out.high = all.high;
  out.norm = std::sqrt(all.squares);
  const std::vector<double> samples = samples_of<T>(plane);
  if (samples.empty()) {
    out.robust_low = out.low;
    out.robust_high = out.high;
  } else {
    const size_t cut = static_cast<size_t>(kCut * static_cast<double>(samples.size()));
    out.robust_low = samples[cut];
    out.robust_high = samples[samples.size() - 1 - cut];
  }
  return out;
}

template <class T>
Histogram histogram(const Plane& plane, double low, double high, int64_t bins) {
  Histogram out{low, high, std::vector<int64_t>(static_cast<size_t>(bins)), 0, 0};
  const Blocks blocks(plane);
  const double scale = high > low ? static_cast<double>(bins) / (high - low) : 0;
  std::mutex adding;
  cpu::parallel_for(0, blocks.count(), 4, [&](int64_t first, int64_t last) {
    std::vector<int64_t> counts(static_cast<size_t>(bins));
    int64_t below = 0, above = 0;
    for (int64_t b = first; b < last; ++b)
      blocks.runs<T>(b, [&](const Run<T>& run) {
        for (int64_t i = 0; i < run.count; ++i) {
          const double x = run[i];
          if (x >= low && x <= high)
            ++counts[std::min(static_cast<size_t>((x - low) * scale), static_cast<size_t>(bins - 1))];
          else if (std::isfinite(x))
            ++(x < low ? below : above);
        }
      });
    std::lock_guard lock(adding);
    for (size_t i = 0; i < counts.size(); ++i) out.counts[i] += counts[i];
    out.below += below;
    out.above += above;
  });
  return out;
}

/** The columns [from, to) of rows [top, bottom) as one tile. */
template <class T>
void paint(const Plane& plane, Picture& out, int64_t r, int64_t c) {
  const int64_t top = r * plane.rows / out.rows, bottom = (r + 1) * plane.rows / out.rows;
  const int64_t from = c * plane.columns / out.columns, to = (c + 1) * plane.columns / out.columns;
  double low = kInfinity, high = -kInfinity, sum = 0;
  int64_t finite = 0;
  for (int64_t row = top; row < bottom; ++row)
    for (int64_t column = from; column < to; ++column) {
      const double x =
          static_cast<double>(plane.data<T>()[row * plane.row_stride + column * plane.column_stride]);
      if (!std::isfinite(x)) continue;
      ++finite;
      sum += x;
      low = std::min(low, x);
      high = std::max(high, x);
    }
  const size_t at = static_cast<size_t>(r * out.columns + c);
  out.nonfinite[at] = static_cast<uint32_t>((bottom - top) * (to - from) - finite);
  out.low[at] = finite ? static_cast<float>(low) : kNan;
  out.high[at] = finite ? static_cast<float>(high) : kNan;
  out.mean[at] = finite ? static_cast<float>(sum / static_cast<double>(finite)) : kNan;
}

}  // namespace

Statistics statistics_of(const Plane& plane) {
  return visit_dtype(plane.owner.dtype(), [&](auto zero) { return statistics<decltype(zero)>(plane); });
}

Histogram histogram_of(const Plane& plane, double low, double high, int64_t bins) {
  return visit_dtype(plane.owner.dtype(),
                     [&](auto zero) { return histogram<decltype(zero)>(plane, low, high, bins); });
}

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
  const int64_t grain = std::max<int64_t>(1, kBlock * out.rows / plane.numel());
  visit_dtype(plane.owner.dtype(), [&](auto zero) {
    cpu::parallel_for(0, out.rows, grain, [&](int64_t first, int64_t last) {
      for (int64_t r = first; r < last; ++r)
        for (int64_t c = 0; c < out.columns; ++c) paint<decltype(zero)>(plane, out, r, c);
    });
  });
  return out;
}

}  // namespace unroll
