// What the processor can do at most: independent multiply-adds in registers, nothing loaded or stored.
#pragma once

#include <immintrin.h>

#include <chrono>

#include "backend/cpu/isa.h"

namespace bench {

inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Twelve chains cover the latency of two multiply-adders on any processor; each step is 24 operations a lane.
inline constexpr int kChains = 12;

__attribute__((target("avx512f"))) inline float chains_avx512(long steps) {
  __m512 sum[kChains];
  for (__m512& s : sum) s = _mm512_setzero_ps();
  const __m512 a = _mm512_set1_ps(1.0f), b = _mm512_set1_ps(1e-9f);
  for (long i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (int j = 0; j < kChains; ++j) sum[j] = _mm512_fmadd_ps(a, b, sum[j]);
  }
  for (int j = 1; j < kChains; ++j) sum[0] = _mm512_add_ps(sum[0], sum[j]);
  return _mm512_cvtss_f32(sum[0]);
}

__attribute__((target("avx2,fma"))) inline float chains_avx2(long steps) {
  __m256 sum[kChains];
  for (__m256& s : sum) s = _mm256_setzero_ps();
  const __m256 a = _mm256_set1_ps(1.0f), b = _mm256_set1_ps(1e-9f);
  for (long i = 0; i < steps; ++i) {
#pragma GCC unroll 12
    for (int j = 0; j < kChains; ++j) sum[j] = _mm256_fmadd_ps(a, b, sum[j]);
  }
  for (int j = 1; j < kChains; ++j) sum[0] = _mm256_add_ps(sum[0], sum[j]);
  return _mm256_cvtss_f32(sum[0]);
}

// Without a fused multiply-add the peak is a multiplication and an addition side by side.
inline float chains_sse4(long steps) {
  __m128 sum[kChains];
  for (__m128& s : sum) s = _mm_setzero_ps();
  __m128 a = _mm_set1_ps(1.0f);
  const __m128 b = _mm_set1_ps(1e-9f);
  for (long i = 0; i < steps; ++i) {
    asm("" : "+x"(a));  // the product must be made anew at each step
#pragma GCC unroll 12
    for (int j = 0; j < kChains; ++j) {
      __m128 product = _mm_mul_ps(a, b);
      asm("" : "+x"(product));
      sum[j] = _mm_add_ps(sum[j], product);
    }
  }
  for (int j = 1; j < kChains; ++j) sum[0] = _mm_add_ps(sum[0], sum[j]);
  return _mm_cvtss_f32(sum[0]);
}

/** Single-precision GFLOP/s of `threads` threads in registers, over about 1 ms. */
inline double fma_peak(unroll::cpu::Isa isa, int threads) {
  const long steps = 1 << 18;
  float sink = 0;
  const double start = seconds();
#pragma omp parallel num_threads(threads) reduction(+ : sink)
  sink += isa == unroll::cpu::Isa::Avx512 ? chains_avx512(steps)
          : isa == unroll::cpu::Isa::Avx2 ? chains_avx2(steps)
                                          : chains_sse4(steps);
  const double elapsed = seconds() - start;
  volatile float kept = sink;
  (void)kept;
  const int lanes = isa == unroll::cpu::Isa::Avx512 ? 16 : isa == unroll::cpu::Isa::Avx2 ? 8 : 4;
  return 2.0 * kChains * lanes * static_cast<double>(steps) * threads / elapsed / 1e9;
}

}  // namespace bench
