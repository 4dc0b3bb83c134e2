// Steps in blocks, as bench/scripts/blocks.py has them: each line of the standard input says how many to
// make, and the answer is the milliseconds of one and the last one's result.
#pragma once

#include <cstdio>

#include "fma_peak.h"

namespace bench {

/** step() makes a step; result() is what sides that do the same have in common, and is not timed. */
template <class Step, class Result>
void serve(Step step, Result result) {
  std::printf("ready\n");
  std::fflush(stdout);
  for (int count; std::scanf("%d", &count) == 1;) {
    const double start = seconds();
    for (int i = 0; i < count; ++i) step();
    const double milliseconds = 1e3 * (seconds() - start) / count;
    std::printf("block %.6f %.9g\n", milliseconds, static_cast<double>(result()));
    std::fflush(stdout);
  }
}

}  // namespace bench
