// Connectionist temporal classification (Graves et al. 2006): forward and backward variables in logarithms,
// in double, over the target with blanks between its labels.
#include <cmath>
#include <limits>

#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll {

namespace {

constexpr double kNothing = -std::numeric_limits<double>::infinity();

double log_add(double a, double b) {
  const double high = std::max(a, b);
  return high == kNothing ? kNothing : high + std::log1p(std::exp(std::min(a, b) - high));
}

/** One sequence of the batch: its labels with blanks between, and the lattice of its alignments. */
struct Alignment {
  std::vector<int64_t> labels;  // blank, l1, blank, l2, ..., blank
  int64_t steps, blank;
  std::vector<double> alpha, beta;  // [steps][labels]

  double& at(std::vector<double>& lattice, int64_t t, int64_t s) {
    return lattice[static_cast<size_t>(t * static_cast<int64_t>(labels.size()) + s)];
  }
  /** Whether the lattice may pass from the label two before s straight to s. */
  bool skips_to(int64_t s) const {
    const auto i = static_cast<size_t>(s);
    return s >= 2 && labels[i] != blank && labels[i] != labels[i - 2];
  }

  /** log p of the labels; log_prob(t, c) gives the input. */
  template <class F>
  double forward(F log_prob) {
    const auto count = static_cast<int64_t>(labels.size());
    alpha.assign(static_cast<size_t>(steps * count), kNothing);
    if (steps == 0) return count == 1 ? 0 : kNothing;
    for (int64_t s = 0; s < std::min<int64_t>(2, count); ++s)
      at(alpha, 0, s) = log_prob(0, labels[static_cast<size_t>(s)]);
    for (int64_t t = 1; t < steps; ++t)
      for (int64_t s = 0; s < count; ++s) {
        double sum = at(alpha, t - 1, s);
        if (s >= 1) sum = log_add(sum, at(alpha, t - 1, s - 1));
        if (skips_to(s)) sum = log_add(sum, at(alpha, t - 1, s - 2));
        at(alpha, t, s) = sum + log_prob(t, labels[static_cast<size_t>(s)]);
      }
    const double last = at(alpha, steps - 1, count - 1);
    return count == 1 ? last : log_add(last, at(alpha, steps - 1, count - 2));
  }

  template <class F>
  void backward(F log_prob) {
    const auto count = static_cast<int64_t>(labels.size());
    beta.assign(static_cast<size_t>(steps * count), kNothing);
    for (int64_t s = std::max<int64_t>(0, count - 2); s < count && steps; ++s)
      at(beta, steps - 1, s) = log_prob(steps - 1, labels[static_cast<size_t>(s)]);
    for (int64_t t = steps - 2; t >= 0; --t)
      for (int64_t s = 0; s < count; ++s) {
        double sum = at(beta, t + 1, s);
        if (s + 1 < count) sum = log_add(sum, at(beta, t + 1, s + 1));
        if (s + 2 < count && skips_to(s + 2)) sum = log_add(sum, at(beta, t + 1, s + 2));
        at(beta, t, s) = sum + log_prob(t, labels[static_cast<size_t>(s)]);
      }
  }
};

std::vector<Alignment> alignments_of(const Tensor& log_probs, const Tensor& targets,
                                     const std::vector<int64_t>& input_lengths,
                                     const std::vector<int64_t>& target_lengths, int64_t blank) {
  const int64_t longest = log_probs.size(0), n = log_probs.size(1), classes = log_probs.size(2);
  UNROLL_CHECK(blank >= 0 && blank < classes, "blank must be in label range");
  UNROLL_CHECK(static_cast<int64_t>(input_lengths.size()) == n, "input_lengths must be of size batch_size");
  UNROLL_CHECK(static_cast<int64_t>(target_lengths.size()) == n, "target_lengths must be of size batch_size");
  const Tensor labels = contiguous(to_dtype(detach(targets), DType::Int64));
  const int64_t* label = labels.data<int64_t>();
  std::vector<Alignment> all;
  int64_t next = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t steps = input_lengths[static_cast<size_t>(i)],
                  length = target_lengths[static_cast<size_t>(i)];
    UNROLL_CHECK(steps >= 0 && steps <= longest, "Expected input_lengths to have value at most ", longest,
                 ", but got value ", steps, " (while checking arguments for ctc_loss_allocate_outputs)");
    const int64_t first = targets.dim() == 1 ? next : i * targets.size(1);
    UNROLL_CHECK(
        length >= 0 && first + length <= (targets.dim() == 1 ? targets.numel() : (i + 1) * targets.size(1)),
        "Expected target_lengths to fit the targets, but got value ", length);
    next += length;
    Alignment alignment{{blank}, steps, blank, {}, {}};
    for (int64_t s = 0; s < length; ++s) {
      const int64_t c = label[first + s];
      UNROLL_CHECK(c >= 0 && c < classes, "Expected targets in [0, ", classes, "), but got ", c);
      alignment.labels.push_back(c);
      alignment.labels.push_back(blank);
    }
    all.push_back(std::move(alignment));
  }
  return all;
}

