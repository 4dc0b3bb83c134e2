// Running sums, products, extremes and log-sum-exps: an item goes through a run in its order.
#include "backend/kernels.h"
#include "backend/opencl/launch.h"
#include "backend/reduce.h"

namespace unroll::opencl {
namespace {

/** As scan.cl has it: after the kinds of Scan. */
constexpr int64_t kSum = 4;

void run_scan(int64_t kind, const Tensor& out, const Tensor& indices, const Tensor& in,
              const ReduceShape& s) {
  ClDevice& device = device_of(in);
  if (count_of(in) == 0) return;
  const Options options = Options(device, in.dtype())
                              .set("SCAN", kind)
                              .set("OUT", type_name(out.dtype(), device))
                              .set("IS_FLOAT", is_floating(in.dtype()));
  Launch(device, "scan", "scan", options)
      .integer(s.outer * s.inner)
      .integer(s.reduced)
      .integer(s.inner)
      .tensor(in)
      .tensor(out)
      .tensor(indices)
      .run(s.outer * s.inner);
}

void scan_opencl(Scan op, const Tensor& out, const Tensor& indices, const Tensor& in, const ReduceShape& s) {
  run_scan(static_cast<int64_t>(op), out, indices, in, s);
}
void cumsum_opencl(const Tensor& out, const Tensor& in, const ReduceShape& s) {
  run_scan(kSum, out, {}, in, s);
}

const KernelOn<DeviceType::OpenCl> scan_on_opencl{scan_kernel, scan_opencl};
const KernelOn<DeviceType::OpenCl> cumsum_on_opencl{cumsum_kernel, cumsum_opencl};

}  // namespace
}  // namespace unroll::opencl
