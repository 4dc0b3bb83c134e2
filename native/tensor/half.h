// The two 16-bit floating point types: stored as such, computed in float32. Kernel sources include this
// header too, so nothing in it may be emitted as a shared function.
#pragma once

#include <cstdint>

namespace unroll {

/** IEEE 754 binary16. */
struct Half {
  uint16_t bits;

  Half() = default;
  template <class T>
  [[gnu::always_inline]] explicit Half(T value) : bits(narrowed(static_cast<float>(value))) {}
  [[gnu::always_inline]] operator float() const {
    const uint32_t sign = uint32_t{bits} >> 15 << 31, rest = bits & 0x7fffu;
    // The exponent is moved by a product, which also gives the denormals their place.
    if (rest < 0x7c00u)
      return __builtin_bit_cast(float, sign | __builtin_bit_cast(uint32_t, scaled(rest << 13, 0x1p112f)));
    return __builtin_bit_cast(float, sign | 0x7f800000u | rest << 13);
  }

 private:
  [[gnu::always_inline]] static float scaled(uint32_t bits, float factor) {
    // Denormals may be flushed where this runs: those of binary16 are normal numbers times 2^-24.
    if (bits < 0x00800000u) return static_cast<float>(bits >> 13) * 0x1p-24f;
    return __builtin_bit_cast(float, bits) * factor;
  }
  [[gnu::always_inline]] static uint16_t narrowed(float value) {
    const uint32_t all = __builtin_bit_cast(uint32_t, value), magnitude = all & 0x7fffffffu;
    const uint32_t sign = all >> 16 & 0x8000u;
    if (magnitude > 0x7f800000u) return static_cast<uint16_t>(sign | 0x7e00u);
    if (magnitude >= 0x477ff000u) return static_cast<uint16_t>(sign | 0x7c00u);  // rounds beyond 65504
    if (magnitude < 0x38800000u) {
      // Below 2^-14: the sum's last place is 2^-24, and the sum is rounded to it.
      const float placed = __builtin_bit_cast(float, magnitude) + 0.5f;
      return static_cast<uint16_t>(sign | (__builtin_bit_cast(uint32_t, placed) - 0x3f000000u));
    }
    const uint32_t rounded = magnitude + 0xfffu + (magnitude >> 13 & 1u) - 0x38000000u;
    return static_cast<uint16_t>(sign | rounded >> 13);
  }
};

/** The upper half of a float32. */
struct BFloat16 {
  uint16_t bits;

  BFloat16() = default;
  template <class T>
  [[gnu::always_inline]] explicit BFloat16(T value) : bits(narrowed(static_cast<float>(value))) {}
  [[gnu::always_inline]] operator float() const { return __builtin_bit_cast(float, uint32_t{bits} << 16); }

 private:
  [[gnu::always_inline]] static uint16_t narrowed(float value) {
    const uint32_t all = __builtin_bit_cast(uint32_t, value);
    if ((all & 0x7fffffffu) > 0x7f800000u) return 0x7fc0u;
    return static_cast<uint16_t>((all + 0x7fffu + (all >> 16 & 1u)) >> 16);
  }
};

}  // namespace unroll
