// Distributions: three launches for each eight tensors.
#include <algorithm>

#include "backend/inspection.h"
#include "backend/opencl/together.h"

namespace unroll::opencl {
namespace {

void histograms_opencl(const Tensors& tensors, const Tensor& ranges, const Tensor& counts) {
  ClDevice& device = device_of(ranges);
  const DType type = tensors[0].dtype();
  const Options options = Options(device, type).set("BINS", kLoggedBins).set("SAMPLES", kLoggedSamples);
  for (size_t first = 0; first < tensors.size(); first += kTogether) {
    const Shares shares = shares_of(device, tensors, first);
    const auto count = static_cast<int64_t>(std::min(kTogether, tensors.size() - first));
    const auto rows_of = [&](const Tensor& all) {
      const int64_t begin = static_cast<int64_t>(first) * all.size(1);
      return alias(all, {count, all.size(1)}, {all.size(1), 1}, all.offset() + begin);
    };
    const Tensor ends = empty({shares.groups(), 2}, type, device);
    const auto launch = [&](const char* kernel, std::initializer_list<Tensor> rest, int64_t groups) {
      Launch one(device, "histogram", kernel, options);
      add_eight(one.plain(shares), tensors, first);
      for (const Tensor& t : rest) one.tensor(t);
      one.run_groups(groups);
    };
    launch("ends", {ends}, shares.groups());
    launch("ranges", {ends, rows_of(ranges), rows_of(counts)}, count);
    launch("binned", {rows_of(ranges), rows_of(counts)}, shares.groups());
  }
}

const KernelOn<DeviceType::OpenCl> histograms_on_opencl{histograms_kernel, histograms_opencl};

}  // namespace
}  // namespace unroll::opencl
