// Random words into float32 samples, eight and sixteen at a time.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

// out[n]: uniform on [from, to) from the low 24 bits of words[n].
UNROLL_DISPATCH(void(const uint32_t* words, float* out, int64_t n, float from, float to), uniform_f32)
// data[blocks][16], uniform on [0, 1), in place into normal samples: elements i and i + 8 of a block make a
// pair.
UNROLL_DISPATCH(void(float* data, int64_t blocks, float mean, float std), box_muller_f32)
