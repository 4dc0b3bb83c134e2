// Functions of the C library and its kin: trigonometry, hyperbolas, error and gamma functions, whole numbers'
// divisors and shifts.
#include "backend/cpu/kernels/special.h"

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
#define UNROLL_LIBRARY_OF_TWO(function)                      \
  template <class T>                                         \
  [[gnu::always_inline]] inline T lib_##function(T a, T b) { \
    if constexpr (is_same<T, float>)                         \
      return __builtin_##function##f(a, b);                  \
    else                                                     \
      return __builtin_##function(a, b);                     \
  }
UNROLL_LIBRARY(exp2)
UNROLL_LIBRARY(sinh)
UNROLL_LIBRARY(cosh)
UNROLL_LIBRARY(asin)
UNROLL_LIBRARY(acos)
UNROLL_LIBRARY(atan)
UNROLL_LIBRARY(asinh)
UNROLL_LIBRARY(acosh)
UNROLL_LIBRARY(atanh)
UNROLL_LIBRARY(erfc)
UNROLL_LIBRARY(lgamma)
UNROLL_LIBRARY(sin)
UNROLL_LIBRARY(fabs)
UNROLL_LIBRARY_OF_TWO(atan2)
UNROLL_LIBRARY_OF_TWO(hypot)
UNROLL_LIBRARY_OF_TWO(copysign)
UNROLL_LIBRARY_OF_TWO(nextafter)
#undef UNROLL_LIBRARY
#undef UNROLL_LIBRARY_OF_TWO

template <class T>
T sinc(T a) {
  if (a == T(0)) return T(1);
  const double at = kPi * static_cast<double>(a);  // in double, as PyTorch does
  return static_cast<T>(lib_sin(at) / at);
}

template <class T>
T log_add_exp(T a, T b) {
  if (a == b) return a + T(0.69314718055994530942);  // infinities too
  const T larger = a > b ? a : b;
  return larger + log1p(exp(-lib_fabs(a - b)));
}

template <class T>
FlatLoop floating(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::Exp2:
      return one<T>([](T a, Numbers) { return lib_exp2(a); });
    case PointwiseOp::Sinh:
      return one<T>([](T a, Numbers) { return lib_sinh(a); });
    case PointwiseOp::Cosh:
      return one<T>([](T a, Numbers) { return lib_cosh(a); });
    case PointwiseOp::Asin:
      return one<T>([](T a, Numbers) { return lib_asin(a); });
    case PointwiseOp::Acos:
      return one<T>([](T a, Numbers) { return lib_acos(a); });
    case PointwiseOp::Atan:
      return one<T>([](T a, Numbers) { return lib_atan(a); });
    case PointwiseOp::Asinh:
      return one<T>([](T a, Numbers) { return lib_asinh(a); });
    case PointwiseOp::Acosh:
      return one<T>([](T a, Numbers) { return lib_acosh(a); });
    case PointwiseOp::Atanh:
      return one<T>([](T a, Numbers) { return lib_atanh(a); });
    case PointwiseOp::Sinc:
      return one<T>([](T a, Numbers) { return sinc(a); });
    case PointwiseOp::Erfc:
      return one<T>([](T a, Numbers) { return lib_erfc(a); });
    case PointwiseOp::Erfinv:
      return one<T>([](T a, Numbers) { return static_cast<T>(erfinv(a)); });
    case PointwiseOp::Lgamma:
      return one<T>([](T a, Numbers) { return lib_lgamma(a); });
    case PointwiseOp::Digamma:
      return one<T>([](T a, Numbers) { return static_cast<T>(digamma(a)); });
    case PointwiseOp::Polygamma:
      return one<T>([](T a, Numbers k) { return static_cast<T>(polygamma(k.x, a)); });
    case PointwiseOp::BesselI0:
      return one<T>([](T a, Numbers) { return static_cast<T>(bessel_i(0, a)); });
    case PointwiseOp::BesselI1:
      return one<T>([](T a, Numbers) { return static_cast<T>(bessel_i(1, a)); });
    case PointwiseOp::Atan2:
      return two<T>([](T a, T b, Numbers) { return lib_atan2(a, b); });
    case PointwiseOp::Hypot:
      return two<T>([](T a, T b, Numbers) { return lib_hypot(a, b); });
    case PointwiseOp::Copysign:
      return two<T>([](T a, T b, Numbers) { return lib_copysign(a, b); });
    case PointwiseOp::Nextafter:
      return two<T>([](T a, T b, Numbers) { return lib_nextafter(a, b); });
    case PointwiseOp::Xlogy:
      return two<T>([](T a, T b, Numbers) { return b != b ? b : a == T(0) ? T(0) : a * log(b); });
    case PointwiseOp::LogAddExp:
      return two<T>([](T a, T b, Numbers) { return log_add_exp(a, b); });
    default:
      return nullptr;
  }
}

template <class T>
FlatLoop integer(PointwiseOp op) {
  constexpr int bits = 8 * sizeof(T), furthest = static_cast<T>(-1) < 0 ? bits - 1 : bits;
  switch (op) {
    case PointwiseOp::Gcd:
      return two<T>([](T a, T b, Numbers) { return gcd(a, b); });
    case PointwiseOp::Lcm:
      return two<T>([](T a, T b, Numbers) {
        const T divisor = gcd(a, b);
        if (divisor == 0) return T(0);
        const T product = multiply(static_cast<T>(a / divisor), b);
        return product < 0 ? negative(product) : product;
      });
    case PointwiseOp::ShiftLeft:
      return two<T>([](T a, T b, Numbers) {
        return b < 0 || static_cast<int64_t>(b) >= bits ? T(0)
                                                        : static_cast<T>(static_cast<uint64_t>(a) << b);
      });
    case PointwiseOp::ShiftRight:
      return two<T>([](T a, T b, Numbers) {
        return static_cast<T>(
            a >> (b < 0 || static_cast<int64_t>(b) >= furthest ? furthest : static_cast<int>(b)));
      });
    default:
      return nullptr;
  }
}

}  // namespace

FlatLoop special_loop(PointwiseOp op, DType type) {
  return with_type(type, [op](auto t) -> FlatLoop {
    using T = decltype(t);
    if constexpr (is_floating<T>)
      return floating<T>(op);
    else if constexpr (is_same<T, bool>)
      return nullptr;
    else
      return integer<T>(op);
  });
}

}  // namespace unroll::cpu::UNROLL_ISA
