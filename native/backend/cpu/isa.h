// The instruction set in use, and how a function compiled once for each of them is called.
//
// A kernel is declared in a header that both its source and its callers include:
//
//   // kernels/exp.h
//   #include "backend/cpu/isa.h"
//   UNROLL_DISPATCH(void(const float* x, float* y, int64_t n), exp_f32)
//
// defined once, in the namespace of whichever instruction set its source is being compiled for:
//
//   // kernels/exp.cpp
//   #include "backend/cpu/kernels/exp.h"
//   namespace unroll::cpu::UNROLL_ISA {
//   void exp_f32(const float* x, float* y, int64_t n) { ... }
//   }
//
// and called from everywhere else as unroll::cpu::exp_f32(x, y, n). The macro stands at namespace scope,
// outside any namespace, without a semicolon. The call costs one load and one indirect jump.
#pragma once

#include <cstdint>

namespace unroll::cpu {

/** Instruction sets kernels are compiled for, in rising order; Baseline is SSE4.2 on x86-64. */
enum class Isa { Baseline, Avx2, Avx512 };

/**
 * The best instruction set that this processor and its operating system support, capped by the
 * environment variable UNROLL_ISA=sse4|avx2|avx512. Chosen at the first call and kept.
 * Throws std::runtime_error where UNROLL_ISA holds another value, which the message names.
 */
Isa isa();

/** "sse4", "avx2" or "avx512": the value of UNROLL_ISA that asks for `isa`; "baseline" off x86-64. */
const char* name(Isa isa);

/** F itself: lets a macro declare a function from its type. */
template <class F>
using Signature = F;

/** One function compiled for each instruction set; calling it calls the copy for isa(). */
template <class F>
class Dispatched;

template <class Result, class... Args>
class Dispatched<Result(Args...)> {
 public:
  using Function = Result(Args...);
  constexpr Dispatched(Function* baseline, Function* avx2, Function* avx512)
      : copies_{baseline, avx2, avx512} {}
  Result operator()(Args... args) const { return copies_[static_cast<int>(isa())](args...); }

 private:
  Function* copies_[3];
};

}  // namespace unroll::cpu

// Kernel sources see declarations only: nothing in them may call across instruction sets.
#if defined(UNROLL_ISA)
#define UNROLL_DISPATCH(signature, function)    \
  namespace unroll::cpu::UNROLL_ISA {           \
  ::unroll::cpu::Signature<signature> function; \
  }
#elif defined(__x86_64__)
#define UNROLL_DISPATCH(signature, function)                                                             \
  namespace unroll::cpu::baseline {                                                                      \
  ::unroll::cpu::Signature<signature> function;                                                          \
  }                                                                                                      \
  namespace unroll::cpu::avx2 {                                                                          \
  ::unroll::cpu::Signature<signature> function;                                                          \
  }                                                                                                      \
  namespace unroll::cpu::avx512 {                                                                        \
  ::unroll::cpu::Signature<signature> function;                                                          \
  }                                                                                                      \
  namespace unroll::cpu {                                                                                \
  inline constexpr Dispatched<signature> function{baseline::function, avx2::function, avx512::function}; \
  }
#else
#define UNROLL_DISPATCH(signature, function)                                              \
  namespace unroll::cpu::baseline {                                                       \
  ::unroll::cpu::Signature<signature> function;                                           \
  }                                                                                       \
  namespace unroll::cpu {                                                                 \
  inline constexpr Dispatched<signature> function{baseline::function, baseline::function, \
                                                  baseline::function};                    \
  }
#endif
