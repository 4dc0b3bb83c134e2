// Operations on two and three operands.
#include "backend/cpu/kernels/loops.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

template <class T>
T fmod(T a, T b) {
  if constexpr (is_same<T, float>)
    return __builtin_fmodf(a, b);
  else
    return __builtin_fmod(a, b);
}
template <class T>
T floor(T a) {
  if constexpr (is_same<T, float>)
    return __builtin_floorf(a);
  else
    return __builtin_floor(a);
}

/** The quotient towards zero. The divisor is not 0; the one quotient that does not fit wraps around. */
template <class T>
T quotient(T a, T b) {
  if constexpr (is_same<T, int32_t> || is_same<T, int64_t>)
    if (b == T(-1)) return negative(a);
  return static_cast<T>(a / b);
}
template <class T>
T rest(T a, T b) {
  if constexpr (is_same<T, int32_t> || is_same<T, int64_t>)
    if (b == T(-1)) return 0;
  return static_cast<T>(a % b);
}

template <class T>
T floor_divide(T a, T b) {
  if constexpr (is_floating<T>) {
    if (b == T(0)) return a / b;
    // As Python's: the quotient that goes with the remainder of b's sign, exact where a / b would round up.
    const T modulus = fmod(a, b);
    T divided = (a - modulus) / b;
    if (modulus != T(0) && (b < T(0)) != (modulus < T(0))) divided -= T(1);
    if (divided == T(0)) return static_cast<T>(__builtin_copysign(0.0, a / b));
    const T lower = floor(divided);
    return divided - lower > T(0.5) ? lower + T(1) : lower;
  } else {
    const T q = quotient(a, b), r = rest(a, b);
    return static_cast<T>(r != 0 && (r < 0) != (b < 0) ? q - 1 : q);
  }
}

template <class T>
T remainder(T a, T b) {
  const T r = [&] {
    if constexpr (is_floating<T>)
      return fmod(a, b);
    else
      return rest(a, b);
  }();
  return r != 0 && (r < 0) != (b < 0) ? static_cast<T>(r + b) : r;
}

template <class T>
T power(T a, T b) {
  if constexpr (is_same<T, float>)
    return __builtin_powf(a, b);
  else if constexpr (is_same<T, double>)
    return __builtin_pow(a, b);
  else {
    if (b < 0) return a == T(1) ? T(1) : a == static_cast<T>(-1) ? (b % 2 ? static_cast<T>(-1) : T(1)) : T(0);
    T result = 1;
    for (; b; b = static_cast<T>(b / 2), a = multiply(a, a))
      if (b % 2) result = multiply(result, a);
    return result;
  }
}

/** Where: the condition's bytes are read as numbers, for a loop over bool would not become vector code. */
template <class T>
void choose(void* out, const void* const* in, int64_t n, const Numbers&) {
  const uint8_t* condition = static_cast<const uint8_t*>(in[0]);
  const T *a = static_cast<const T*>(in[1]), *b = static_cast<const T*>(in[2]);
  T* o = static_cast<T*>(out);
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) {
    const T x = a[i], y = b[i];
    o[i] = condition[i] != 0 ? x : y;
  }
}

template <class T>
FlatLoop any_type(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::Add:
      if constexpr (is_same<T, bool>)
        return two<T>([](T a, T b, Numbers) { return add(a, b); });
      else
        return two<T>([](T a, T b, Numbers k) { return add(a, multiply(static_cast<T>(k.x), b)); });
    case PointwiseOp::Mul:
      return two<T>([](T a, T b, Numbers) { return multiply(a, b); });
    case PointwiseOp::Maximum:
      return two<T>([](T a, T b, Numbers) { return a > b || a != a ? a : b; });
    case PointwiseOp::Minimum:
      return two<T>([](T a, T b, Numbers) { return a < b || a != a ? a : b; });
    case PointwiseOp::Where:
      return choose<T>;
    default:
      return nullptr;
  }
}

template <class T>
FlatLoop number(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::FloorDiv:
      return two<T>([](T a, T b, Numbers) { return floor_divide(a, b); });
    case PointwiseOp::TruncDiv:
      return two<T>([](T a, T b, Numbers) {
        if constexpr (is_same<T, float>)
          return __builtin_truncf(a / b);
        else if constexpr (is_same<T, double>)
          return __builtin_trunc(a / b);
        else
          return quotient(a, b);
      });
    case PointwiseOp::Remainder:
      return two<T>([](T a, T b, Numbers) { return remainder(a, b); });
    case PointwiseOp::Fmod:
      return two<T>([](T a, T b, Numbers) {
        if constexpr (is_floating<T>)
          return fmod(a, b);
        else
          return rest(a, b);
      });
    case PointwiseOp::Pow:
      return two<T>([](T a, T b, Numbers) { return power(a, b); });
    case PointwiseOp::Addcmul:
      return three<T>(
          [](T a, T b, T c, Numbers k) { return add(a, multiply(multiply(static_cast<T>(k.x), b), c)); });
    case PointwiseOp::Clamp:
      return three<T>([](T a, T low, T high, Numbers) {
        const T raised = a < low || low != low ? low : a;
        return raised > high || high != high ? high : raised;
      });
    default:
      return any_type<T>(op);
  }
}

template <class T>
FlatLoop floating(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::Div:
      return two<T>([](T a, T b, Numbers) { return a / b; });
    case PointwiseOp::Lerp:
      // From the nearer end, so that weight 1 gives the end itself.
      return two<T>([](T a, T b, Numbers k) {
        const T weight = static_cast<T>(k.x);
        return weight < T(0.5) ? a + weight * (b - a) : b - (b - a) * (T(1) - weight);
      });
    case PointwiseOp::Addcdiv:
      return three<T>([](T a, T b, T c, Numbers k) { return a + static_cast<T>(k.x) * b / c; });
    default:
      return number<T>(op);
  }
}

template <class T>
FlatLoop bits(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::BitAnd:
      return two<T>([](T a, T b, Numbers) { return static_cast<T>(a & b); });
    case PointwiseOp::BitOr:
      return two<T>([](T a, T b, Numbers) { return static_cast<T>(a | b); });
    case PointwiseOp::BitXor:
      return two<T>([](T a, T b, Numbers) { return static_cast<T>(a ^ b); });
    default:
      return nullptr;
  }
}

}  // namespace

FlatLoop arithmetic_loop(PointwiseOp op, DType type) {
  return with_type(type, [op](auto t) -> FlatLoop {
    using T = decltype(t);
    if constexpr (is_floating<T>)
      return floating<T>(op);
    else {
      if (FlatLoop loop = bits<T>(op)) return loop;
      if constexpr (is_same<T, bool>)
        return any_type<T>(op);
      else
        return number<T>(op);
    }
  });
}

}  // namespace unroll::cpu::UNROLL_ISA
