// Patches of images as the columns of a matrix, and their sum back: convolutions are products with it.
#include "backend/patches.h"

#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll {

namespace {

Patches patches_of(int64_t channels, int64_t height, int64_t width, const Dims& kernel, const Dims& dilation,
                   const Dims& padding, const Dims& stride) {
  Patches p;
  p.channels = channels;
  const int64_t sizes[] = {height, width};
  for (int i = 0; i < 2; ++i) {
    p.size[i] = sizes[i];
    p.kernel[i] = kernel[i];
    p.dilation[i] = dilation[i];
    p.padding[i] = padding[i];
    p.stride[i] = stride[i];
    UNROLL_CHECK(stride[i] > 0 && dilation[i] > 0 && kernel[i] > 0 && padding[i] >= 0,
                 "kernel, stride and dilation should be greater than zero, but got kernel_size: ", kernel,
                 ", stride: ", stride, ", dilation: ", dilation);
    p.count[i] = (sizes[i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1;
    UNROLL_CHECK(sizes[i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) >= 1,
                 "Calculated padded input size per channel: (", height + 2 * padding[0], " x ",
                 width + 2 * padding[1], "). Kernel size: (", kernel[0], " x ", kernel[1],
                 "). Kernel size can't be greater than actual input size");
  }
  return p;
}

}  // namespace

Tensor im2col(const Tensor& t, const Dims& kernel, const Dims& dilation, const Dims& padding,
              const Dims& stride) {
  UNROLL_CHECK(t.dim() == 4, "internal: im2col of ", t.dim(), " dimensions");
  const Patches p = patches_of(t.size(1), t.size(2), t.size(3), kernel, dilation, padding, stride);
  Tensor out = empty({p.rows(), t.size(0) * p.places()}, t.dtype(), t.device());
  if (out.numel()) im2col_kernel(t.device_type(), out, contiguous(detach(t)), p);
  if (needs_grad(t))
    record(out, "Im2ColBackward0", {t},
           [sizes = t.sizes(), kernel, dilation, padding, stride](Node&, const Tensor& g) -> Tensors {
             return {col2im(g, sizes, kernel, dilation, padding, stride)};
           });
  return out;
}

Tensor col2im(const Tensor& columns, const Dims& sizes, const Dims& kernel, const Dims& dilation,
              const Dims& padding, const Dims& stride) {
  UNROLL_CHECK(sizes.size() == 4, "internal: col2im to ", sizes.size(), " dimensions");
  const Patches p = patches_of(sizes[1], sizes[2], sizes[3], kernel, dilation, padding, stride);
  UNROLL_CHECK(columns.dim() == 2 && columns.size(0) == p.rows() && columns.size(1) == sizes[0] * p.places(),
               "Expected a matrix of ", p.rows(), " by ", sizes[0] * p.places(), " for an output of sizes ",
               sizes, ", but got ", columns.sizes());
  Tensor out = empty(sizes, columns.dtype(), columns.device());
  if (out.numel()) col2im_kernel(columns.device_type(), out, contiguous(detach(columns)), p);
  if (needs_grad(columns))
    record(out, "Col2ImBackward0", {columns},
           [kernel, dilation, padding, stride](Node&, const Tensor& g) -> Tensors {
             return {im2col(g, kernel, dilation, padding, stride)};
           });
  return out;
}

Tensor2 max_pool2d(const Tensor& t, const Dims& kernel, const Dims& stride, const Dims& padding,
                   const Dims& dilation, bool ceil_mode) {
  UNROLL_CHECK(t.dim() == 4, "internal: max_pool2d of ", t.dim(), " dimensions");
  Patches p;
  p.channels = t.size(1);
  for (int i = 0; i < 2; ++i) {
    UNROLL_CHECK(stride[i] > 0, "stride should not be zero");
    UNROLL_CHECK(padding[i] >= 0 && padding[i] * 2 <= dilation[i] * (kernel[i] - 1) + 1,
                 "pad should be at most half of effective kernel size, but got pad=", padding[i],
                 ", kernel_size=", kernel[i], " and dilation=", dilation[i]);
    p.size[i] = t.size(2 + i);
    p.kernel[i] = kernel[i];
    p.dilation[i] = dilation[i];
    p.padding[i] = padding[i];
    p.stride[i] = stride[i];
    p.count[i] = pooled_size(p.size[i], kernel[i], stride[i], padding[i], dilation[i], ceil_mode);
    UNROLL_CHECK(p.count[i] >= 1, "Given input size: (", t.size(1), "x", t.size(2), "x", t.size(3),
                 "). Calculated output size is too small");
  }
  const Dims sizes{t.size(0), t.size(1), p.count[0], p.count[1]};
  Tensor values = empty(sizes, t.dtype(), t.device()), places = empty(sizes, DType::Int64, t.device());
  if (values.numel()) max_pool_kernel(t.device_type(), values, places, contiguous(detach(t)), p);
  if (needs_grad(t))
    record(values, "MaxPool2DWithIndicesBackward0", {t},
           [places = Saved(places), before = t.sizes()](Node& self, const Tensor& g) -> Tensors {
             const Tensor at = places.get(self);
             const Dims flat{before[0], before[1], before[2] * before[3]};
             const Dims few{before[0], before[1], at.size(2) * at.size(3)};
             const Tensor sums =
                 scatter_add(zeros(flat, g.dtype(), g.device()), 2, view(at, few), reshape(g, few));
             return {view(sums, before)};
           });
  return {values, places};
}

int64_t pooled_size(int64_t size, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation,
                    bool ceil_mode) {
  const int64_t reach = size + 2 * padding - dilation * (kernel - 1) - 1 + (ceil_mode ? stride - 1 : 0);
  int64_t count = (reach >= 0 ? reach / stride : -1) + 1;
  // The last window must start inside the input or its left padding.
  if (ceil_mode && (count - 1) * stride >= size + padding) --count;
  return count;
}

}  // namespace unroll
