// Layers that bring rows, groups or channels to mean 0 and variance 1.
#include "backend/normalise.h"

#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

namespace {

Scalar number(double value) { return Scalar::of(value); }

/** The last dimensions of `t` must be `shape`; weight and bias, where given, too. PyTorch's messages. */
void check_shapes(const Tensor& t, const Dims& shape, const Tensor& weight, const Tensor& bias) {
  UNROLL_CHECK(
      !shape.empty(),
      "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, "
      "but got normalized_shape = ",
      shape);
  const int skipped = t.dim() - shape.size();
  bool fits = skipped >= 0;
  for (int i = 0; i < shape.size() && fits; ++i) fits = t.sizes()[skipped + i] == shape[i];
  std::string wanted = "[*";
  for (int64_t n : shape) wanted += ", " + std::to_string(n);
  UNROLL_CHECK(fits, "Given normalized_shape=", shape, ", expected input with shape ", wanted,
               "], but got input of size", t.sizes());
  for (const auto& [name, given] : {std::pair("weight", weight), std::pair("bias", bias)})
    UNROLL_CHECK(!given.defined() || given.sizes() == shape, "Expected ", name,
                 " to be of same shape as normalized_shape, but got ", name, " of shape ", given.sizes(),
                 " and normalized_shape = ", shape);
}

/** The gradients of differentiable operations, for second derivatives. */
Tensors composed_gradients(Node& self, const Tensor& g, const Tensor& t, const Dims& dims,
                           const Tensor& weight, double eps, bool centred) {
  const Tensor x = centred ? sub(t, mean(t, dims, true)) : t;
  const Tensor factor = rsqrt(add_scalar(mean(mul(x, x), dims, true), number(eps)));
  const Tensor y = mul(x, factor), v = weight.defined() ? mul(g, weight) : g;
  Tensor inner = sub(v, mul(y, mean(mul(v, y), dims, true)));
  if (centred) inner = sub(inner, mean(v, dims, true));
  Tensors grads(3);
  if (self.needs(0)) grads[0] = mul(factor, inner);
  if (self.needs(1)) grads[1] = sum_to(mul(g, y), weight.sizes());
  if (self.needs(2)) grads[2] = g;  // summed where it is delivered
  return grads;
}

Tensor normalised(const Tensor& t, const Dims& shape, const Tensor& weight, const Tensor& bias, double eps,
                  bool centred, const char* name) {
  check_shapes(t, shape, weight, bias);
  Dims dims;
  for (int i = t.dim() - shape.size(); i < t.dim(); ++i) dims.push_back(i);
  const int64_t n = numel_of(shape);
  Tensor in, out = empty(t.sizes(), t.dtype(), t.device());
  Tensor statistics = empty({n ? t.numel() / n : 0, 2}, DType::Float64, t.device());
  const auto flat = [](const Tensor& affine) {
    return affine.defined() ? contiguous(detach(affine)) : affine;
  };
  {
    GradMode off(false);
    in = contiguous(detach(t));
    normalise_kernel(t.device_type(), in, flat(weight), flat(bias), eps, centred, out, statistics);
  }
  if (!needs_grad({&t, &weight, &bias})) return out;
  record(out, name, {t, weight, bias},
         [t = Saved(t), weight = Saved(weight), statistics, dims, eps, centred, flat](
             Node& self, const Tensor& g) -> Tensors {
           const Tensor x = t.get(self), w = weight.get(self);
           if (grad_enabled()) return composed_gradients(self, g, x, dims, w, eps, centred);
           Tensors grads(3);
           Dims shape;
           for (int64_t d : dims) shape.push_back(x.sizes()[static_cast<int>(d)]);
           if (self.needs(0)) grads[0] = empty(x.sizes(), x.dtype(), x.device());
           for (int i : {1, 2})
             if (self.needs(i)) grads[static_cast<size_t>(i)] = empty(shape, x.dtype(), x.device());
           normalise_backward_kernel(x.device_type(), contiguous(g), contiguous(x), flat(w), statistics,
                                     centred, grads[0], grads[1], grads[2]);
           return grads;
         });
  return out;
}

/** (C) as (1, C, 1, ...) beside a tensor of `rank` dimensions. */
Tensor by_channel(const Tensor& t, int rank) {
  Dims sizes(rank, 1);
  sizes[1] = t.numel();
  return view(t, sizes);
}

}  // namespace