// d(loss)/d(log p(t, c)) = p(t, c) - sum over s with label c of alpha beta / (p(t, c) p(labels)), as if the
// input were a log_softmax: what PyTorch's gradient is.
template <class T>
void gradient(Alignment& alignment, const T* log_probs, const T* loss, const T* g, T* grad, int64_t i,
              int64_t n, int64_t classes, bool zero_infinity) {
  const double likelihood = -static_cast<double>(loss[i]);
  if (zero_infinity && likelihood == kNothing) return;
  const auto log_prob = [&](int64_t t, int64_t c) {
    return static_cast<double>(log_probs[(t * n + i) * classes + c]);
  };
  alignment.forward(log_prob);
  alignment.backward(log_prob);
  std::vector<double> through(static_cast<size_t>(classes));
  for (int64_t t = 0; t < alignment.steps; ++t) {
    std::fill(through.begin(), through.end(), kNothing);
    for (int64_t s = 0; s < static_cast<int64_t>(alignment.labels.size()); ++s) {
      double& sum = through[static_cast<size_t>(alignment.labels[static_cast<size_t>(s)])];
      sum = log_add(sum, alignment.at(alignment.alpha, t, s) + alignment.at(alignment.beta, t, s));
    }
    for (int64_t c = 0; c < classes; ++c) {
      const double lp = log_prob(t, c);
      const double expected = std::exp(through[static_cast<size_t>(c)] - likelihood - lp);
      grad[(t * n + i) * classes + c] = static_cast<T>((std::exp(lp) - expected) * static_cast<double>(g[i]));
    }
  }
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const std::vector<int64_t>& input_lengths,
                const std::vector<int64_t>& target_lengths, int64_t blank, bool zero_infinity) {
  UNROLL_CHECK(log_probs.dim() == 3, "Expected 3-dimensional tensor for log_probs, but got ",
               log_probs.dim());
  std::vector<Alignment> all = alignments_of(log_probs, targets, input_lengths, target_lengths, blank);
  const int64_t n = log_probs.size(1), classes = log_probs.size(2);
  const Tensor in = contiguous(detach(log_probs));
  Tensor out = empty({n}, log_probs.dtype(), log_probs.device()), raw;
  visit_floating(log_probs.dtype(), "ctc_loss_cpu", [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0; i < n; ++i)
      out.data<T>()[i] = static_cast<T>(-all[static_cast<size_t>(i)].forward([&](int64_t t, int64_t c) {
        return static_cast<double>(in.data<T>()[(t * n + i) * classes + c]);
      }));
  });
  raw = detach(out);
  if (zero_infinity) out = masked_fill(raw, isinf(raw), Scalar::of(0.0));
  if (!needs_grad(log_probs)) return out;
  auto node = record_all({out}, "CtcLossBackward0", {log_probs},
                         [log_probs = Saved(log_probs), raw, targets = Saved(targets), input_lengths,
                          target_lengths, blank, zero_infinity](Node& self, Tensors grads) -> Tensors {
                           const Tensor in = contiguous(detach(log_probs.get(self)));
                           std::vector<Alignment> all =
                               alignments_of(in, targets.get(self), input_lengths, target_lengths, blank);
                           Tensor grad = zeros(in.sizes(), in.dtype());
                           const Tensor g = contiguous(grads[0]);
                           visit_floating(in.dtype(), "ctc_loss_backward_cpu", [&](auto zero) {
                             using T = decltype(zero);
                             for (size_t i = 0; i < all.size(); ++i)
                               gradient(all[i], in.data<T>(), raw.data<T>(), g.data<T>(), grad.data<T>(),
                                        static_cast<int64_t>(i), in.size(1), in.size(2), zero_infinity);
                           });
                           return {grad};
                         });
  node->once_only = true;
  return out;
}

}  // namespace unroll
