// Connectionist temporal classification (Graves et al. 2006) over a target with blanks between its labels.
#include "autograd/variable.h"
#include "backend/ctc.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** Checks lengths and labels, which are read for it, and lays them out for the kernels of `log_probs`'
 * device. */
CtcBatch batch_of(const Tensor& log_probs, const Tensor& targets, const std::vector<int64_t>& input_lengths,
                  const std::vector<int64_t>& target_lengths, int64_t blank) {
  const int64_t longest = log_probs.size(0), n = log_probs.size(1), classes = log_probs.size(2);
  UNROLL_CHECK(blank >= 0 && blank < classes, "blank must be in label range");
  UNROLL_CHECK(static_cast<int64_t>(input_lengths.size()) == n, "input_lengths must be of size batch_size");
  UNROLL_CHECK(static_cast<int64_t>(target_lengths.size()) == n, "target_lengths must be of size batch_size");
  const Tensor given = contiguous(to_device(to_dtype(detach(targets), DType::Int64), cpu_device()));
  int64_t most = 0;
  for (const int64_t length : target_lengths) most = std::max(most, length);
  const Tensor labels = full({n, 2 * most + 1}, Scalar::of(blank), DType::Int64);
  const Tensor lengths = empty({n, 2}, DType::Int64);
  int64_t next = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t steps = input_lengths[static_cast<size_t>(i)],
                  length = target_lengths[static_cast<size_t>(i)];
    UNROLL_CHECK(steps >= 0 && steps <= longest, "Expected input_lengths to have value at most ", longest,
                 ", but got value ", steps, " (while checking arguments for ctc_loss_allocate_outputs)");
    const bool is_flat = targets.dim() == 1;
    const int64_t first = is_flat ? next : i * targets.size(1);
    UNROLL_CHECK(length >= 0 && first + length <= (is_flat ? targets.numel() : (i + 1) * targets.size(1)),
                 "Expected target_lengths to fit the targets, but got value ", length);
    next += length;
    for (int64_t s = 0; s < length; ++s) {
      const int64_t c = given.data<int64_t>()[first + s];
      UNROLL_CHECK(c >= 0 && c < classes, "Expected targets in [0, ", classes, "), but got ", c);
      labels.data<int64_t>()[i * labels.size(1) + 2 * s + 1] = c;
    }
    lengths.data<int64_t>()[2 * i] = steps;
    lengths.data<int64_t>()[2 * i + 1] = 2 * length + 1;
  }
  Device& device = log_probs.device();
  return {to_device(labels, device), to_device(lengths, device), blank};
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const std::vector<int64_t>& input_lengths,
                const std::vector<int64_t>& target_lengths, int64_t blank, bool zero_infinity) {
  UNROLL_CHECK(log_probs.dim() == 3, "Expected 3-dimensional tensor for log_probs, but got ",
               log_probs.dim());
  const CtcBatch batch = batch_of(log_probs, targets, input_lengths, target_lengths, blank);
  const Tensor raw = empty({log_probs.size(1)}, log_probs.dtype(), log_probs.device());
  ctc_loss_kernel(log_probs.device_type(), contiguous(detach(log_probs)), batch, raw);
  Tensor out = detach(raw);
  if (zero_infinity) out = masked_fill(raw, isinf(raw), Scalar::of(0.0));
  if (!needs_grad(log_probs)) return out;
  auto node = record_all(
      {out}, "CtcLossBackward0", {log_probs},
      [log_probs = Saved(log_probs), raw, batch, zero_infinity](Node& self, Tensors grads) -> Tensors {
        const Tensor in = contiguous(detach(log_probs.get(self)));
        Tensor grad = zeros(in.sizes(), in.dtype(), in.device());
        ctc_loss_backward_kernel(in.device_type(), in, batch, raw, contiguous(grads[0]), zero_infinity, grad);
        return {grad};
      });
  node->once_only = true;
  return out;
}

}  // namespace unroll
