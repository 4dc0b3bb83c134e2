#include "backend/cpu/kernels/histogram.h"

namespace unroll::cpu::UNROLL_ISA {

namespace {

// Elements whose bins are worked out together.
constexpr int kAtOnce = 256;
// Tables that are counted in in turn: the next addition to one number waits for the one before.
constexpr int kTables = 4;

template <class T>
inline void count(const T* x, int64_t n, const Binning& binning, int64_t* counts) {
  const double low = binning.low, high = binning.high, scale = binning.scale;
  const int32_t bins = static_cast<int32_t>(binning.bins), kinds = bins + 3;
  const double last = static_cast<double>(bins - 1), below = static_cast<double>(bins);
  uint32_t tables[kTables][kMostCountedBins + 3];
  for (auto& table : tables)
    for (int32_t i = 0; i < kinds; ++i) table[i] = 0;
  int32_t bin[kAtOnce];
  for (int64_t start = 0; start < n; start += kAtOnce) {
    const int here = static_cast<int>(n - start < kAtOnce ? n - start : kAtOnce);
    for (int i = 0; i < here; ++i) {
      const double v = static_cast<double>(x[start + i]);
      double place = (v - low) * scale;
      place = place < last ? place : last;
      place = v < low ? below : place;
      place = v > high ? below + 1 : place;
      bin[i] = static_cast<int32_t>(v * 0 == 0 ? place : below + 2);
    }
    int i = 0;
    for (; i + kTables <= here; i += kTables)
      for (int k = 0; k < kTables; ++k) ++tables[k][bin[i + k]];
    for (; i < here; ++i) ++tables[0][bin[i]];
  }
  for (const auto& table : tables)
    for (int32_t i = 0; i < kinds; ++i) counts[i] += table[i];
}

}  // namespace

void count_f32(const float* x, int64_t n, const Binning& binning, int64_t* counts) {
  count(x, n, binning, counts);
}
void count_f64(const double* x, int64_t n, const Binning& binning, int64_t* counts) {
  count(x, n, binning, counts);
}

}  // namespace unroll::cpu::UNROLL_ISA
