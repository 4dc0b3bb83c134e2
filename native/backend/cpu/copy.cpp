// Copies and fills on the processor.
#include <algorithm>
#include <cstring>

#include "backend/cpu/kernels/pointwise.h"
#include "backend/cpu/strided.h"
#include "backend/cpu/threads.h"
#include "backend/kernels.h"
#include "ops/ops.h"

namespace unroll::cpu {
namespace {

/** Converts along the runs of an iterator over {to, from}. */
void convert_runs(const Iterator& iterator, ConvertLoop convert) {
  parallel_for(0, iterator.numel(), kGrain, [&](int64_t begin, int64_t end) {
    iterator.for_each_run(begin, end, [&](char* const* data, int64_t n) {
      convert(data[0], iterator.inner_stride(0), data[1], iterator.inner_stride(1), n);
    });
  });
}

void copy_bytes(char* to, const char* from, int64_t bytes) {
  parallel_for(0, bytes, kGrain * 4, [&](int64_t begin, int64_t end) {
    std::memmove(to + begin, from + begin, static_cast<size_t>(end - begin));
  });
}

void copy_cpu(const Tensor& self, const Tensor& source) {
  if (self.numel() == 0) return;
  if (self.dtype() == source.dtype() && lie_alike(self, source))
    return copy_bytes(self.raw_data(), source.raw_data(), self.numel() * item_size(self.dtype()));
  Iterator iterator(self.sizes());
  iterator.add(self.raw_data(), self.sizes(), self.strides(), item_size(self.dtype()));
  iterator.add(source.raw_data(), source.sizes(), source.strides(), item_size(source.dtype()));
  iterator.arrange();
  convert_runs(iterator, convert_loop(self.dtype(), source.dtype()));
}

void fill_cpu(const Tensor& self, const Scalar& value) {
  if (self.numel() == 0) return;
  Constant constant(value, self.dtype());
  Iterator iterator(self.sizes());
  iterator.add(self.raw_data(), self.sizes(), self.strides(), item_size(self.dtype()));
  iterator.add(constant.bytes, {}, {}, 0);
  iterator.arrange();
  convert_runs(iterator, convert_loop(self.dtype(), self.dtype()));
}

const KernelOn<DeviceType::Cpu> copy_on_cpu{copy_kernel, copy_cpu};
const KernelOn<DeviceType::Cpu> fill_on_cpu{fill_kernel, fill_cpu};

}  // namespace
}  // namespace unroll::cpu
