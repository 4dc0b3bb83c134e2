// The slots of patches of images.
#pragma once

#include <cstdint>

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** Windows over images (N, channels, size): `count` of them along each of the two dimensions. */
struct Patches {
  int64_t channels = 0;
  int64_t size[2] = {}, kernel[2] = {}, dilation[2] = {}, padding[2] = {}, stride[2] = {}, count[2] = {};
  /** Elements of one patch. */
  int64_t rows() const { return channels * kernel[0] * kernel[1]; }
  /** Patches of one image. */
  int64_t places() const { return count[0] * count[1]; }
};

/** columns (rows, N · places) of the patches of images (N, channels, height, width), 0 outside; contiguous.
 */
inline constinit Kernel<void(const Tensor& columns, const Tensor& images, const Patches& patches)>
    im2col_kernel{"im2col", true};
/** images = the sum of the columns where im2col would read them. */
inline constinit Kernel<void(const Tensor& images, const Tensor& columns, const Patches& patches)>
    col2im_kernel{"col2im", true};
/** The greatest of each patch and its place in the flattened image (int64); NaN wins. All (N, channels, ...).
 */
inline constinit Kernel<void(const Tensor& values, const Tensor& places, const Tensor& images,
                             const Patches& patches)>
    max_pool_kernel{"max_pool2d", true};

}  // namespace unroll