Tensor layer_norm(const Tensor& t, const Dims& shape, const OptionalTensor& weight,
                  const OptionalTensor& bias, double eps) {
  return normalised(t, shape, weight, bias, eps, true, "NativeLayerNormBackward0");
}

Tensor rms_norm(const Tensor& t, const Dims& shape, const OptionalTensor& weight, std::optional<double> eps) {
  const double least = t.dtype() == DType::Float64 ? 0x1p-52 : 0x1p-23;
  return normalised(t, shape, weight, Tensor(), eps.value_or(least), false, "FusedRmsNormBackward0");
}

Tensor group_norm(const Tensor& t, int64_t groups, const OptionalTensor& weight, const OptionalTensor& bias,
                  double eps) {
  UNROLL_CHECK(t.dim() >= 2, "Expected at least 2 dimensions for input tensor but received ", t.dim());
  const int64_t channels = t.size(1);
  UNROLL_CHECK(groups > 0 && channels % groups == 0,
               "Expected number of channels in input to be divisible by num_groups, but got input of shape ",
               t.sizes(), " and num_groups=", groups);
  for (const auto& [name, given] : {std::pair("weight", weight), std::pair("bias", bias)})
    UNROLL_CHECK(!given.defined() || (given.dim() == 1 && given.numel() == channels), "Expected ", name,
                 " to be a vector of size equal to the number of channels in input, but got ", name,
                 " of shape ", given.sizes(), " and input of shape ", t.sizes());
  if (t.numel() == 0) return clone(t);
  const int64_t n = t.numel() / (t.size(0) * groups);
  Tensor out = normalised(reshape(t, {t.size(0) * groups, n}), {n}, Tensor(), Tensor(), eps, true,
                          "NativeGroupNormBackward0");
  out = view(out, t.sizes());
  if (weight.defined()) out = mul(out, by_channel(weight, t.dim()));
  return bias.defined() ? add(out, by_channel(bias, t.dim())) : out;
}

Tensor batch_norm(const Tensor& t, const OptionalTensor& weight, const OptionalTensor& bias,
                  const OptionalTensor& running_mean, const OptionalTensor& running_var, bool training,
                  double momentum, double eps) {
  UNROLL_CHECK(t.dim() >= 2, "expected at least 2D input (got ", t.dim(), "D input)");
  Dims dims;
  for (int i = 0; i < t.dim(); ++i)
    if (i != 1) dims.push_back(i);
  const int64_t channels = t.size(1);
  for (const auto& [name, given] :
       {std::pair("running_mean", running_mean), std::pair("running_var", running_var),
        std::pair("weight", weight), std::pair("bias", bias)})
    UNROLL_CHECK(!given.defined() || given.numel() == channels, name, " should contain ", channels,
                 " elements not ", given.numel());
  Tensor centre, factor;
  if (training) {
    centre = mean(t, dims, true);
    const Tensor spread = var(t, dims, 0, true);
    factor = rsqrt(add_scalar(spread, number(eps)));
    GradMode off(false);
    const double n = static_cast<double>(t.numel() / std::max<int64_t>(channels, 1));
    if (running_mean.defined())
      lerp_(running_mean, to_dtype(view(detach(centre), {channels}), running_mean.dtype()), momentum);
    if (running_var.defined())
      lerp_(running_var,
            to_dtype(mul_scalar(view(detach(spread), {channels}), number(n / (n - 1))), running_var.dtype()),
            momentum);
  } else {
    UNROLL_CHECK(running_mean.defined() && running_var.defined(),
                 "Expected running_mean and running_var to be defined when training=False");
    centre = by_channel(to_dtype(running_mean, t.dtype()), t.dim());
    factor = rsqrt(add_scalar(by_channel(to_dtype(running_var, t.dtype()), t.dim()), number(eps)));
  }
  if (weight.defined()) factor = mul(factor, by_channel(weight, t.dim()));
  const Tensor out = mul(sub(t, centre), factor);
  return bias.defined() ? add(out, by_channel(bias, t.dim())) : out;
}

}  // namespace unroll
