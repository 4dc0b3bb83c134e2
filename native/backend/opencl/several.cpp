// What is done to many tensors at once, as to all of a model's gradients: a launch for each eight.
#include "backend/kernels.h"
#include "backend/opencl/launch.h"
#include "backend/reduce.h"

namespace unroll::opencl {
namespace {

/** As several.cl has it. */
constexpr size_t kTogether = 8;
constexpr int64_t kGroupsATensor = 256;

/** Launches `kernel` for each so many tensors with `rest` of its arguments, told how many come before them.
 */
template <class Rest>
void launch_together(const char* kernel, const Tensors& tensors, Rest rest) {
  ClDevice& device = device_of(tensors[0]);
  const Options options = Options(device, tensors[0].dtype()).set("SHARE", kGroupsATensor);
  for (size_t first = 0; first < tensors.size(); first += kTogether) {
    const size_t count = std::min(kTogether, tensors.size() - first);
    Launch launch(device, "several", kernel, options);
    for (size_t i = 0; i < kTogether; ++i) {
      const Tensor& t = i < count ? tensors[first + i] : Tensor();
      launch.integer(i < count ? t.numel() : 0).tensor(t);
    }
    rest(launch, static_cast<int64_t>(first));
    launch.run_groups(static_cast<int64_t>(count) * kGroupsATensor);
  }
}

void total_norm_opencl(const Tensor& out, const Tensors& tensors) {
  const int64_t parts = std::ssize(tensors) * kGroupsATensor;
  const Tensor norms = empty({parts}, sum_type(device_of(out)), out.device());
  launch_together("norms", tensors, [&](Launch& launch, int64_t before) {
    launch.tensor(alias(norms, {1}, {1}, before * kGroupsATensor));
  });
  reduce_kernel(DeviceType::OpenCl, Reduction::Norm2, out, norms, {1, parts, 1}, 0);
}

void scale_opencl(const Tensors& tensors, const Tensor& factor) {
  launch_together("scale", tensors, [&](Launch& launch, int64_t) { launch.tensor(factor); });
}

const KernelOn<DeviceType::OpenCl> total_norm_on_opencl{total_norm_kernel, total_norm_opencl};
const KernelOn<DeviceType::OpenCl> scale_on_opencl{scale_kernel, scale_opencl};

}  // namespace
}  // namespace unroll::opencl
