// Optimizer steps on the processor: one sweep over all parameters in chunks of fixed size, whose sums of
// squares are added up in order, so that neither depends on the number of threads.
#include "backend/cpu/kernels/optim.h"

#include <cmath>
#include <vector>

#include "backend/cpu/strided.h"
#include "backend/cpu/threads.h"
#include "backend/kernels.h"

namespace unroll::cpu {
namespace {

constexpr int64_t kChunk = 16 * kOptimBlock;

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

/** Runs each parameter's task over all of its elements. */
template <class Task>
void sweep(const Tensors& parameters, const std::vector<Task>& tasks, const SumsOfEach& sums) {
  struct Chunk {
    size_t of;
    int64_t begin, end;
    double sums[3];
  };
  std::vector<Chunk> chunks;
  int64_t elements = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    const int64_t n = parameters[i].numel();
    elements += n;
    for (int64_t begin = 0; begin < n; begin += kChunk)
      chunks.push_back({i, begin, std::min(n, begin + kChunk), {}});
  }
  // As many small ones at a time as make a whole one.
  const int64_t grain = elements == 0 ? 1 : std::max<int64_t>(1, std::ssize(chunks) * kChunk / elements);
  parallel_for(0, std::ssize(chunks), grain, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      Chunk& chunk = chunks[static_cast<size_t>(i)];
      run(tasks[chunk.of], chunk.begin, chunk.end, sums.empty() ? nullptr : chunk.sums);
    }
  });
  if (sums.empty()) return;
  for (const Chunk& chunk : chunks) {
    sums[chunk.of]->grad += chunk.sums[0];
    sums[chunk.of]->weight += chunk.sums[1];
    sums[chunk.of]->update += chunk.sums[2];
  }
}

template <class T>
T* data_of(const Tensors& all, size_t i) {
  return all.empty() ? nullptr : all[i].data<T>();
}

void sgd_cpu(const Tensors& parameters, const Tensors& grads, const Tensors& buffers, const SgdStep& step,
             const SumsOfEach& sums) {
  visit_floating(parameters[0].dtype(), "sgd_step", [&]<class T>(T) {
    const auto number = [](double value) { return static_cast<T>(value); };
    std::vector<SgdTask<T>> tasks;
    for (size_t i = 0; i < parameters.size(); ++i)
      tasks.push_back({parameters[i].data<T>(), grads[i].data<T>(), data_of<T>(buffers, i), number(step.lr),
                       number(step.momentum), number(1 - step.dampening), number(step.weight_decay),
                       number(step.maximize ? -1 : 1), step.nesterov, step.is_first});
    sweep(parameters, tasks, sums);
  });
}

void adam_cpu(const Tensors& parameters, const Tensors& grads, const Tensors& averages,
              const Tensors& square_averages, const Tensors& largest, const AdamStep& step,
              const SumsOfEach& sums) {
  visit_floating(parameters[0].dtype(), "adam_step", [&]<class T>(T) {
    const auto number = [](double value) { return static_cast<T>(value); };
    const double steps = static_cast<double>(step.step);
    const double correction1 = 1 - std::pow(step.beta1, steps), correction2 = 1 - std::pow(step.beta2, steps);
    std::vector<AdamTask<T>> tasks;
    for (size_t i = 0; i < parameters.size(); ++i)
      tasks.push_back(
          {parameters[i].data<T>(), grads[i].data<T>(), averages[i].data<T>(), square_averages[i].data<T>(),
           data_of<T>(largest, i), number(step.lr / correction1), number(std::sqrt(correction2)),
           number(step.eps), number(1 - step.beta1), number(step.beta2), number(1 - step.beta2),
           number(step.decoupled ? 0 : step.weight_decay),
           number(step.decoupled ? 1 - step.lr * step.weight_decay : 1), number(step.maximize ? -1 : 1)});
    sweep(parameters, tasks, sums);
  });
}

const KernelOn<DeviceType::Cpu> sgd_on_cpu{sgd_kernel, sgd_cpu};
const KernelOn<DeviceType::Cpu> adam_on_cpu{adam_kernel, adam_cpu};

}  // namespace
}  // namespace unroll::cpu
