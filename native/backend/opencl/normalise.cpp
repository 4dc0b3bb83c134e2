// Normalising layers: a work-group a row, and a work-item a column for the gradients of weight and bias.
#include "backend/normalise.h"

#include "backend/opencl/launch.h"

namespace unroll::opencl {
namespace {

Options options_of(const Tensor& in, const Tensor& weight, bool centred) {
  return Options(device_of(in), in.dtype()).set("HAS_WEIGHT", weight.defined()).set("CENTRED", centred);
}

/** statistics' memory holds two numbers of the type in which sums are made for each row. */
void normalise_opencl(const Tensor& in, const Tensor& weight, const Tensor& bias, double eps, bool centred,
                      const Tensor& out, const Tensor& statistics) {
  const int64_t rows = statistics.size(0);
  if (count_of(in) == 0) return;
  const Options options = options_of(in, weight, centred).set("HAS_BIAS", bias.defined());
  Launch(device_of(in), "normalise", "normalise", options)
      .integer(in.numel() / rows)
      .number(Scalar::of(eps), in.dtype())
      .tensor(in)
      .tensor(weight)
      .tensor(bias)
      .tensor(out)
      .tensor(statistics)
      .run_groups(rows);
}

void normalise_backward_opencl(const Tensor& grad, const Tensor& in, const Tensor& weight,
                               const Tensor& statistics, bool centred, const Tensor& grad_in,
                               const Tensor& grad_weight, const Tensor& grad_bias) {
  ClDevice& device = device_of(in);
  const int64_t rows = statistics.size(0), n = rows ? in.numel() / rows : 0;
  const Options options = options_of(in, weight, centred).set("HAS_BIAS", int64_t{0});
  if (grad_in.defined() && in.numel())
    Launch(device, "normalise", "normalise_backward", options)
        .integer(n)
        .tensor(grad)
        .tensor(in)
        .tensor(weight)
        .tensor(statistics)
        .tensor(grad_in)
        .run_groups(rows);
  for (const Tensor& to : {grad_weight, grad_bias})
    if (to.defined())
      Launch(device, "normalise", "affine_backward", options)
          .integer(rows)
          .integer(to.numel())
          .integer(to.is_same(grad_weight))
          .tensor(grad)
          .tensor(in)
          .tensor(statistics)
          .tensor(to)
          .run(to.numel());
}

const KernelOn<DeviceType::OpenCl> normalise_on_opencl{normalise_kernel, normalise_opencl};
const KernelOn<DeviceType::OpenCl> normalise_backward_on_opencl{normalise_backward_kernel,
                                                                normalise_backward_opencl};

}  // namespace
}  // namespace unroll::opencl
