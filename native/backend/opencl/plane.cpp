// What a look needs of a plane (backend/inspection.h).
#include "backend/inspection.h"
#include "backend/kernels.h"
#include "backend/opencl/launch.h"

namespace unroll::opencl {
namespace {

/** The most bins that are counted at once: their table lies in the local memory that every device has. */
constexpr int64_t kMostBins = 1024;
constexpr int64_t kSmallTile = 64;  // elements

/** As plane.cl has it. */
struct Plane {
  int rows, columns, row_stride, column_stride;
};

Launch launch_on(const Tensor& plane, const char* kernel, bool is_alone = false) {
  ClDevice& device = device_of(plane);
  Options options(device, plane.dtype());
  options.set("MOST_BINS", kMostBins).set("ALONE", is_alone);
  count_of(plane);  // refuses what would not be counted in 32 bits
  Launch launch(device, "plane", kernel, options);
  launch
      .plain(Plane{narrow(plane.sizes()[0]), narrow(plane.sizes()[1]), narrow(plane.strides()[0]),
                   narrow(plane.strides()[1])})
      .tensor(plane);
  return launch;
}

void part_sums_opencl(const Tensor& plane, const Tensor& parts) {
  launch_on(plane, "part_sums").tensor(parts).run_groups(parts.sizes()[0]);
}

void samples_opencl(const Tensor& plane, const Tensor& out) {
  launch_on(plane, "samples").integer(out.numel()).tensor(out).run(out.numel());
}

void bins_opencl(const Tensor& plane, double low, double high, const Tensor& counts) {
  ClDevice& device = device_of(plane);
  const int64_t bins = counts.numel() - 2;
  UNROLL_CHECK(bins >= 1 && bins <= kMostBins, "a histogram has 1 to ", kMostBins, " bins, not ", bins);
  fill_kernel(DeviceType::OpenCl, counts, Scalar::of(int64_t{0}));
  Launch launch = launch_on(plane, "bins");
  for (double number : {low, high, high > low ? static_cast<double>(bins) / (high - low) : 0})
    launch.number(Scalar::of(number), sum_type(device));
  launch.integer(bins).tensor(counts).run_groups(sweep_groups(device, plane.numel()));
}

void tiles_opencl(const Tensor& plane, const Tensor& out) {
  const int64_t rows = out.sizes()[1], columns = out.sizes()[2];
  const bool is_alone = plane.numel() <= kSmallTile * rows * columns;
  Launch launch = launch_on(plane, "tiles", is_alone);
  launch.integer(rows).integer(columns).tensor(out);
  if (is_alone)
    launch.run(rows * columns);
  else
    launch.run_groups(rows * columns);
}

const KernelOn<DeviceType::OpenCl> part_sums_on_opencl{part_sums_kernel, part_sums_opencl};
const KernelOn<DeviceType::OpenCl> samples_on_opencl{samples_kernel, samples_opencl};
const KernelOn<DeviceType::OpenCl> bins_on_opencl{bins_kernel, bins_opencl};
const KernelOn<DeviceType::OpenCl> tiles_on_opencl{tiles_kernel, tiles_opencl};

}  // namespace
}  // namespace unroll::opencl
