#include "telemetry/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <tuple>
#include <utility>

#include "backend/cpu/kernels/histogram.h"
#include "backend/cpu/reducers.h"
#include "backend/cpu/threads.h"
#include "backend/inspection.h"
#include "backend/readings.h"
#include "ops/ops.h"
#include "telemetry/stretches.h"

namespace unroll {

namespace {

constexpr int64_t kBlocksAThread = 2;  // that make another thread worth waking
constexpr double kCut = 0.001;         // of the quantiles
constexpr int64_t kParts = 256;        // that a device sums up side by side
constexpr int64_t kSamples = 1 << 14;  // for the quantiles; a log makes do with fewer
constexpr double kInfinity = std::numeric_limits<double>::infinity();

/** Of finite elements; `spread` is the sum of squared distances from the mean. */
struct Sums {
  int64_t finite = 0, nan = 0, infinite = 0, zeros = 0;
  double sum = 0, spread = 0, low = kInfinity, high = -kInfinity;

  double mean() const { return sum / static_cast<double>(finite); }

  /** As if both had been gone through as one (Chan, Golub and LeVeque 1979). */
  void join(const Sums& other) {
    if (finite && other.finite) {
      const double a = static_cast<double>(finite), b = static_cast<double>(other.finite);
      const double apart = other.mean() - mean();
      spread += apart * apart * a * b / (a + b);
    }
    finite += other.finite;
    nan += other.nan;
    infinite += other.infinite;
    zeros += other.zeros;
    sum += other.sum;
    spread += other.spread;
    low = std::min(low, other.low);
    high = std::max(high, other.high);
  }
};

bool bounds(const float* x, int64_t n, float& low, float& high, int64_t& zeros) {
  return cpu::bounds_f32(x, n, &low, &high, &zeros);
}
bool bounds(const double* x, int64_t n, double& low, double& high, int64_t& zeros) {
  return cpu::bounds_f64(x, n, &low, &high, &zeros);
}
void count_into(const float* x, int64_t n, const cpu::Binning& binning, int64_t* counts) {
  cpu::count_f32(x, n, binning, counts);
}
void count_into(const double* x, int64_t n, const cpu::Binning& binning, int64_t* counts) {
  cpu::count_f64(x, n, binning, counts);
}

/** Of n > 0 elements in the nearest cache; sum and spread only where `moments` are asked for. */
template <bool moments, class T>
Sums sums_of(const T* x, int64_t n) {
  Sums s;
  T low, high;
  if (bounds(x, n, low, high, s.zeros)) {
    s.finite = n;
    if constexpr (moments) {
      s.sum = cpu::sum_row(x, n);
      s.spread = cpu::sum_squares_row(x, n, s.mean());
    }
    s.low = static_cast<double>(low);
    s.high = static_cast<double>(high);
    return s;
  }
  std::vector<double> finite;
  for (int64_t i = 0; i < n; ++i) {
    if (std::isfinite(x[i]))
      finite.push_back(static_cast<double>(x[i]));
    else
      ++(std::isnan(x[i]) ? s.nan : s.infinite);
  }
  if (!finite.empty()) s.join(sums_of<moments>(finite.data(), std::ssize(finite)));
  return s;
}

template <bool moments, class T>
Sums sums_of(const Plane& plane) {
  const Blocks blocks(plane);
  std::vector<Sums> each(static_cast<size_t>(blocks.count()));
  cpu::parallel_for(0, blocks.count(), kBlocksAThread, [&](int64_t first, int64_t last) {
    for (int64_t b = first; b < last; ++b)
      blocks.stretches<T>(
          b, [&](const auto* x, int64_t n) { each[static_cast<size_t>(b)].join(sums_of<moments>(x, n)); });
  });
  Sums all;
  for (const Sums& s : each) all.join(s);
  return all;
}

bool is_on_processor(const Plane& plane) { return plane.owner.device_type() == DeviceType::Cpu; }

/** What a kernel leaves for the plane on its device: (rows, columns) of numbers, read. */
template <class Run>
std::vector<double> numbers_from(const Plane& plane, const Dims& sizes, Run kernel) {
  Device& device = plane.owner.device();
  const Tensor out = empty(sizes, sum_type(device), device);
  kernel(device.type(), out);
  const Tensor here = to_device(out, cpu_device());
  return visit_floating(here.dtype(), "statistics", [&]<class T>(T) {
    return std::vector<double>(here.data<T>(), here.data<T>() + here.numel());
  });
}

Sums sums_on_device(const Plane& plane) {
  const std::vector<double> parts =
      numbers_from(plane, {kParts, 8}, [&](DeviceType device, const Tensor& out) {
        part_sums_kernel(device, view_of(in_long_rows(plane)), out);
      });
  Sums all;
  for (const double* p = parts.data(); p < parts.data() + parts.size(); p += 8) {
    const auto count = [&](int i) { return static_cast<int64_t>(p[i]); };
    all.join({count(0), count(5), count(6), count(7), p[1], p[2], p[3], p[4]});
  }
  return all;
}

std::vector<double> samples_on_device(const Plane& plane, int64_t most) {
  std::vector<double> samples = numbers_from(
      plane, {std::min(plane.numel(), most)},
      [&](DeviceType device, const Tensor& out) { samples_kernel(device, view_of(plane), out); });
  std::erase_if(samples, [](double x) { return !std::isfinite(x); });
  return samples;
}

Histogram histogram_on_device(const Plane& plane, double low, double high, int64_t bins) {
  Device& device = plane.owner.device();
  const Tensor out = empty({bins + 2}, DType::Int32, device);
  bins_kernel(device.type(), view_of(in_long_rows(plane)), low, high, out);
  const Tensor here = to_device(out, cpu_device());
  const int32_t* const counts = here.data<int32_t>();
  return {low, high, std::vector<int64_t>(counts, counts + bins), counts[bins], counts[bins + 1]};
}

template <class T>
std::vector<double> samples_of(const Plane& plane, int64_t most) {
  std::vector<double> samples;
  const int64_t numel = plane.numel(), count = std::min(numel, most);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t at = i * numel / count;
    const double x = static_cast<double>(
        plane.data<T>()[at / plane.columns * plane.row_stride + at % plane.columns * plane.column_stride]);
    if (std::isfinite(x)) samples.push_back(x);
  }
  return samples;
}

/** The quantiles at the cut from either end; none of them empty. */
std::pair<double, double> quantiles_of(std::vector<double> samples) {
  const auto cut = static_cast<std::ptrdiff_t>(kCut * static_cast<double>(samples.size()));
  const auto low = samples.begin() + cut, high = samples.end() - 1 - cut;
  std::nth_element(samples.begin(), low, samples.end());
  // What is not less than the low one lies after it.
  if (high != low) std::nth_element(low + 1, high, samples.end());
  return {*low, *high};
}

/** Where nearly all lie, to judge by these samples; as `all` says where none of them is finite. */
std::pair<double, double> robust_range(std::vector<double> samples, const Sums& all) {
  if (samples.empty()) return {all.low, all.high};
  return quantiles_of(std::move(samples));
}

Statistics statistics(int64_t elements, const Sums& all, std::vector<double> samples) {
  Statistics out;
  out.count = elements;
  out.nan = all.nan;
  out.infinite = all.infinite;
  out.zeros = all.zeros;
  if (all.finite == 0) return out;
  const double count = static_cast<double>(all.finite);
  out.mean = all.mean();
  out.deviation = std::sqrt(all.spread / count);
  out.low = all.low;
  out.high = all.high;
  out.norm = std::sqrt(all.spread + all.mean() * all.sum);
  std::tie(out.robust_low, out.robust_high) = robust_range(std::move(samples), all);
  return out;
}

template <class T>
Histogram histogram(const Plane& plane, double low, double high, int64_t bins) {
  const Blocks blocks(plane);
  const cpu::Binning binning{low, high, high > low ? static_cast<double>(bins) / (high - low) : 0, bins};
  std::vector<int64_t> counts(static_cast<size_t>(bins) + 3);
  std::mutex adding;
  cpu::parallel_for(0, blocks.count(), kBlocksAThread, [&](int64_t first, int64_t last) {
    std::vector<int64_t> mine(counts.size());
    for (int64_t b = first; b < last; ++b)
      blocks.stretches<T>(b, [&](const auto* x, int64_t n) { count_into(x, n, binning, mine.data()); });
    std::lock_guard lock(adding);
    for (size_t i = 0; i < counts.size(); ++i) counts[i] += mine[i];
  });
  const auto end = counts.begin() + bins;
  return {low, high, std::vector<int64_t>(counts.begin(), end), end[0], end[1]};
}

}  // namespace

