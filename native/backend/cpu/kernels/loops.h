// Loops made from functions of elements, and arithmetic on any element type. Included by kernel sources only.
#pragma once

#include <cstdint>

#include "backend/cpu/kernels/pointwise.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

template <class A, class B>
constexpr bool is_same = false;
template <class A>
constexpr bool is_same<A, A> = true;

template <class T>
constexpr bool is_floating = is_same<T, float> || is_same<T, double>;

/** A type in which T's sums and products wrap around instead of overflowing. */
template <class T>
struct Wrapping {
  using Type = uint32_t;
};
template <>
struct Wrapping<int64_t> {
  using Type = uint64_t;
};

template <class T>
[[gnu::always_inline]] inline T add(T a, T b) {
  if constexpr (is_floating<T>)
    return a + b;
  else if constexpr (is_same<T, bool>)
    return a | b;
  else
    return static_cast<T>(static_cast<typename Wrapping<T>::Type>(a) +
                          static_cast<typename Wrapping<T>::Type>(b));
}
template <class T>
[[gnu::always_inline]] inline T multiply(T a, T b) {
  if constexpr (is_floating<T>)
    return a * b;
  else if constexpr (is_same<T, bool>)
    return a & b;
  else
    return static_cast<T>(static_cast<typename Wrapping<T>::Type>(a) *
                          static_cast<typename Wrapping<T>::Type>(b));
}
template <class T>
[[gnu::always_inline]] inline T negative(T a) {
  if constexpr (is_floating<T>)
    return -a;
  else
    return static_cast<T>(typename Wrapping<T>::Type{0} - static_cast<typename Wrapping<T>::Type>(a));
}

// F is a lambda without captures: making a new one of its type is free, and lets each loop inline its own.
// The pragma says what the callers promise: out is one of the operands or apart from them all.
template <class T, class Out, class F>
void flat1(void* out, const void* const* in, int64_t n, const Numbers& numbers) {
  const T* a = static_cast<const T*>(in[0]);
  Out* o = static_cast<Out*>(out);
  const Numbers k = numbers;
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) o[i] = F{}(a[i], k);
}
template <class T, class Out, class F>
void flat2(void* out, const void* const* in, int64_t n, const Numbers& numbers) {
  const T *a = static_cast<const T*>(in[0]), *b = static_cast<const T*>(in[1]);
  Out* o = static_cast<Out*>(out);
  const Numbers k = numbers;
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) o[i] = F{}(a[i], b[i], k);
}
template <class T, class F>
void flat3(void* out, const void* const* in, int64_t n, const Numbers& numbers) {
  const T *a = static_cast<const T*>(in[0]), *b = static_cast<const T*>(in[1]),
          *c = static_cast<const T*>(in[2]);
  T* o = static_cast<T*>(out);
  const Numbers k = numbers;
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) o[i] = F{}(a[i], b[i], c[i], k);
}

template <class T, class F>
FlatLoop one(F) {
  return flat1<T, T, F>;
}
template <class T, class F>
FlatLoop two(F) {
  return flat2<T, T, F>;
}
template <class T, class F>
FlatLoop three(F) {
  return flat3<T, F>;
}

/** f(T{}) with the C++ type of `type`, one that is computed in. */
template <class F>
auto with_type(DType type, F f) {
  switch (type) {
    case DType::Bool:
      return f(bool{});
    case DType::UInt8:
      return f(uint8_t{});
    case DType::Int8:
      return f(int8_t{});
    case DType::Int16:
      return f(int16_t{});
    case DType::Int32:
      return f(int32_t{});
    case DType::Int64:
      return f(int64_t{});
    case DType::Float32:
      return f(float{});
    case DType::Float16:
    case DType::BFloat16:
    case DType::Float64:
      break;
  }
  return f(double{});
}

}  // namespace
}  // namespace unroll::cpu::UNROLL_ISA
