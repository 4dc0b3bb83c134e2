// Optimizer updates, rounded where PyTorch's separate tensor operations round: each product that PyTorch
// stores is rounded here too, each sum that it forms with a multiply-add is one here.
#include "backend/cpu/kernels/optim.h"

#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace unroll::cpu::UNROLL_ISA {
namespace {

/** a · b + c: one rounding where the processor has the instruction. */
template <class T>
[[gnu::always_inline]] inline T multiply_add(T a, T b, T c) {
#if defined(__FMA__) || defined(__aarch64__)
  if constexpr (sizeof(T) == 4)
    return __builtin_fmaf(a, b, c);
  else
    return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}

template <class T>
[[gnu::always_inline]] inline T root(T a) {
  if constexpr (sizeof(T) == 4)
    return __builtin_sqrtf(a);
  else
    return __builtin_sqrt(a);
}

template <bool has_buffer, class T>
[[gnu::noinline]] void sgd_block(const SgdTask<T>& task, int64_t begin, int64_t end) {
  const SgdTask<T> t = task;
  const bool decays = t.weight_decay != T(0);
#pragma GCC ivdep
  for (int64_t i = begin; i < end; ++i) {
    const T p = t.parameter[i];
    T g = t.sign * t.grad[i];
    g = decays ? multiply_add(t.weight_decay, p, g) : g;
    if constexpr (has_buffer) {
      const T moved = t.is_first ? g : multiply_add(t.kept, g, t.buffer[i] * t.momentum);
      t.buffer[i] = moved;
      g = t.nesterov ? multiply_add(t.momentum, moved, g) : moved;
    }
    t.parameter[i] = multiply_add(-t.lr, g, p);
  }
}

template <class T>
void update_block(const SgdTask<T>& task, int64_t begin, int64_t end) {
  if (task.buffer)
    sgd_block<true>(task, begin, end);
  else
    sgd_block<false>(task, begin, end);
}

template <bool has_largest, class T>
[[gnu::noinline]] void adam_block(const AdamTask<T>& task, int64_t begin, int64_t end) {
  const AdamTask<T> t = task;
  const bool decays = t.weight_decay != T(0);
  // The average moves a part of the way to the gradient, reckoned from the nearer end.
  const bool is_near = t.first_weight < T(0.5);
  const T way = is_near ? t.first_weight : t.first_weight - T(1);
#pragma GCC ivdep
  for (int64_t i = begin; i < end; ++i) {
    const T p = t.parameter[i] * t.shrink, m = t.average[i];
    T g = t.sign * t.grad[i];
    g = decays ? multiply_add(t.weight_decay, p, g) : g;
    const T average = multiply_add(way, g - m, is_near ? m : g);
    const T square = multiply_add(t.second_weight * g, g, t.square_average[i] * t.beta2);
    t.average[i] = average;
    t.square_average[i] = square;
    T bound = square;
    if constexpr (has_largest) {
      const T largest = t.largest[i];
      bound = largest > square || largest != largest ? largest : square;
      t.largest[i] = bound;
    }
    const T denominator = root(bound) / t.root_correction + t.eps;
    t.parameter[i] = p + -t.step_size * average / denominator;
  }
}

template <class T>
void update_block(const AdamTask<T>& task, int64_t begin, int64_t end) {
  if (task.largest)
    adam_block<true>(task, begin, end);
  else
    adam_block<false>(task, begin, end);
}

#if defined(__AVX__)
constexpr int64_t kLanes = 4;
#else
constexpr int64_t kLanes = 2;
#endif
typedef double Lanes __attribute__((vector_size(kLanes * sizeof(double))));

// Widening floats is written with the processor's own instruction: the compiler's conversion takes them in
// halves.
[[gnu::always_inline]] inline Lanes load(const float* from) {
#if defined(__AVX__)
  return _mm256_cvtps_pd(_mm_loadu_ps(from));
#else
  return Lanes{from[0], from[1]};
#endif
}
[[gnu::always_inline]] inline Lanes load(const double* from) {
  Lanes values;
  std::memcpy(&values, from, sizeof values);
  return values;
}

/** Sums of squares in lanes: two of them side by side hide an addition's latency. */
struct Squares {
  Lanes grad = {}, weight = {}, update = {};

  template <class T>
  [[gnu::always_inline]] void add(const T* g, const T* now, const T* before) {
    const Lanes a = load(g), b = load(now), c = b - load(before);
    grad += a * a;
    weight += b * b;
    update += c * c;
  }
};

/** Adds the squares over n elements of the gradient, the parameter, and the parameter's change. */
template <class T>
void add_squares(const T* grad, const T* parameter, const T* before, int64_t n, double* sums) {
  Squares even, odd;
  int64_t i = 0;
  for (; i + 2 * kLanes <= n; i += 2 * kLanes) {
    even.add(grad + i, parameter + i, before + i);
    odd.add(grad + i + kLanes, parameter + i + kLanes, before + i + kLanes);
  }
  for (int64_t k = 0; k < kLanes; ++k) {
    sums[0] += even.grad[k] + odd.grad[k];
    sums[1] += even.weight[k] + odd.weight[k];
    sums[2] += even.update[k] + odd.update[k];
  }
  for (; i < n; ++i) {
    const double a = static_cast<double>(grad[i]), b = static_cast<double>(parameter[i]),
                 c = b - static_cast<double>(before[i]);
    sums[0] += a * a;
    sums[1] += b * b;
    sums[2] += c * c;
  }
}

template <template <class> class Task, class T>
void update(const Task<T>& task, int64_t begin, int64_t end, double* sums) {
  T before[kOptimBlock];
  for (int64_t at = begin; at < end; at += kOptimBlock) {
    const int64_t stop = at + kOptimBlock < end ? at + kOptimBlock : end;
    if (sums) std::memcpy(before, task.parameter + at, static_cast<size_t>(stop - at) * sizeof(T));
    update_block(task, at, stop);
    if (sums) add_squares(task.grad + at, task.parameter + at, before, stop - at, sums);
  }
}

}  // namespace

void sgd_f32(const SgdTask<float>& task, int64_t begin, int64_t end, double* sums) {
  update(task, begin, end, sums);
}
void sgd_f64(const SgdTask<double>& task, int64_t begin, int64_t end, double* sums) {
  update(task, begin, end, sums);
}
void adam_f32(const AdamTask<float>& task, int64_t begin, int64_t end, double* sums) {
  update(task, begin, end, sums);
}
void adam_f64(const AdamTask<double>& task, int64_t begin, int64_t end, double* sums) {
  update(task, begin, end, sums);
}

}  // namespace unroll::cpu::UNROLL_ISA
