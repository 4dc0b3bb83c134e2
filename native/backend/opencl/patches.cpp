// Patches of images: an item for each element of the result.
#include "backend/patches.h"

#include "backend/opencl/launch.h"

namespace unroll::opencl {
namespace {

/** As patches.cl has it. */
struct Windows {
  int32_t images, channels;
  int32_t size[2], kernel[2], dilation[2], padding[2], stride[2], count[2];
};

Windows windows_of(const Patches& p, int64_t images) {
  Windows w{narrow(images), narrow(p.channels), {}, {}, {}, {}, {}, {}};
  for (int d = 0; d < 2; ++d) {
    w.size[d] = narrow(p.size[d]);
    w.kernel[d] = narrow(p.kernel[d]);
    w.dilation[d] = narrow(p.dilation[d]);
    w.padding[d] = narrow(p.padding[d]);
    w.stride[d] = narrow(p.stride[d]);
    w.count[d] = narrow(p.count[d]);
  }
  return w;
}

const char* lowest(DType dtype) {
  switch (dtype) {
    case DType::Float32:
      return "-FLT_MAX";
    case DType::Float64:
      return "-DBL_MAX";
    case DType::Int8:
      return "CHAR_MIN";
    case DType::Int16:
      return "SHRT_MIN";
    case DType::Int32:
      return "INT_MIN";
    case DType::Int64:
      return "LONG_MIN";
    default:
      return "0";
  }
}

Options options_of(const Tensor& t) {
  return Options(device_of(t), t.dtype()).set("LOWEST", lowest(t.dtype()));
}

void im2col_opencl(const Tensor& columns, const Tensor& images, const Patches& p) {
  Launch(device_of(images), "patches", "im2col", options_of(images))
      .plain(windows_of(p, images.size(0)))
      .tensor(images)
      .tensor(columns)
      .run(count_of(columns));
}

void col2im_opencl(const Tensor& images, const Tensor& columns, const Patches& p) {
  Launch(device_of(images), "patches", "col2im", options_of(images))
      .plain(windows_of(p, images.size(0)))
      .tensor(columns)
      .tensor(images)
      .run(count_of(images));
}

void max_pool_opencl(const Tensor& values, const Tensor& places, const Tensor& images, const Patches& p) {
  count_of(images);
  Launch(device_of(images), "patches", "max_pool", options_of(images))
      .plain(windows_of(p, images.size(0)))
      .tensor(images)
      .tensor(values)
      .tensor(places)
      .run(count_of(values));
}

const KernelOn<DeviceType::OpenCl> im2col_on_opencl{im2col_kernel, im2col_opencl};
const KernelOn<DeviceType::OpenCl> col2im_on_opencl{col2im_kernel, col2im_opencl};
const KernelOn<DeviceType::OpenCl> max_pool_on_opencl{max_pool_kernel, max_pool_opencl};

}  // namespace
}  // namespace unroll::opencl
