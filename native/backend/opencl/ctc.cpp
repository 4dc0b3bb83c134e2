// Connectionist temporal classification: a work-group a sequence.
#include "backend/ctc.h"

#include "backend/opencl/launch.h"
#include "ops/ops.h"

namespace unroll::opencl {
namespace {

Options options_of(const Tensor& log_probs) { return {device_of(log_probs), log_probs.dtype()}; }

/** Room for the lattice of every sequence, in what sums are made in. */
Tensor lattice(const Tensor& log_probs, const CtcBatch& batch) {
  ClDevice& device = device_of(log_probs);
  return empty({log_probs.size(1), log_probs.size(0), batch.labels.size(1)}, sum_type(device), device);
}

Launch& give(Launch& launch, const Tensor& log_probs, const CtcBatch& batch) {
  for (const int64_t size : log_probs.sizes()) launch.integer(size);
  return launch.integer(batch.labels.size(1))
      .integer(batch.blank)
      .tensor(log_probs)
      .tensor(batch.labels)
      .tensor(batch.lengths);
}

void ctc_loss_opencl(const Tensor& log_probs, const CtcBatch& batch, const Tensor& losses) {
  const Tensor alpha = lattice(log_probs, batch);
  Launch launch(device_of(log_probs), "ctc", "ctc_loss", options_of(log_probs));
  give(launch, log_probs, batch).tensor(alpha).tensor(losses).run_groups(losses.numel());
}

void ctc_loss_backward_opencl(const Tensor& log_probs, const CtcBatch& batch, const Tensor& losses,
                              const Tensor& grad_losses, bool zero_infinity, const Tensor& grad) {
  const Tensor alpha = lattice(log_probs, batch), beta = lattice(log_probs, batch);
  Launch launch(device_of(log_probs), "ctc", "ctc_loss_backward", options_of(log_probs));
  give(launch, log_probs, batch)
      .tensor(alpha)
      .tensor(beta)
      .tensor(losses)
      .tensor(grad_losses)
      .integer(zero_infinity)
      .tensor(grad)
      .run_groups(losses.numel());
}

const KernelOn<DeviceType::OpenCl> ctc_loss_on_opencl{ctc_loss_kernel, ctc_loss_opencl};
const KernelOn<DeviceType::OpenCl> ctc_loss_backward_on_opencl{ctc_loss_backward_kernel,
                                                               ctc_loss_backward_opencl};

}  // namespace
}  // namespace unroll::opencl
