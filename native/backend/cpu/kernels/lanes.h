// Sums, maxima and norms of a row in lanes: lane i takes elements i, i + lanes, ..., and the lanes are
// combined in order at the end. A compiler may not reorder a floating point sum, so the order is written down
// here, the same for every instruction set. Included by kernel sources only.
#pragma once

#include <cstdint>

namespace unroll::cpu::UNROLL_ISA {

inline constexpr int kLanes = 32;

/** Σ term(j) for j < n, accumulated in Sum. */
template <class Sum, class Term>
[[gnu::always_inline]] inline Sum sum_lanes(int64_t n, Term term) {
  Sum lane[kLanes] = {};
  int64_t j = 0;
  for (; j + kLanes <= n; j += kLanes)
    for (int i = 0; i < kLanes; ++i) lane[i] += static_cast<Sum>(term(j + i));
  for (int i = 0; j < n; ++i, ++j) lane[i] += static_cast<Sum>(term(j));
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) lane[i] += lane[i + width];
  return lane[0];
}

/** The largest of x[0..n), n > 0; NaN is passed over. */
template <class T>
[[gnu::always_inline]] inline T max_lanes(const T* x, int64_t n) {
  T lane[kLanes];
  for (int i = 0; i < kLanes; ++i) lane[i] = -static_cast<T>(__builtin_inf());
  int64_t j = 0;
  for (; j + kLanes <= n; j += kLanes)
    for (int i = 0; i < kLanes; ++i) lane[i] = x[j + i] > lane[i] ? x[j + i] : lane[i];
  for (int i = 0; j < n; ++i, ++j) lane[i] = x[j] > lane[i] ? x[j] : lane[i];
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int i = 0; i < width; ++i) lane[i] = lane[i + width] > lane[i] ? lane[i + width] : lane[i];
  return lane[0];
}

}  // namespace unroll::cpu::UNROLL_ISA
