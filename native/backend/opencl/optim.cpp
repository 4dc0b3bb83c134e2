// Optimizer steps: one kernel a parameter, which also leaves the sums of squares that the recorder asks for.
#include <cmath>

#include "backend/kernels.h"
#include "backend/opencl/launch.h"
#include "backend/readings.h"

namespace unroll::opencl {
namespace {

constexpr int64_t kMostGroups = 256;

/** The work-groups of a sweep over n elements, and where each leaves its three sums, which `sums` get once
 * they are read (undefined where none are wanted). */
struct Sweep {
  Sweep(ClDevice& device, int64_t n, SquareSums* sums) {
    const auto group = static_cast<int64_t>(device.group_size());
    groups = std::min(kMostGroups, (n + group - 1) / group);
    if (!sums) return;
    partial = room_for_reading(device, 3 * groups, [sums](const std::vector<double>& read) {
      for (size_t i = 0; i + 2 < read.size(); i += 3) {
        sums->grad += read[i];
        sums->weight += read[i + 1];
        sums->update += read[i + 2];
      }
    });
  }
  int64_t groups;
  Tensor partial;
};

void sgd_opencl(const Tensor& parameter, const Tensor& grad, const Tensor& buffer, const SgdStep& step,
                SquareSums* sums) {
  ClDevice& device = device_of(parameter);
  const DType type = parameter.dtype();
  const Sweep sweep(device, parameter.numel(), sums);
  const auto real = [](double value) { return Scalar::of(value); };
  Options options(device, type);
  options.set("SUMS", sums != nullptr).set("HAS_BUFFER", buffer.defined()).set("HAS_LARGEST", int64_t{0});
  Launch(device, "optim", "sgd", options)
      .integer(parameter.numel())
      .number(real(step.lr), type)
      .number(real(step.momentum), type)
      .number(real(1 - step.dampening), type)
      .number(real(step.weight_decay), type)
      .number(real(step.maximize ? -1 : 1), type)
      .integer(step.nesterov)
      .integer(step.is_first)
      .tensor(parameter)
      .tensor(grad)
      .tensor(buffer)
      .tensor(sweep.partial)
      .run_groups(sweep.groups);
}

void adam_opencl(const Tensor& parameter, const Tensor& grad, const Tensor& average,
                 const Tensor& square_average, const Tensor& largest, const AdamStep& step,
                 SquareSums* sums) {
  ClDevice& device = device_of(parameter);
  const DType type = parameter.dtype();
  const Sweep sweep(device, parameter.numel(), sums);
  const auto real = [](double value) { return Scalar::of(value); };
  const auto count = static_cast<double>(step.step);
  Options options(device, type);
  options.set("SUMS", sums != nullptr).set("HAS_LARGEST", largest.defined()).set("HAS_BUFFER", int64_t{0});
  Launch(device, "optim", "adam", options)
      .integer(parameter.numel())
      .number(real(step.lr / (1 - std::pow(step.beta1, count))), type)
      .number(real(std::sqrt(1 - std::pow(step.beta2, count))), type)
      .number(real(step.eps), type)
      .number(real(1 - step.beta1), type)
      .number(real(step.beta2), type)
      .number(real(1 - step.beta2), type)
      .number(real(step.decoupled ? 0 : step.weight_decay), type)
      .number(real(step.decoupled ? 1 - step.lr * step.weight_decay : 1), type)
      .number(real(step.maximize ? -1 : 1), type)
      .tensor(parameter)
      .tensor(grad)
      .tensor(average)
      .tensor(square_average)
      .tensor(largest)
      .tensor(sweep.partial)
      .run_groups(sweep.groups);
}

const KernelOn<DeviceType::OpenCl> sgd_on_opencl{sgd_kernel, sgd_opencl};
const KernelOn<DeviceType::OpenCl> adam_on_opencl{adam_kernel, adam_opencl};

}  // namespace
}  // namespace unroll::opencl
