// Advanced indexing and triangles. The index tensors become one offset a place; writing goes through the
// places in the order of their offsets, so that all that are written to one element are one work-item's.
#include "backend/index.h"

#include "backend/opencl/launch.h"
#include "backend/sort.h"

namespace unroll::opencl {
namespace {

/** As index.cl has it. */
struct Around {
  int32_t before_sizes[kMaxDims], before_strides[kMaxDims], after_sizes[kMaxDims], after_strides[kMaxDims];
};

Around around(const Indexing& indexing) {
  Around out{};
  for (int d = 0; d < indexing.before_sizes.size(); ++d) {
    out.before_sizes[d] = narrow(indexing.before_sizes[d]);
    out.before_strides[d] = narrow(indexing.before_strides[d]);
  }
  for (int d = 0; d < indexing.after_sizes.size(); ++d) {
    out.after_sizes[d] = narrow(indexing.after_sizes[d]);
    out.after_strides[d] = narrow(indexing.after_strides[d]);
  }
  return out;
}

/** (count,) int64: the offset from t's first element of every place; 0 and a fault where there is none. */
Tensor offsets_of(ClDevice& device, const Indexing& indexing) {
  const Tensor offsets = empty({indexing.count}, DType::Int64, device);
  bool is_first = true;
  for (const Indexing::Indexed& d : indexing.indexed) {
    UNROLL_CHECK_KIND(Index, d.size > 0 || indexing.count == 0,
                      "index is out of bounds for dimension with size 0");
    Launch(device, "index", "places", Options(device, DType::Int64))
        .integer(indexing.count)
        .integer(d.size)
        .integer(d.stride)
        .integer(indexing.is_select)
        .integer(is_first)
        .tensor(d.index)
        .tensor(offsets)
        .fault()
        .run(indexing.count);
    is_first = false;
  }
  return offsets;
}

Options options_of(const Tensor& t, const Indexing& indexing) {
  return Options(device_of(t), t.dtype())
      .set("BEFORE", int64_t{indexing.before_sizes.size()})
      .set("AFTER", int64_t{indexing.after_sizes.size()});
}

int64_t after(const Indexing& indexing) { return numel_of(indexing.after_sizes); }

void index_opencl(const Tensor& out, const Tensor& t, const Indexing& indexing) {
  if (out.numel() == 0) return;
  ClDevice& device = device_of(t);
  Launch(device, "index", "take", options_of(t, indexing))
      .integer(out.numel())
      .plain(around(indexing))
      .integer(indexing.count)
      .integer(after(indexing))
      .tensor(offsets_of(device, indexing))
      .tensor(t)
      .tensor(out)
      .run(count_of(out));
}

void index_put_opencl(const Tensor& t, const Tensor& values, const Indexing& indexing, bool accumulate) {
  if (values.numel() == 0) return;
  ClDevice& device = device_of(t);
  const Tensor offsets = offsets_of(device, indexing), sorted = empty({indexing.count}, DType::Int64, device),
               order = empty({indexing.count}, DType::Int64, device);
  sort_kernel(DeviceType::OpenCl, sorted, order, offsets, 1, indexing.count, indexing.count, false);
  Launch(device, "index", "put",
         options_of(t, indexing).set("ACCUMULATE", accumulate).set("IS_TRUTH", t.dtype() == DType::Bool))
      .integer(values.numel())
      .plain(around(indexing))
      .integer(indexing.count)
      .integer(after(indexing))
      .tensor(sorted)
      .tensor(order)
      .tensor(values)
      .tensor(t)
      .run(count_of(values));
}

void triangle_opencl(const Tensor& out, const Tensor& t, int64_t diagonal, bool lower) {
  if (t.numel() == 0) return;
  ClDevice& device = device_of(t);
  Launch(device, "index", "triangle", Options(device, t.dtype()))
      .integer(t.numel())
      .integer(t.size(-2))
      .integer(t.size(-1))
      .integer(std::clamp(diagonal, -t.size(-2), t.size(-1)))
      .integer(lower)
      .tensor(t)
      .tensor(out)
      .run(count_of(t));
}

const KernelOn<DeviceType::OpenCl> index_on_opencl{index_kernel, index_opencl};
const KernelOn<DeviceType::OpenCl> index_put_on_opencl{index_put_kernel, index_put_opencl};
const KernelOn<DeviceType::OpenCl> triangle_on_opencl{triangle_kernel, triangle_opencl};

}  // namespace
}  // namespace unroll::opencl
