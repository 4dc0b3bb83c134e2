// Contiguous arrays filled with samples, drawing from the generator what PyTorch's CPU functions of the same
// names draw, in the same order. T is float or double unless said otherwise; n is the number of elements;
// parameters outside the distribution's domain are RuntimeErrors in PyTorch's words.
#pragma once

#include <cstdint>
#include <optional>

#include "rng/generator.h"

namespace unroll::rng {

/** Uniform on [from, to). */
template <class T>
void uniform_(T* out, int64_t n, double from, double to, Generator& generator);

/**
 * Normal. From 16 elements up: uniforms in blocks of 16 become 8 pairs each (Box–Muller), the last block
 * drawn anew where n is no multiple of 16. Below: pair by pair in double, an odd sample kept in the
 * generator. Without `draws_rest` the first drawing leaves out what fills no block, as PyTorch's of 16-bit
 * types does.
 */
template <class T>
void normal_(T* out, int64_t n, double mean, double std, Generator& generator, bool draws_rest = true);
/** The way of the short arrays whatever n is: how PyTorch fills a tensor that is not contiguous. */
template <class T>
void normal_pairwise_(T* out, int64_t n, double mean, double std, Generator& generator);

/** exp of a normal with `mean` and `std`. */
template <class T>
void log_normal_(T* out, int64_t n, double mean, double std, Generator& generator);
/** Density lambda · exp(-lambda x). */
template <class T>
void exponential_(T* out, int64_t n, double lambda, Generator& generator);
template <class T>
void cauchy_(T* out, int64_t n, double median, double sigma, Generator& generator);
/** Number of trials up to the first success, each of probability p; T any dtype but bool. */
template <class T>
void geometric_(T* out, int64_t n, double p, Generator& generator);

/** 1 with probability p, else 0: 53 bits a sample. T any dtype. */
template <class T>
void bernoulli_(T* out, int64_t n, double p, Generator& generator);
/** out[i] is 1 with probability p[i], else 0: 24 bits a sample for P float, 53 for P double. T any dtype. */
template <class T, class P>
void bernoulli_(T* out, const P* p, int64_t n, Generator& generator);

/** Integers from 0 to the greatest that T holds, or up to which T holds all of them (2^24, 2^53). T any
 * dtype. */
template <class T>
void random_(T* out, int64_t n, Generator& generator);
/**
 * Integers of [from, to); without `to`, up to the same greatest as above, or with `from` the least int64 any
 * 64 bits (T int64_t, float or double). T any dtype.
 */
template <class T>
void random_(T* out, int64_t n, int64_t from, std::optional<int64_t> to, Generator& generator);

}  // namespace unroll::rng
