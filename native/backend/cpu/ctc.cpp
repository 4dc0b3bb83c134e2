// Connectionist temporal classification, the forward and backward variables in double, a thread a sequence.
#include "backend/ctc.h"

#include <cmath>
#include <limits>
#include <vector>

#include "backend/cpu/threads.h"
#include "tensor/dtype.h"

namespace unroll::cpu {

namespace {

constexpr double kNothing = -std::numeric_limits<double>::infinity();

double log_add(double a, double b) {
  const double high = std::max(a, b);
  return high == kNothing ? kNothing : high + std::log1p(std::exp(std::min(a, b) - high));
}

/** One sequence of the batch and the lattice of its alignments. */
template <class T>
struct Alignment {
  Alignment(const Tensor& log_probs, const CtcBatch& batch, int64_t place)
      : log_probs(log_probs.data<T>() + place * log_probs.size(2)),
        step(log_probs.size(1) * log_probs.size(2)),
        labels(batch.labels.data<int64_t>() + place * batch.labels.size(1)),
        steps(batch.lengths.data<int64_t>()[2 * place]),
        count(batch.lengths.data<int64_t>()[2 * place + 1]),
        blank(batch.blank) {}

  double log_prob(int64_t t, int64_t c) const { return static_cast<double>(log_probs[t * step + c]); }
  double& at(std::vector<double>& lattice, int64_t t, int64_t s) const {
    return lattice[static_cast<size_t>(t * count + s)];
  }
  /** Whether the lattice may pass from the label two before s straight to s. */
  bool skips_to(int64_t s) const { return s >= 2 && labels[s] != blank && labels[s] != labels[s - 2]; }

  /** log p of the labels. */
  double forward() {
    alpha.assign(static_cast<size_t>(steps * count), kNothing);
    if (steps == 0) return count == 1 ? 0 : kNothing;
    for (int64_t s = 0; s < std::min<int64_t>(2, count); ++s) at(alpha, 0, s) = log_prob(0, labels[s]);
    for (int64_t t = 1; t < steps; ++t)
      for (int64_t s = 0; s < count; ++s) {
        double sum = at(alpha, t - 1, s);
        if (s >= 1) sum = log_add(sum, at(alpha, t - 1, s - 1));
        if (skips_to(s)) sum = log_add(sum, at(alpha, t - 1, s - 2));
        at(alpha, t, s) = sum + log_prob(t, labels[s]);
      }
    const double last = at(alpha, steps - 1, count - 1);
    return count == 1 ? last : log_add(last, at(alpha, steps - 1, count - 2));
  }

  void backward() {
    beta.assign(static_cast<size_t>(steps * count), kNothing);
    for (int64_t s = std::max<int64_t>(0, count - 2); s < count && steps; ++s)
      at(beta, steps - 1, s) = log_prob(steps - 1, labels[s]);
    for (int64_t t = steps - 2; t >= 0; --t)
      for (int64_t s = 0; s < count; ++s) {
        double sum = at(beta, t + 1, s);
        if (s + 1 < count) sum = log_add(sum, at(beta, t + 1, s + 1));
        if (s + 2 < count && skips_to(s + 2)) sum = log_add(sum, at(beta, t + 1, s + 2));
        at(beta, t, s) = sum + log_prob(t, labels[s]);
      }
  }

  const T* log_probs;
  int64_t step;
  const int64_t* labels;
  int64_t steps, count, blank;
  std::vector<double> alpha, beta;  // [steps][count]
};

template <class F>
void for_each_sequence(const Tensor& log_probs, F run) {
  parallel_for(0, log_probs.size(1), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) run(i);
  });
}

void ctc_loss_cpu(const Tensor& log_probs, const CtcBatch& batch, const Tensor& losses) {
  visit_floating(log_probs.dtype(), "ctc_loss_cpu", [&](auto zero) {
    using T = decltype(zero);
    for_each_sequence(log_probs, [&](int64_t i) {
      losses.data<T>()[i] = static_cast<T>(-Alignment<T>(log_probs, batch, i).forward());
    });
  });
}

// d(loss)/d(log p(t, c)) = p(t, c) - sum over s with label c of alpha beta / (p(t, c) p(labels))
template <class T>
void gradient(Alignment<T> alignment, double likelihood, double g, int64_t classes, T* grad) {
  alignment.forward();
  alignment.backward();
  std::vector<double> through(static_cast<size_t>(classes));
  for (int64_t t = 0; t < alignment.steps; ++t) {
    std::fill(through.begin(), through.end(), kNothing);
    for (int64_t s = 0; s < alignment.count; ++s) {
      double& sum = through[static_cast<size_t>(alignment.labels[s])];
      sum = log_add(sum, alignment.at(alignment.alpha, t, s) + alignment.at(alignment.beta, t, s));
    }
    for (int64_t c = 0; c < classes; ++c) {
      const double lp = alignment.log_prob(t, c);
      const double expected = std::exp(through[static_cast<size_t>(c)] - likelihood - lp);
      grad[t * alignment.step + c] = static_cast<T>((std::exp(lp) - expected) * g);
    }
  }
}

void ctc_loss_backward_cpu(const Tensor& log_probs, const CtcBatch& batch, const Tensor& losses,
                           const Tensor& grad_losses, bool zero_infinity, const Tensor& grad) {
  visit_floating(log_probs.dtype(), "ctc_loss_backward_cpu", [&](auto zero) {
    using T = decltype(zero);
    const int64_t classes = log_probs.size(2);
    for_each_sequence(log_probs, [&](int64_t i) {
      const auto likelihood = -static_cast<double>(losses.data<T>()[i]);
      if (zero_infinity && likelihood == kNothing) return;
      gradient(Alignment<T>(log_probs, batch, i), likelihood, static_cast<double>(grad_losses.data<T>()[i]),
               classes, grad.data<T>() + i * classes);
    });
  });
}

const KernelOn<DeviceType::Cpu> ctc_loss_on_cpu{ctc_loss_kernel, ctc_loss_cpu};
const KernelOn<DeviceType::Cpu> ctc_loss_backward_on_cpu{ctc_loss_backward_kernel, ctc_loss_backward_cpu};

}  // namespace

}  // namespace unroll::cpu
