// Permutations and draws of indices, as torch.randperm and torch.multinomial make them on the CPU.
#pragma once

#include <cstdint>

#include "rng/generator.h"

namespace unroll::rng {

/** out[n]: a random order of 0 … n-1. */
void randperm(int64_t* out, int64_t n, Generator& generator);

/**
 * out[rows][samples]: for each row of weights[rows][categories], both contiguous, that many categories drawn
 * in proportion to their weights, which need not sum to one; without replacement no category comes twice. T
 * is float or double. Weights that are negative, not finite or all zero, and more samples than categories
 * without replacement, are RuntimeErrors in PyTorch's words.
 */
template <class T>
void multinomial(int64_t* out, const T* weights, int64_t rows, int64_t categories, int64_t samples,
                 bool replacement, Generator& generator);

}  // namespace unroll::rng
