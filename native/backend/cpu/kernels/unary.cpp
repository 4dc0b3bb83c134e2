// Operations on one operand.
#include "backend/cpu/kernels/loops.h"
#include "backend/cpu/kernels/math.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

// The C library's function of T's precision.
#define UNROLL_LIBRARY(function)                        \
  template <class T>                                    \
  [[gnu::always_inline]] inline T lib_##function(T a) { \
    if constexpr (is_same<T, float>)                    \
      return __builtin_##function##f(a);                \
    else                                                \
      return __builtin_##function(a);                   \
  }
UNROLL_LIBRARY(log2)
UNROLL_LIBRARY(log10)
UNROLL_LIBRARY(sqrt)
UNROLL_LIBRARY(sin)
UNROLL_LIBRARY(cos)
UNROLL_LIBRARY(tan)
UNROLL_LIBRARY(erf)
UNROLL_LIBRARY(floor)
UNROLL_LIBRARY(ceil)
UNROLL_LIBRARY(rint)
UNROLL_LIBRARY(trunc)
UNROLL_LIBRARY(fabs)
#undef UNROLL_LIBRARY

template <class T>
FlatLoop number(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::Neg:
      return one<T>([](T a, Numbers) { return negative(a); });
    case PointwiseOp::Abs:
      return one<T>([](T a, Numbers) {
        if constexpr (is_floating<T>)
          return lib_fabs(a);
        else
          return a < 0 ? negative(a) : a;
      });
    case PointwiseOp::Sign:
      return one<T>(
          [](T a, Numbers) { return static_cast<T>(static_cast<T>(a > 0) - static_cast<T>(a < 0)); });
    default:
      return nullptr;
  }
}

template <class T>
FlatLoop integer(PointwiseOp op) {
  if (op == PointwiseOp::BitNot) return one<T>([](T a, Numbers) { return static_cast<T>(~a); });
  return number<T>(op);
}

FlatLoop truth(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::BitNot:
      return one<bool>([](bool a, Numbers) { return !a; });
    case PointwiseOp::Sign:
      return one<bool>([](bool a, Numbers) { return a; });
    default:
      return nullptr;
  }
}

template <class T>
FlatLoop floating(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::Exp:
      return one<T>([](T a, Numbers) { return exp(a); });
    case PointwiseOp::Expm1:
      return one<T>([](T a, Numbers) { return expm1(a); });
    case PointwiseOp::Log:
      return one<T>([](T a, Numbers) { return log(a); });
    case PointwiseOp::Log1p:
      return one<T>([](T a, Numbers) { return log1p(a); });
    case PointwiseOp::Log2:
      return one<T>([](T a, Numbers) { return lib_log2(a); });
    case PointwiseOp::Log10:
      return one<T>([](T a, Numbers) { return lib_log10(a); });
    case PointwiseOp::Sqrt:
      return one<T>([](T a, Numbers) { return lib_sqrt(a); });
    case PointwiseOp::Rsqrt:
      return one<T>([](T a, Numbers) { return T(1) / lib_sqrt(a); });
    case PointwiseOp::Reciprocal:
      return one<T>([](T a, Numbers) { return T(1) / a; });
    case PointwiseOp::Sin:
      return one<T>([](T a, Numbers) { return lib_sin(a); });
    case PointwiseOp::Cos:
      return one<T>([](T a, Numbers) { return lib_cos(a); });
    case PointwiseOp::Tan:
      return one<T>([](T a, Numbers) { return lib_tan(a); });
    case PointwiseOp::Erf:
      return one<T>([](T a, Numbers) { return lib_erf(a); });
    case PointwiseOp::Floor:
      return one<T>([](T a, Numbers) { return lib_floor(a); });
    case PointwiseOp::Ceil:
      return one<T>([](T a, Numbers) { return lib_ceil(a); });
    case PointwiseOp::Round:
      return one<T>([](T a, Numbers) { return lib_rint(a); });
    case PointwiseOp::Trunc:
      return one<T>([](T a, Numbers) { return lib_trunc(a); });
    default:
      return number<T>(op);
  }
}

}  // namespace

FlatLoop unary_loop(PointwiseOp op, DType type) {
  return with_type(type, [op](auto t) -> FlatLoop {
    using T = decltype(t);
    if constexpr (is_floating<T>)
      return floating<T>(op);
    else if constexpr (is_same<T, bool>)
      return truth(op);
    else
      return integer<T>(op);
  });
}

}  // namespace unroll::cpu::UNROLL_ISA
