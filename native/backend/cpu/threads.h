// The team of threads kernels run on.
#pragma once

#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <exception>

namespace unroll::cpu {

/** Threads a parallel loop may use; at first OMP_NUM_THREADS or the number of processors. */
int num_threads();

/** Sets num_threads() for every thread of the process. Throws std::invalid_argument below 1. */
void set_num_threads(int count);

/** The pieces parallel_for cuts `count` iterations into: at least `grain` in each, one a thread at most. */
inline int pieces(int64_t count, int64_t grain) {
  if (omp_in_parallel()) return 1;
  return static_cast<int>(std::clamp<int64_t>(count / std::max<int64_t>(grain, 1), 1, num_threads()));
}

/**
 * Calls fn(first, last) over consecutive pieces of [begin, end), one a thread, cut the same way every time
 * for the same number of threads. Runs inline, in one piece, when fewer than 2·grain iterations are
 * there or when already inside a parallel region. What fn throws is rethrown here (the first, by piece).
 */
template <class F>
void parallel_for(int64_t begin, int64_t end, int64_t grain, F&& fn) {
  if (begin >= end) return;
  const int64_t count = end - begin;
  const int n = pieces(count, grain);
  if (n == 1) {
    fn(begin, end);
    return;
  }
  std::exception_ptr error;
  int error_piece = n;
#pragma omp parallel for schedule(static) num_threads(n)
  for (int i = 0; i < n; ++i) {
    try {
      fn(begin + count * i / n, begin + count * (i + 1) / n);
    } catch (...) {
#pragma omp critical(unroll_parallel_for)
      if (i < error_piece) {
        error_piece = i;
        error = std::current_exception();
      }
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace unroll::cpu
