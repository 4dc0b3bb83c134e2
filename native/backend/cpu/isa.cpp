#include "backend/cpu/isa.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace unroll::cpu {
namespace {

// The compiler's own cpuid reader also asks (XGETBV) whether the operating system saves ymm and zmm.
Isa supported() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
              __builtin_cpu_supports("f16c") && __builtin_cpu_supports("bmi2");
  bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (avx512) return Isa::Avx512;
  if (avx2) return Isa::Avx2;
  if (!__builtin_cpu_supports("sse4.2") || !__builtin_cpu_supports("popcnt"))
    throw std::runtime_error("this processor lacks SSE4.2 and POPCNT, which Unroll needs");
#endif
  return Isa::Baseline;
}

Isa cap() {
  const char* value = std::getenv("UNROLL_ISA");
  if (!value || !*value) return Isa::Avx512;
  std::string_view wanted = value;
  if (wanted == "sse4") return Isa::Baseline;
  if (wanted == "avx2") return Isa::Avx2;
  if (wanted == "avx512") return Isa::Avx512;
  throw std::runtime_error("UNROLL_ISA must be sse4, avx2 or avx512, not '" + std::string(wanted) + "'");
}

}  // namespace

Isa isa() {
  static const Isa chosen = std::min(supported(), cap());
  return chosen;
}

const char* name(Isa isa) {
  switch (isa) {
    case Isa::Avx512:
      return "avx512";
    case Isa::Avx2:
      return "avx2";
    case Isa::Baseline:
      break;
  }
#if defined(__x86_64__)
  return "sse4";
#else
  return "baseline";
#endif
}

}  // namespace unroll::cpu
