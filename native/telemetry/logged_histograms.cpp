#include "telemetry/logged_histograms.h"

#include <map>
#include <utility>

#include "backend/inspection.h"
#include "backend/readings.h"
#include "ops/ops.h"
#include "telemetry/statistics.h"

namespace unroll {

namespace {

using Take = std::function<void(size_t i, std::vector<float> bins)>;

constexpr int64_t kCounts = kLoggedBins + 2;

std::vector<float> bins_of(const double* range, const double* counts) {
  Histogram histogram{range[0], range[1], {}, 0, 0};
  const int64_t bins = range[1] > range[0] ? kLoggedBins : 1;
  histogram.counts.assign(counts, counts + bins);
  histogram.below = static_cast<int64_t>(counts[kLoggedBins]);
  histogram.above = static_cast<int64_t>(counts[kLoggedBins + 1]);
  return range[2] > range[3] ? std::vector<float>() : logged_bins(histogram, {range[2], range[3]});
}

/** Of tensors of one dtype on one device; `places` says which they are. */
void on_device(const Tensors& tensors, const std::vector<size_t>& places, const Take& take) {
  Device& device = tensors[0].device();
  const int64_t n = std::ssize(tensors);
  // All in one room: asking for another may read what has been asked for before.
  const Tensor room =
      room_for_reading(device, (4 + kCounts) * n, [places, take](const std::vector<double>& read) {
        const double* const counts = read.data() + 4 * places.size();
        for (size_t i = 0; i < places.size(); ++i)
          take(places[i], bins_of(read.data() + 4 * i, counts + static_cast<size_t>(kCounts) * i));
      });
  const Tensor counts = empty({n, kCounts}, DType::Int32, device);
  histograms_kernel(device.type(), tensors, alias(room, {n, 4}, {4, 1}, room.offset()), counts);
  copy_kernel(device.type(), alias(room, {n, kCounts}, {kCounts, 1}, room.offset() + 4 * n), counts);
}

}  // namespace

void logged_histograms(const Tensors& tensors, Take take) {
  std::map<std::pair<Device*, DType>, std::vector<size_t>> together;
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    if (histograms_kernel.on(t.device_type()) && is_floating(t.dtype()))
      together[{&t.device(), t.dtype()}].push_back(i);
    else
      take(i, logged_histogram(whole_plane(to_device(detached(t), cpu_device()))));
  }
  for (const auto& [kind, places] : together) {
    Tensors dense;
    for (size_t i : places) dense.push_back(contiguous(detached(tensors[i])));
    on_device(dense, places, take);
  }
}

}  // namespace unroll
