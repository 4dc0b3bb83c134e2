// Optimizer steps: one launch for each eight parameters, which also leaves the sums of squares that the
// recorder asks for.
#include <cmath>

#include "backend/kernels.h"
#include "backend/opencl/together.h"
#include "backend/readings.h"

namespace unroll::opencl {
namespace {

/** Where each work-group leaves its three sums, which `sums` get once they are read; undefined where none are
 * wanted. */
Tensor room_for_sums(ClDevice& device, const Shares& shares, const SumsOfEach& sums, size_t first) {
  if (sums.empty()) return Tensor();
  return room_for_reading(device, 3 * shares.groups(), [=](const std::vector<double>& read) {
    for (size_t i = 0; i < kTogether; ++i)
      for (auto group = static_cast<size_t>(shares.start[i]);
           group < static_cast<size_t>(shares.start[i + 1]); ++group) {
        SquareSums& to = *sums[first + i];
        to.grad += read[3 * group];
        to.weight += read[3 * group + 1];
        to.update += read[3 * group + 2];
      }
  });
}

/** Launches `kernel` for each so many of the parameters: each of `lists` is as long or empty, `numbers` add
 * what follows. */
template <class Numbers>
void launch_steps(const char* kernel, const Tensors& parameters, const std::vector<const Tensors*>& lists,
                  const Options& options, const SumsOfEach& sums, Numbers numbers) {
  ClDevice& device = device_of(parameters[0]);
  for (size_t first = 0; first < parameters.size(); first += kTogether) {
    const Shares shares = shares_of(device, parameters, first);
    Launch launch(device, "optim", kernel, options);
    add_eight(launch.plain(shares), parameters, first);
    for (const Tensors* list : lists) add_eight(launch, *list, first);
    numbers(launch);
    launch.tensor(room_for_sums(device, shares, sums, first)).run_groups(shares.groups());
  }
}

void sgd_opencl(const Tensors& parameters, const Tensors& grads, const Tensors& buffers, const SgdStep& step,
                const SumsOfEach& sums) {
  const DType type = parameters[0].dtype();
  Options options(device_of(parameters[0]), type);
  options.set("SUMS", !sums.empty()).set("HAS_BUFFER", !buffers.empty()).set("HAS_LARGEST", int64_t{0});
  launch_steps("sgd", parameters, {&grads, &buffers}, options, sums, [&](Launch& launch) {
    for (double value :
         {step.lr, step.momentum, 1 - step.dampening, step.weight_decay, step.maximize ? -1.0 : 1.0})
      launch.number(Scalar::of(value), type);
    launch.integer(step.nesterov).integer(step.is_first);
  });
}

void adam_opencl(const Tensors& parameters, const Tensors& grads, const Tensors& averages,
                 const Tensors& square_averages, const Tensors& largest, const AdamStep& step,
                 const SumsOfEach& sums) {
  const DType type = parameters[0].dtype();
  const auto count = static_cast<double>(step.step);
  Options options(device_of(parameters[0]), type);
  options.set("SUMS", !sums.empty()).set("HAS_LARGEST", !largest.empty()).set("HAS_BUFFER", int64_t{0});
  const double step_size = step.lr / (1 - std::pow(step.beta1, count)),
               root_correction = std::sqrt(1 - std::pow(step.beta2, count)),
               decay = step.decoupled ? 0 : step.weight_decay,
               shrink = step.decoupled ? 1 - step.lr * step.weight_decay : 1;
  launch_steps("adam", parameters, {&grads, &averages, &square_averages, &largest}, options, sums,
               [&](Launch& launch) {
                 for (double value : {step_size, root_correction, step.eps, 1 - step.beta1, step.beta2,
                                      1 - step.beta2, decay, shrink, step.maximize ? -1.0 : 1.0})
                   launch.number(Scalar::of(value), type);
               });
}

const KernelOn<DeviceType::OpenCl> sgd_on_opencl{sgd_kernel, sgd_opencl};
const KernelOn<DeviceType::OpenCl> adam_on_opencl{adam_kernel, adam_opencl};

}  // namespace
}  // namespace unroll::opencl
