// The matrix product against the processor's multiply-add peak, measured by turns in the same process:
// each round takes the peak, then each case, and the best of all rounds counts. UNROLL_ISA caps the
// instruction set. Options: --json (one object a case), --rounds N, --threads N (both 1 and 2 otherwise).
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
  double best = 0;  // GFLOP/s

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
    if (std::strcmp(kind, "packed") == 0)
      gemm_packed(false, M, N, K, a.data(), K, packed, c.data(), N, false);
    else
      gemm(false, true, M, N, K, a.data(), K, b.data(), K, c.data(), N, false);
  }
  /** Runs for about 5 ms after one run to warm up. */
  void measure() {
    run();
    const double flops = 2.0 * static_cast<double>(M * N) * static_cast<double>(K);
    const int times = std::max(1, static_cast<int>(1e9 / flops));
    const double start = bench::seconds();
    for (int i = 0; i < times; ++i) run();
    best = std::max(best, flops * times / (bench::seconds() - start) / 1e9);
  }
};

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
    if (!json) std::printf("%s, %d thread%s: peak %.1f GFLOP/s\n", name(isa()), threads, threads > 1 ? "s" : "", peak);
    for (const Case& x : cases) {
      const char* line =
          json ? "{\"isa\":\"%s\",\"threads\":%d,\"kind\":\"%s\",\"M\":%lld,\"N\":%lld,\"K\":%lld,"
                 "\"gflops\":%.2f,\"peak\":%.2f,\"fraction\":%.4f}\n"
               : "";
      if (json)
        std::printf(line, name(isa()), threads, x.kind, static_cast<long long>(x.M), static_cast<long long>(x.N),
                    static_cast<long long>(x.K), x.best, peak, x.best / peak);
      else
        std::printf("  %-6s %5lld x %4lld x %4lld  %7.1f  %5.1f %%\n", x.kind, static_cast<long long>(x.M),
                    static_cast<long long>(x.N), static_cast<long long>(x.K), x.best, 100 * x.best / peak);
    }
  }
}
