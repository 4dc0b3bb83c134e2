// The matrix product against the processor's multiply-add peak, measured by turns in the same process:
// each round takes the peak, then each case, and the best of all rounds counts. Beside each packed case
// stands what memory allows: how fast this machine reads the packed matrix, to and fro, with no arithmetic.
// UNROLL_ISA caps the instruction set. Options: --json (one object a case), --rounds N, --threads N (both
// 1 and 2 otherwise).
#include "backend/cpu/gemm.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "backend/cpu/threads.h"
#include "fma_peak.h"

using namespace unroll::cpu;

namespace {

/** One shape, its operands, and its best time. */
struct Case {
  const char* kind;  // "packed": B packed once; "whole": packing included
  int64_t M, N, K;
  std::vector<float> a, b, c;
  PackedMatrix<float> packed;
  double best = 0;        // GFLOP/s
  double best_reads = 0;  // GFLOP/s if only reading the packed matrix took time

  Case(const char* kind, int64_t M, int64_t N, int64_t K)
      : kind(kind), M(M), N(N), K(K), a(fill(M * K)), b(fill(N * K)), c(fill(M * N)) {
    pack_b(packed, true, K, N, b.data(), K);
  }
  static std::vector<float> fill(int64_t count) {
    std::vector<float> out(static_cast<size_t>(count));
    for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(i % 17) * 0.01f;
    return out;
  }
  void run() {
    if (is_packed())
      gemm_packed(false, M, N, K, a.data(), K, packed, c.data(), N, false);
    else
      gemm(false, true, M, N, K, a.data(), K, b.data(), K, c.data(), N, false);
  }
  bool is_packed() const { return std::strcmp(kind, "packed") == 0; }
  /** Runs for about 2 ms after one run to warm up, then reads as often. */
  void measure() {
    const double flops = 2.0 * static_cast<double>(M * N) * static_cast<double>(K);
    const int times = std::max(1, static_cast<int>(3e8 / flops));
    const auto rate = [&](auto&& work) {
      work(0);
      const double start = bench::seconds();
      for (int i = 0; i < times; ++i) work(i + 1);
      return flops * times / (bench::seconds() - start) / 1e9;
    };
    best = std::max(best, rate([&](int) { run(); }));
    if (is_packed()) best_reads = std::max(best_reads, rate([&](int i) { read(i % 2 == 1); }));
  }
  /** Every thread reads its share of the packed matrix, by the cache line. */
  void read(bool backwards) const {
    const int64_t panel = K * packed.panel_width();
    parallel_for(0, packed.panels(), 1, [&](int64_t first, int64_t last) {
      float sum = 0;
      for (int64_t p = 0; p < last - first; ++p) {
        const float* from = packed.data() + (backwards ? last - 1 - p : first + p) * panel;
        for (int64_t i = 0; i < panel; i += 16) sum += from[i];
      }
      volatile float kept = sum;
      (void)kept;
    });
  }
};

void print(const Case& x, int threads, double peak, bool json) {
  const long long M = x.M, N = x.N, K = x.K;
  if (json) {
    std::printf(
        "{\"isa\":\"%s\",\"threads\":%d,\"kind\":\"%s\",\"M\":%lld,\"N\":%lld,\"K\":%lld,"
        "\"gflops\":%.2f,\"peak\":%.2f,\"fraction\":%.4f",
        name(isa()), threads, x.kind, M, N, K, x.best, peak, x.best / peak);
    if (x.is_packed()) std::printf(",\"memory_bound\":%.2f", x.best_reads);
    std::printf("}\n");
    return;
  }
  std::printf("  %-6s %5lld x %4lld x %4lld  %7.1f  %5.1f %%", x.kind, M, N, K, x.best, 100 * x.best / peak);
  if (x.is_packed()) std::printf("  (reading B alone: %.0f)", x.best_reads);
  std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
  bool json = false;
  int rounds = 40, only_threads = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--json") {
      json = true;
    } else if (option == "--rounds" && i + 1 < argc) {
      rounds = std::atoi(argv[++i]);
    } else if (option == "--threads" && i + 1 < argc) {
      only_threads = std::atoi(argv[++i]);
    } else {
      std::fprintf(stderr, "unknown option %s\n", argv[i]);
      return 2;
    }
  }
  for (int threads : {1, 2}) {
    if (only_threads && threads != only_threads) continue;
    set_num_threads(threads);
    std::vector<Case> cases;
    for (int64_t M : {6, 20, 32, 64}) cases.emplace_back("packed", M, 2048, 512);
    cases.emplace_back("packed", 1024, 1024, 1024);
    cases.emplace_back("whole", 1024, 1024, 1024);
    cases.emplace_back("whole", 32, 2048, 512);
    double peak = 0;
    for (int round = 0; round < rounds; ++round)
      for (Case& x : cases) {
        peak = std::max(peak, bench::fma_peak(isa(), threads));
        x.measure();
      }
    if (!json)
      std::printf("%s, %d thread%s: peak %.1f GFLOP/s\n", name(isa()), threads, threads > 1 ? "s" : "", peak);
    for (const Case& x : cases) print(x, threads, peak, json);
  }
}
