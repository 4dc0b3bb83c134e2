// Each multiplication followed by an addition is one fused operation here, written out: the samples are then
// the same on every instruction set, and equal PyTorch's, whose build fuses them.
#include "backend/cpu/kernels/random.h"

#include <cmath>
#include <cstring>

namespace unroll::cpu::UNROLL_ISA {
namespace {

constexpr float kTwoPi = 6.283185307179586f;

inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

inline uint32_t temper(uint32_t y) {
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

/** Natural logarithm of x in (0, 1], by the polynomial of the Cephes library. */
inline float log(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof x);
  float exponent = static_cast<float>(static_cast<int32_t>(bits >> 23) - 126);
  bits = (bits & 0x007fffff) | 0x3f000000;
  float m;  // mantissa in [0.5, 1)
  std::memcpy(&m, &bits, sizeof m);
  bool below = m < 0.707106781186547524f;
  exponent -= below ? 1.0f : 0.0f;
  m = (m - 1.0f) + (below ? m : 0.0f);

  float y = 7.0376836292e-2f;
  y = fma(y, m, -1.1514610310e-1f);
  y = fma(y, m, 1.1676998740e-1f);
  y = fma(y, m, -1.2420140846e-1f);
  y = fma(y, m, 1.4249322787e-1f);
  y = fma(y, m, -1.6668057665e-1f);
  y = fma(y, m, 2.0000714765e-1f);
  y = fma(y, m, -2.4999993993e-1f);
  y = fma(y, m, 3.3333331174e-1f);
  float square = m * m;
  y = fma(y * m, square, exponent * -2.12194440e-4f);
  y = fma(square, -0.5f, y);
  return fma(exponent, 0.693359375f, m + y);
}

/** Sine and cosine of x in [0, 2 pi], by the polynomials of the Cephes library about the nearest multiple of
 * pi/2. */
inline void sincos(float x, float& sine, float& cosine) {
  int32_t octant = (static_cast<int32_t>(x * 1.27323954473516f) + 1) & ~1;
  float multiple = static_cast<float>(octant);
  x = fma(multiple, -0.78515625f, x);
  x = fma(multiple, -2.4187564849853515625e-4f, x);
  x = fma(multiple, -3.77489497744594108e-8f, x);
  float z = x * x;

  float c = 2.443315711809948e-5f;
  c = fma(c, z, -1.388731625493765e-3f);
  c = fma(c, z, 4.166664568298827e-2f);
  c = fma(c * z, z, z * -0.5f) + 1.0f;
  float s = -1.9515295891e-4f;
  s = fma(s, z, 8.3321608736e-3f);
  s = fma(s, z, -1.6666654611e-1f);
  s = fma(s * z, x, x);

  bool swapped = octant & 2;  // an odd multiple of pi/2
  float a = swapped ? c : s;
  float b = swapped ? s : c;
  sine = octant & 4 ? -a : a;
  cosine = (octant + 2) & 4 ? -b : b;
}

}  // namespace

void mt_twist(uint32_t* words) {
  constexpr int kWords = 624, kAhead = 397;
  auto mixed = [](uint32_t high, uint32_t low) {
    uint32_t y = (high & 0x80000000) | (low & 0x7fffffff);
    return (y >> 1) ^ (-(low & 1) & 0x9908b0df);
  };
  for (int i = 0; i < kWords - kAhead; ++i) words[i] = words[i + kAhead] ^ mixed(words[i], words[i + 1]);
  for (int i = kWords - kAhead; i < kWords - 1; ++i)
    words[i] = words[i + kAhead - kWords] ^ mixed(words[i], words[i + 1]);
  words[kWords - 1] = words[kAhead - 1] ^ mixed(words[kWords - 1], words[0]);
}

void mt_temper(const uint32_t* __restrict words, uint32_t* __restrict out, int64_t n) {
  for (int64_t i = 0; i < n; ++i) out[i] = temper(words[i]);
}

void bernoulli_u8(const uint32_t* __restrict words, uint8_t* __restrict out, int64_t n, uint64_t threshold) {
  for (int64_t i = 0; i < n; ++i) {
    uint64_t sample = static_cast<uint64_t>(words[2 * i] & 0x1fffff) << 32 | words[2 * i + 1];
    out[i] = sample < threshold;
  }
}

void uniform_f32(const uint32_t* __restrict words, float* __restrict out, int64_t n, float from, float to) {
  float range = to - from;
  for (int64_t i = 0; i < n; ++i) {
    float unit = static_cast<float>(static_cast<int32_t>(words[i] & 0xffffff)) * 0x1p-24f;
    float value = fma(unit, range, from);
    out[i] = value == to ? from : value;  // rounding may reach `to`
  }
}

void box_muller_f32(float* data, int64_t blocks, float mean, float std) {
  for (int64_t block = 0; block < blocks; ++block, data += 16) {
    for (int j = 0; j < 8; ++j) {
      float radius = __builtin_sqrtf(-2.0f * log(1.0f - data[j]));
      float sine, cosine;
      sincos(kTwoPi * data[j + 8], sine, cosine);
      data[j] = fma(radius * cosine, std, mean);
      data[j + 8] = fma(radius * sine, std, mean);
    }
  }
}

}  // namespace unroll::cpu::UNROLL_ISA
