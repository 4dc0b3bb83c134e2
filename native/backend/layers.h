// The slots of softmax, the losses and the embedding.
#pragma once

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** out = softmax (log_softmax where `log`) of `in` over dimension dim; both contiguous, of equal sizes. */
inline constinit Kernel<void(const Tensor& in, const Tensor& out, int dim, bool log)> softmax_kernel{
    "softmax", true};
/** grad_in from grad and the forward's out; all contiguous. */
inline constinit Kernel<void(const Tensor& grad, const Tensor& out, const Tensor& grad_in, int dim, bool log)>
    softmax_backward_kernel{"softmax backward", true};

/** What a loss over class indices counts: class weights (C) or undefined, and the target that counts nothing.
 */
struct ClassLoss {
  Tensor weight;
  int64_t ignore_index = -100;
  double label_smoothing = 0;
};

/**
 * Of class targets (N), int64: counts (N) = weight[target], or 1; 0 where the target is ignore_index.
 * IndexError where another target is not in [0, classes).
 */
inline constinit Kernel<void(const Tensor& target, int64_t classes, const ClassLoss& loss,
                             const Tensor& counts)>
    class_counts_kernel{"nll_loss", true};

/** Of logits (N, C): losses (N), and lse (N), the logarithm of each row's sum of exponentials. All
 * contiguous. */
inline constinit Kernel<void(const Tensor& logits, const Tensor& target, const Tensor& counts,
                             const ClassLoss& loss, const Tensor& losses, const Tensor& lse)>
    cross_entropy_kernel{"cross_entropy", true};
/** grad_logits (N, C) from scale (N), the gradient that arrives at each row's loss. */
inline constinit Kernel<void(const Tensor& logits, const Tensor& target, const Tensor& counts,
                             const ClassLoss& loss, const Tensor& lse, const Tensor& scale,
                             const Tensor& grad_logits)>
    cross_entropy_backward_kernel{"cross_entropy backward", true};

/** out (n, E) = rows of weight (V, E) by indices (n), int64 or int32; IndexError outside. All contiguous. */
inline constinit Kernel<void(const Tensor& weight, const Tensor& indices, const Tensor& out)>
    embedding_kernel{"embedding"};
/** grad_weight (V, E) = the rows of grad (n, E) added up by indices (n) in their order; none for padding_idx.
 */
inline constinit Kernel<void(const Tensor& grad, const Tensor& indices, int64_t padding_idx,
                             const Tensor& grad_weight)>
    embedding_backward_kernel{"embedding backward", true};

}  // namespace unroll
