// Optimizer steps on the processor: one sweep over a parameter in chunks of fixed size, whose sums of squares
// are added up in order, so that neither depends on the number of threads.
#include "backend/cpu/kernels/optim.h"

#include <cmath>
#include <vector>

#include "backend/cpu/strided.h"
#include "backend/cpu/threads.h"
#include "backend/kernels.h"

namespace unroll::cpu {
namespace {

constexpr int64_t kChunk = 16 * kOptimBlock;

/** update(begin, end, double* three sums or null) over all n elements. */
template <class Update>
void sweep(int64_t n, SquareSums* sums, Update update) {
  const int64_t chunks = (n + kChunk - 1) / kChunk;
  std::vector<SquareSums> parts(sums ? static_cast<size_t>(chunks) : 0);
  parallel_for(0, chunks, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      double part[3] = {};
      update(i * kChunk, std::min(n, (i + 1) * kChunk), sums ? part : nullptr);
      if (sums) parts[static_cast<size_t>(i)] = {part[0], part[1], part[2]};
    }
  });
  for (const SquareSums& part : parts) {
    sums->grad += part.grad;
    sums->weight += part.weight;
    sums->update += part.update;
  }
}

void run(const SgdTask<float>& task, int64_t begin, int64_t end, double* sums) {
  sgd_f32(task, begin, end, sums);
}
void run(const SgdTask<double>& task, int64_t begin, int64_t end, double* sums) {
  sgd_f64(task, begin, end, sums);
}
void run(const AdamTask<float>& task, int64_t begin, int64_t end, double* sums) {
  adam_f32(task, begin, end, sums);
}
void run(const AdamTask<double>& task, int64_t begin, int64_t end, double* sums) {
  adam_f64(task, begin, end, sums);
}

void sgd_cpu(const Tensor& parameter, const Tensor& grad, const Tensor& buffer, const SgdStep& step,
             SquareSums* sums) {
  visit_floating(parameter.dtype(), "sgd_step", [&](auto t) {
    using T = decltype(t);
    const auto number = [](double value) { return static_cast<T>(value); };
    const SgdTask<T> task{parameter.data<T>(),
                          grad.data<T>(),
                          buffer.defined() ? buffer.data<T>() : nullptr,
                          number(step.lr),
                          number(step.momentum),
                          number(1 - step.dampening),
                          number(step.weight_decay),
                          number(step.maximize ? -1 : 1),
                          step.nesterov,
                          step.is_first};
    sweep(parameter.numel(), sums,
          [&](int64_t begin, int64_t end, double* part) { run(task, begin, end, part); });
  });
}

void adam_cpu(const Tensor& parameter, const Tensor& grad, const Tensor& average,
              const Tensor& square_average, const Tensor& largest, const AdamStep& step, SquareSums* sums) {
  visit_floating(parameter.dtype(), "adam_step", [&](auto t) {
    using T = decltype(t);
    const auto number = [](double value) { return static_cast<T>(value); };
    const double steps = static_cast<double>(step.step);
    const double correction1 = 1 - std::pow(step.beta1, steps), correction2 = 1 - std::pow(step.beta2, steps);
    const AdamTask<T> task{parameter.data<T>(),
                           grad.data<T>(),
                           average.data<T>(),
                           square_average.data<T>(),
                           largest.defined() ? largest.data<T>() : nullptr,
                           number(step.lr / correction1),
                           number(std::sqrt(correction2)),
                           number(step.eps),
                           number(1 - step.beta1),
                           number(step.beta2),
                           number(1 - step.beta2),
                           number(step.decoupled ? 0 : step.weight_decay),
                           number(step.decoupled ? 1 - step.lr * step.weight_decay : 1),
                           number(step.maximize ? -1 : 1)};
    sweep(parameter.numel(), sums,
          [&](int64_t begin, int64_t end, double* part) { run(task, begin, end, part); });
  });
}

const KernelOn<DeviceType::Cpu> sgd_on_cpu{sgd_kernel, sgd_cpu};
const KernelOn<DeviceType::Cpu> adam_on_cpu{adam_kernel, adam_cpu};

}  // namespace
}  // namespace unroll::cpu
