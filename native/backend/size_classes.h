// The sizes in which a device's memory is given out: 64 bytes at least, then eight sizes to each power of
// two, so that at most an eighth is left over and a freed block serves the next request of about its size.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

namespace unroll {

inline constexpr size_t kLine = 64, kLargestBlock = size_t{1} << 47;
inline constexpr int kSizeClasses = 8 * 48;

/** Multiples of 64 up to 512, then eight steps to each doubling. */
inline int size_class(size_t bytes) {
  const size_t lines = (std::max(bytes, kLine) + kLine - 1) / kLine;
  if (lines <= 8) return static_cast<int>(lines) - 1;
  const int octave = std::bit_width(lines - 1) - 4;  // (lines - 1) >> octave is in [8, 16)
  return octave * 8 + static_cast<int>((lines - 1) >> octave);
}

inline size_t class_bytes(int index) {
  if (index < 8) return (static_cast<size_t>(index) + 1) * kLine;
  const int octave = index / 8 - 1;
  return (static_cast<size_t>(index % 8 + 8) + 1) * kLine << octave;
}

}  // namespace unroll
