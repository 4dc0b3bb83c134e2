#include "telemetry/picture.h"

#include <algorithm>
#include <limits>
#include <type_traits>
#include <vector>

#include "backend/cpu/kernels/tiles.h"
#include "backend/cpu/threads.h"
#include "backend/inspection.h"
#include "ops/ops.h"

namespace unroll {

namespace {

constexpr int64_t kGrain = 1 << 16;  // elements that make another thread worth waking
constexpr int64_t kStrip = 512;      // columns whose sums lie in the nearest cache
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/** What each of some columns comes to, or each tile of a row. */
template <class T>
struct Strip {
  explicit Strip(int64_t count)
      : sum(static_cast<size_t>(count)), low(sum.size()), high(sum.size()), finite(sum.size()) {}
  void clear() {
    std::fill(sum.begin(), sum.end(), 0);
    std::fill(low.begin(), low.end(), std::numeric_limits<T>::infinity());
    std::fill(high.begin(), high.end(), -std::numeric_limits<T>::infinity());
    std::fill(finite.begin(), finite.end(), 0);
  }
  void take(size_t to, const Strip& from, size_t at) {
    sum[to] += from.sum[at];
    low[to] = std::min(low[to], from.low[at]);
    high[to] = std::max(high[to], from.high[at]);
    finite[to] += from.finite[at];
  }
  std::vector<double> sum;
  std::vector<T> low, high;
  std::vector<int32_t> finite;
};

void take_rows(const float* x, int64_t rows, int64_t stride, int64_t columns, Strip<float>& to) {
  cpu::take_rows_f32(x, rows, stride, columns, to.sum.data(), to.low.data(), to.high.data(),
                     to.finite.data());
}
void take_rows(const double* x, int64_t rows, int64_t stride, int64_t columns, Strip<double>& to) {
  cpu::take_rows_f64(x, rows, stride, columns, to.sum.data(), to.low.data(), to.high.data(),
                     to.finite.data());
}

/** Makes the tiles of one row after another. */
template <class T>
class Painter {
 public:
  Painter(const Plane& plane, Picture& out)
      : plane_(plane), out_(out), columns_(kStrip), tiles_(out.columns) {}

  void paint(int64_t r) {
    const int64_t top = r * plane_.rows / out_.rows, bottom = (r + 1) * plane_.rows / out_.rows;
    tiles_.clear();
    for (int64_t first = 0, tile = 0; first < plane_.columns; first += kStrip) {
      const int64_t width = std::min(kStrip, plane_.columns - first);
      columns_.clear();
      take(top, bottom, first, width);
      for (int64_t c = 0; c < width; ++c) {
        if (first + c == end_of(tile)) ++tile;
        tiles_.take(static_cast<size_t>(tile), columns_, static_cast<size_t>(c));
      }
    }
    for (int64_t c = 0; c < out_.columns; ++c) finish(r, c, (bottom - top) * (end_of(c) - end_of(c - 1)));
  }

 private:
  /** Kernels take float32 and float64; the others go as float64. */
  using Value = std::conditional_t<std::is_same_v<T, float>, float, double>;

  int64_t end_of(int64_t tile) const { return (tile + 1) * plane_.columns / out_.columns; }

  void take(int64_t top, int64_t bottom, int64_t first, int64_t width) {
    const auto row = [&](int64_t r) {
      return plane_.data<T>() + r * plane_.row_stride + first * plane_.column_stride;
    };
    if constexpr (std::is_same_v<T, Value>)
      if (plane_.column_stride == 1)
        return take_rows(row(top), bottom - top, plane_.row_stride, width, columns_);
    Value values[kStrip];
    for (int64_t r = top; r < bottom; ++r) {
      for (int64_t c = 0; c < width; ++c) values[c] = static_cast<Value>(row(r)[c * plane_.column_stride]);
      take_rows(values, 1, width, width, columns_);
    }
  }

  void finish(int64_t r, int64_t c, int64_t elements) {
    const size_t from = static_cast<size_t>(c), at = static_cast<size_t>(r * out_.columns + c);
    const int32_t finite = tiles_.finite[from];
    out_.nonfinite[at] = static_cast<uint32_t>(elements - finite);
    out_.low[at] = finite > 0 ? static_cast<float>(tiles_.low[from]) : kNan;
    out_.high[at] = finite > 0 ? static_cast<float>(tiles_.high[from]) : kNan;
    out_.mean[at] = finite > 0 ? static_cast<float>(tiles_.sum[from] / finite) : kNan;
  }

  const Plane& plane_;
  Picture& out_;
  Strip<Value> columns_, tiles_;
};

void paint_on_device(const Plane& plane, Picture& out) {
  Device& device = plane.owner.device();
  const Tensor made = empty({4, out.rows, out.columns}, DType::Float32, device);
  tiles_kernel(device.type(), view_of(plane), made);
  const Tensor here = to_device(made, cpu_device());
  const float* from = here.data<float>();
  for (std::vector<float>* each : {&out.low, &out.high, &out.mean}) {
    std::copy(from, from + each->size(), each->begin());
    from += each->size();
  }
  std::transform(from, from + out.nonfinite.size(), out.nonfinite.begin(),
                 [](float count) { return static_cast<uint32_t>(count); });
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
  if (plane.owner.device_type() != DeviceType::Cpu) {
    paint_on_device(plane, out);
    return out;
  }
  visit_dtype(plane.owner.dtype(), [&](auto zero) {
    cpu::parallel_for(0, out.rows, std::max<int64_t>(1, kGrain * out.rows / plane.numel()),
                      [&](int64_t first, int64_t last) {
                        Painter<decltype(zero)> painter(plane, out);
                        for (int64_t r = first; r < last; ++r) painter.paint(r);
                      });
  });
  return out;
}

}  // namespace unroll
