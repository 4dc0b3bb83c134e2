// The Mersenne Twister's words, and words into samples, as many at a time as the registers hold.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

// The generator's 624 words replaced by the next 624, in place.
UNROLL_DISPATCH(void(uint32_t* words), mt_twist)
// out[n]: the generator's words as they are handed out.
UNROLL_DISPATCH(void(const uint32_t* words, uint32_t* out, int64_t n), mt_temper)
// out[n]: 1 where the low 53 bits of a 64-bit number, words[n][high, low], are less than `threshold`, else 0.
UNROLL_DISPATCH(void(const uint32_t* words, uint8_t* out, int64_t n, uint64_t threshold), bernoulli_u8)
// out[n]: uniform on [from, to) from the low 24 bits of words[n].
UNROLL_DISPATCH(void(const uint32_t* words, float* out, int64_t n, float from, float to), uniform_f32)
// data[blocks][16], uniform on [0, 1), in place into normal samples: elements i and i + 8 of a block make a
// pair.
UNROLL_DISPATCH(void(float* data, int64_t blocks, float mean, float std), box_muller_f32)
