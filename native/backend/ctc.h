// The slots of connectionist temporal classification.
#pragma once

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** N sequences to be aligned, on the device of the probabilities; all int64 and contiguous. */
struct CtcBatch {
  Tensor labels;   // (N, S): blank, l1, blank, l2, ..., blank, and blanks up to S
  Tensor lengths;  // (N, 2): of the steps and of the labels, blanks among them
  int64_t blank = 0;
};

/** losses (N) from log_probs (T, N, C), contiguous. */
inline constinit Kernel<void(const Tensor& log_probs, const CtcBatch& batch, const Tensor& losses)>
    ctc_loss_kernel{"ctc_loss"};

/**
 * The gradient of log_probs, as if they were a log_softmax, which is PyTorch's, from that of the losses (N);
 * grad holds zeros, which stay where a sequence has ended, and of impossible sequences where zero_infinity is
 * set.
 */
inline constinit Kernel<void(const Tensor& log_probs, const CtcBatch& batch, const Tensor& losses,
                             const Tensor& grad_losses, bool zero_infinity, const Tensor& grad)>
    ctc_loss_backward_kernel{"ctc_loss backward"};

}  // namespace unroll
