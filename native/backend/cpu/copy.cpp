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

/** A source line that holds several rows' elements is read for all of them while it is in the cache. */
constexpr int64_t kTileRows = 16, kTileColumns = 32;

/** The dimension along which the source is adjacent where that is not the one the runs lie along; else -1. */
int turned_dimension(const Iterator& iterator) {
  const int inner = iterator.rank() - 1;
  int found = -1;
  int64_t least = iterator.stride(1, inner);
  for (int i = 0; i < inner; ++i)
    if (iterator.stride(1, i) > 0 && iterator.stride(1, i) < least) {
      found = i;
      least = iterator.stride(1, i);
    }
  const bool pays = found >= 0 && iterator.size(found) >= kTileRows && iterator.size(inner) >= kTileRows;
  return pays ? found : -1;
}

/** convert_runs in tiles of `across`, the dimension along which the source is adjacent, by the innermost one.
 */
void convert_turned(const Iterator& iterator, int across, ConvertLoop convert) {
  const int inner = iterator.rank() - 1;
  Dims sizes, strides[2];
  for (int i = 0; i < inner; ++i) {
    if (i == across) continue;
    sizes.push_back(iterator.size(i));
    for (int k = 0; k < 2; ++k) strides[k].push_back(iterator.stride(k, i));
  }
  Iterator planes(sizes);
  for (int k = 0; k < 2; ++k) planes.add(iterator.data(k), sizes, strides[k], 1);
  const int64_t rows = iterator.size(across), columns = iterator.size(inner);
  const int64_t bands = (rows + kTileRows - 1) / kTileRows;
  const auto band = [&](char* const* plane, int64_t first) {
    const int64_t last = std::min(rows, first + kTileRows);
    for (int64_t c = 0; c < columns; c += kTileColumns)
      for (int64_t r = first; r < last; ++r) {
        char* at[2];
        for (int k = 0; k < 2; ++k)
          at[k] = plane[k] + r * iterator.stride(k, across) + c * iterator.stride(k, inner);
        convert(at[0], iterator.stride(0, inner), at[1], iterator.stride(1, inner),
                std::min(kTileColumns, columns - c));
      }
  };
  parallel_for(0, planes.numel() * bands, kGrain / (columns * kTileRows), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      planes.for_each_run(i / bands, i / bands + 1,
                          [&](char* const* plane, int64_t) { band(plane, i % bands * kTileRows); });
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
  const ConvertLoop convert = convert_loop(self.dtype(), source.dtype());
  const int across = turned_dimension(iterator);
  if (across >= 0) return convert_turned(iterator, across, convert);
  convert_runs(iterator, convert);
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
