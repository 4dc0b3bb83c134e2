// Prints the multiply-add peak of each thread count, for the instruction set in use (UNROLL_ISA).
#include "fma_peak.h"

#include <algorithm>
#include <cstdio>

#include "backend/cpu/threads.h"

int main() {
  const unroll::cpu::Isa isa = unroll::cpu::isa();
  for (int threads = 1; threads <= unroll::cpu::num_threads(); threads *= 2) {
    double best = 0;
    for (int round = 0; round < 40; ++round) best = std::max(best, bench::fma_peak(isa, threads));
    std::printf("%s, %d thread%s: %.1f GFLOP/s\n", name(isa), threads, threads > 1 ? "s" : "", best);
  }
}
