// Sorting by merging runs twice as long at each launch, searching in rows that are sorted, and where elements
// are not zero.
#include <utility>

#include "backend/index.h"
#include "backend/opencl/launch.h"
#include "backend/sort.h"
#include "ops/ops.h"

namespace unroll::opencl {
namespace {

Options options_of(const Tensor& t, bool descending) {
  return Options(device_of(t), t.dtype())
      .set("IS_FLOAT", is_floating(t.dtype()))
      .set("DESCENDING", descending);
}

void sort_opencl(const Tensor& values, const Tensor& indices, const Tensor& in, int64_t rows, int64_t n,
                 int64_t k, bool descending) {
  const int count = count_of(in);
  if (values.numel() == 0) return;
  ClDevice& device = device_of(in);
  const Options options = options_of(in, descending);
  struct Sorted {
    Tensor values, places;
  };
  Sorted from{in, empty({count}, DType::Int32, device)};
  Launch(device, "order", "begin", options).integer(count).integer(n).tensor(from.places).run(count);
  const auto fresh = [&] {
    return Sorted{empty({count}, in.dtype(), device), empty({count}, DType::Int32, device)};
  };
  Sorted to = fresh(), spare = fresh();
  for (int64_t width = 1; width < n; width *= 2) {
    Launch(device, "order", "merge", options)
        .integer(count)
        .integer(n)
        .integer(width)
        .tensor(from.values)
        .tensor(from.places)
        .tensor(to.values)
        .tensor(to.places)
        .run(count);
    from = std::exchange(to, from.values.is_same(in) ? spare : from);
  }
  Launch(device, "order", "choose", options)
      .integer(rows * k)
      .integer(n)
      .integer(k)
      .tensor(from.values)
      .tensor(from.places)
      .tensor(values)
      .tensor(indices)
      .run(rows * k);
}

void searchsorted_opencl(const Tensor& places, const Tensor& sorted, const Tensor& values, int64_t n,
                         int64_t m, bool is_shared, bool right) {
  count_of(sorted);
  if (places.numel() == 0) return;
  // An empty row has no buffer: the values' stands for it, from which nothing is read.
  Launch(device_of(values), "order", "search", options_of(values, false))
      .integer(values.numel())
      .integer(n)
      .integer(m)
      .integer(is_shared)
      .integer(right)
      .tensor(n ? sorted : values)
      .tensor(values)
      .tensor(places)
      .run(count_of(values));
}

/** As order.cl has them. */
constexpr int64_t kElementsAnItem = 16;
struct Sizes {
  int32_t sizes[kMaxDims];
};

void nonzero_opencl(Tensor& places, const Tensor& t) {
  ClDevice& device = device_of(t);
  const int count = count_of(t);
  const int64_t block = static_cast<int64_t>(device.group_size()) * kElementsAnItem,
                blocks = (count + block - 1) / block;
  const Tensor dense = contiguous(t), counts = empty({blocks}, DType::Int32, device);
  const Options options = options_of(t, false).set("RANK", int64_t{t.dim()});
  Launch(device, "order", "count", options).integer(count).tensor(dense).tensor(counts).run_groups(blocks);
  // How many there are decides the result's size, so that somebody has to wait here.
  const Tensor here = to_device(counts, cpu_device());
  int32_t all = 0;
  for (int64_t i = 0; i < blocks; ++i) all += std::exchange(here.data<int32_t>()[i], all);
  places = empty({all, t.dim()}, DType::Int64, device);
  if (places.numel() == 0) return;
  Sizes sizes{};
  for (int d = 0; d < t.dim(); ++d) sizes.sizes[d] = narrow(t.sizes()[d]);
  Launch(device, "order", "place", options)
      .integer(count)
      .plain(sizes)
      .tensor(dense)
      .tensor(to_device(here, device))
      .tensor(places)
      .run_groups(blocks);
}

const KernelOn<DeviceType::OpenCl> sort_on_opencl{sort_kernel, sort_opencl};
const KernelOn<DeviceType::OpenCl> searchsorted_on_opencl{searchsorted_kernel, searchsorted_opencl};
const KernelOn<DeviceType::OpenCl> nonzero_on_opencl{nonzero_kernel, nonzero_opencl};

}  // namespace
}  // namespace unroll::opencl
