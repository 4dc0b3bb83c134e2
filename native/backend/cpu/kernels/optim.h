// An optimizer's update of a flat stretch of one parameter.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

namespace unroll::cpu {

/** Elements updated between two looks at what changed: all that they touch stays in the first-level cache. */
inline constexpr int64_t kOptimBlock = 512;

/** torch.optim.SGD over n elements; `buffer` is null without momentum and written only on the first step. */
template <class T>
struct SgdTask {
  T* parameter;
  const T* grad;
  T* buffer;
  T lr, momentum, kept, weight_decay;  // kept = 1 - dampening
  T sign;                              // -1 to maximize
  bool nesterov, is_first;
};

/** torch.optim.Adam over n elements; `largest` is null without amsgrad. */
template <class T>
struct AdamTask {
  T* parameter;
  const T* grad;
  T* average;
  T* square_average;
  T* largest;
  T step_size, root_correction, eps;  // p -= step_size · average / (√square_average / root_correction + eps)
  T first_weight, beta2, second_weight;  // 1 - beta1, beta2, 1 - beta2
  T weight_decay, shrink;                // added to the gradient; the parameter's factor (1 unless decoupled)
  T sign;                                // -1 to maximize
};

}  // namespace unroll::cpu

// Each updates [begin, end). With `sums` not null it adds to sums[0..2] the squares of the gradient as given,
// of the new parameter and of its change; what is written is the same bits either way.
UNROLL_DISPATCH(void(const unroll::cpu::SgdTask<float>& task, int64_t begin, int64_t end, double* sums),
                sgd_f32)
UNROLL_DISPATCH(void(const unroll::cpu::SgdTask<double>& task, int64_t begin, int64_t end, double* sums),
                sgd_f64)
UNROLL_DISPATCH(void(const unroll::cpu::AdamTask<float>& task, int64_t begin, int64_t end, double* sums),
                adam_f32)
UNROLL_DISPATCH(void(const unroll::cpu::AdamTask<double>& task, int64_t begin, int64_t end, double* sums),
                adam_f64)
