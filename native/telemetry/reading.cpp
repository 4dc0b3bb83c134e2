#include "telemetry/reading.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll {

namespace {

constexpr int64_t kMostBins = 4096, kMostPixels = 1 << 20;

template <class T>
std::vector<double> cells_of(const T* data, int64_t numel, int64_t first, int64_t count) {
  first = std::clamp<int64_t>(first, 0, numel);
  count = std::clamp<int64_t>(count, 0, numel - first);
  std::vector<double> cells(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) cells[static_cast<size_t>(i)] = static_cast<double>(data[first + i]);
  return cells;
}

template <class T>
Statistics statistics_of(const T* data, int64_t numel) {
  Statistics s;
  double sum = 0, squares = 0;
  s.low = std::numeric_limits<double>::infinity();
  s.high = -s.low;
  for (int64_t i = 0; i < numel; ++i) {
    const double x = static_cast<double>(data[i]);
    if (!std::isfinite(x)) {
      ++s.nonfinite;
      continue;
    }
    sum += x;
    squares += x * x;
    s.low = std::min(s.low, x);
    s.high = std::max(s.high, x);
  }
  const double count = static_cast<double>(numel - s.nonfinite);
  if (count == 0) return {0, 0, 0, 0, 0, s.nonfinite};
  s.mean = sum / count;
  s.norm = std::sqrt(squares);
  double spread = 0;
  for (int64_t i = 0; i < numel; ++i) {
    const double d = static_cast<double>(data[i]) - s.mean;
    if (std::isfinite(d)) spread += d * d;
  }
  s.deviation = std::sqrt(spread / count);
  return s;
}

template <class T>
std::vector<double> histogram_of(const T* data, int64_t numel, const Statistics& s, int64_t bins) {
  std::vector<double> counts(static_cast<size_t>(bins));
  const double scale = s.high > s.low ? static_cast<double>(bins) / (s.high - s.low) : 0;
  for (int64_t i = 0; i < numel; ++i) {
    const double x = static_cast<double>(data[i]);
    if (!std::isfinite(x)) continue;
    const double bin = std::min((x - s.low) * scale, static_cast<double>(bins - 1));
    ++counts[static_cast<size_t>(bin)];
  }
  return counts;
}

/** Rows are the first dimension, columns all others; a vector is one row. */
template <class T>
void paint(const T* data, const Dims& sizes, const Question& question, Reading& reading) {
  const int64_t numel = numel_of(sizes), height = sizes.size() > 1 ? sizes[0] : std::min<int64_t>(numel, 1);
  const int64_t width = height ? numel / height : 0;
  reading.rows = std::min(height, question.first);
  reading.columns = std::min(width, question.count);
  const int64_t pixels = reading.rows * reading.columns;
  reading.cells.assign(static_cast<size_t>(2 * pixels), std::numeric_limits<double>::quiet_NaN());
  if (pixels == 0) return;
  double* const lows = reading.cells.data();
  double* const highs = lows + pixels;
  for (int64_t r = 0; r < height; ++r)
    for (int64_t c = 0; c < width; ++c) {
      const double x = static_cast<double>(data[r * width + c]);
      if (!std::isfinite(x)) continue;
      const int64_t at = r * reading.rows / height * reading.columns + c * reading.columns / width;
      if (!(lows[at] <= x)) lows[at] = x;
      if (!(highs[at] >= x)) highs[at] = x;
    }
}

}  // namespace

Reading read_tensor(const Tensor& tensor, const Question& question) {
  Reading reading;
  if (!tensor.defined()) return reading;
  reading.found = true;
  reading.sizes = tensor.sizes();
  reading.dtype = tensor.dtype();
  GradMode off(false);
  const Tensor dense = contiguous(detached(tensor));
  const int64_t numel = dense.numel();
  visit_dtype(dense.dtype(), [&](auto zero) {
    const auto* data = dense.data<decltype(zero)>();
    if (question.form == Question::Form::Cells) {
      reading.cells = cells_of(data, numel, question.first, question.count);
      return;
    }
    reading.statistics = statistics_of(data, numel);
    if (question.form == Question::Form::Histogram)
      reading.cells =
          histogram_of(data, numel, reading.statistics, std::clamp<int64_t>(question.count, 1, kMostBins));
    else {
      Question bounded = question;
      bounded.first = std::clamp<int64_t>(question.first, 1, kMostPixels);
      bounded.count = std::clamp<int64_t>(question.count, 1, kMostPixels / bounded.first);
      paint(data, dense.sizes(), bounded, reading);
    }
  });
  return reading;
}

}  // namespace unroll