Statistics statistics_of(const Plane& plane) {
  if (!is_on_processor(plane))
    return statistics(plane.numel(), sums_on_device(plane), samples_on_device(plane, kSamples));
  return visit_dtype(plane.owner.dtype(), [&]<class T>(T) {
    return statistics(plane.numel(), sums_of<true, T>(plane), samples_of<T>(plane, kSamples));
  });
}

Histogram histogram_of(const Plane& plane, double low, double high, int64_t bins) {
  if (!is_on_processor(plane)) return histogram_on_device(plane, low, high, bins);
  return visit_dtype(plane.owner.dtype(),
                     [&](auto zero) { return histogram<decltype(zero)>(plane, low, high, bins); });
}

std::pair<double, double> histogram_range(std::pair<double, double> all, std::pair<double, double> robust) {
  const double nearly = robust.second - robust.first;
  return all.second - all.first <= 2 * nearly || nearly == 0 ? all : robust;
}

std::vector<float> logged_bins(const Histogram& histogram, std::pair<double, double> all) {
  const double low = histogram.low, high = histogram.high;
  const int64_t bins = std::ssize(histogram.counts);
  std::vector<float> out;
  const auto add = [&](double left, double right, int64_t count) {
    for (double number : {left, right, static_cast<double>(count)}) out.push_back(static_cast<float>(number));
  };
  const auto edge = [&](int64_t bin) {
    return bin == bins ? high : low + (high - low) * static_cast<double>(bin) / static_cast<double>(bins);
  };
  if (histogram.below > 0) add(all.first, low, histogram.below);
  for (int64_t bin = 0; bin < bins; ++bin)
    add(edge(bin), edge(bin + 1), histogram.counts[static_cast<size_t>(bin)]);
  if (histogram.above > 0) add(high, all.second, histogram.above);
  return out;
}

std::vector<float> logged_histogram(const Plane& plane) {
  std::pair<double, double> robust;
  const Sums s = visit_dtype(plane.owner.dtype(), [&]<class T>(T) {
    const Sums all = sums_of<false, T>(plane);
    robust = robust_range(samples_of<T>(plane, kLoggedSamples), all);
    return all;
  });
  if (s.finite == 0) return {};
  const auto [low, high] = histogram_range({s.low, s.high}, robust);
  return logged_bins(histogram_of(plane, low, high, high > low ? kLoggedBins : 1), {s.low, s.high});
}

}  // namespace unroll
