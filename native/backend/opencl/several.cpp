// What is done to many tensors at once, as to all of a model's gradients: a launch for each eight.
#include "backend/kernels.h"
#include "backend/opencl/together.h"
#include "backend/reduce.h"

namespace unroll::opencl {
namespace {

/** Launches `kernel` for each so many tensors with `rest` of its arguments, told how many work-groups come
 * before them. */
template <class Rest>
void launch_together(const char* kernel, const Tensors& tensors, Rest rest) {
  ClDevice& device = device_of(tensors[0]);
  int64_t groups = 0;
  for (size_t first = 0; first < tensors.size(); first += kTogether) {
    const Shares shares = shares_of(device, tensors, first);
    Launch launch(device, "several", kernel, Options(device, tensors[0].dtype()));
    add_eight(launch.plain(shares), tensors, first);
    rest(launch, groups);
    launch.run_groups(shares.groups());
    groups += shares.groups();
  }
}

void total_norm_opencl(const Tensor& out, const Tensors& tensors) {
  ClDevice& device = device_of(out);
  int64_t groups = 0;
  for (size_t first = 0; first < tensors.size(); first += kTogether)
    groups += shares_of(device, tensors, first).groups();
  const Tensor norms = empty({groups}, sum_type(device), out.device());
  launch_together("norms", tensors,
                  [&](Launch& launch, int64_t before) { launch.tensor(alias(norms, {1}, {1}, before)); });
  reduce_kernel(DeviceType::OpenCl, Reduction::Norm2, out, norms, {1, groups, 1}, 0);
}

void scale_opencl(const Tensors& tensors, const Tensor& factor) {
  launch_together("scale", tensors, [&](Launch& launch, int64_t) { launch.tensor(factor); });
}

const KernelOn<DeviceType::OpenCl> total_norm_on_opencl{total_norm_kernel, total_norm_opencl};
const KernelOn<DeviceType::OpenCl> scale_on_opencl{scale_kernel, scale_opencl};

}  // namespace
}  // namespace unroll::opencl
