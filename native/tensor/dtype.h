// Element types, their sizes and names, and PyTorch's rules of type promotion.
#pragma once

#include <cstdint>

#include "tensor/element_type.h"
#include "tensor/error.h"
#include "tensor/half.h"

namespace unroll {

inline int64_t item_size(DType t) {
  constexpr int64_t sizes[kDTypes] = {1, 1, 1, 2, 4, 8, 2, 2, 4, 8};
  return sizes[static_cast<int>(t)];
}
inline bool is_floating(DType t) { return t >= DType::Float16; }
/** Stored in 16 bits, computed in float32. */
inline bool is_half(DType t) { return t == DType::Float16 || t == DType::BFloat16; }
inline bool is_integral(DType t) { return t >= DType::UInt8 && t <= DType::Int64; }

/** "Float", "Long", ... as PyTorch's error messages name the scalar types. */
const char* scalar_type_name(DType t);
/** "float32", "int64", ... as Python names them. */
const char* dtype_name(DType t);

/** "float", "long int", "c10::Half": the C++ types that some of PyTorch's messages name. */
const char* c_type_name(DType t);

/** The result type of two tensors of one category of rank (PyTorch's promote_types). */
DType promote_types(DType a, DType b);

template <class T>
struct DTypeOf;
template <>
struct DTypeOf<bool> {
  static constexpr DType value = DType::Bool;
};
template <>
struct DTypeOf<uint8_t> {
  static constexpr DType value = DType::UInt8;
};
template <>
struct DTypeOf<int8_t> {
  static constexpr DType value = DType::Int8;
};
template <>
struct DTypeOf<Half> {
  static constexpr DType value = DType::Float16;
};
template <>
struct DTypeOf<BFloat16> {
  static constexpr DType value = DType::BFloat16;
};
template <>
struct DTypeOf<int16_t> {
  static constexpr DType value = DType::Int16;
};
template <>
struct DTypeOf<int32_t> {
  static constexpr DType value = DType::Int32;
};
template <>
struct DTypeOf<int64_t> {
  static constexpr DType value = DType::Int64;
};
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::Float32;
};
template <>
struct DTypeOf<double> {
  static constexpr DType value = DType::Float64;
};

/** Calls f(T{}) with the C++ type of `t`, one that is computed in: not one of the 16-bit types. */
template <class F>
decltype(auto) visit_computed(DType t, F&& f) {
  switch (t) {
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
    case DType::Float64:
      return f(double{});
    case DType::Float16:
    case DType::BFloat16:
      break;
  }
  fail(ErrorKind::Runtime, "internal: nothing is computed in the dtype ", static_cast<int>(t));
}

/** Calls f(T{}) with the C++ type of `t`. */
template <class F>
decltype(auto) visit_dtype(DType t, F&& f) {
  if (t == DType::Float16) return f(Half{});
  if (t == DType::BFloat16) return f(BFloat16{});
  return visit_computed(t, std::forward<F>(f));
}

/** Calls f(T{}) for float and double; anything else is PyTorch's "not implemented for" error naming `op`. */
template <class F>
decltype(auto) visit_floating(DType t, const char* op, F&& f) {
  if (t == DType::Float32) return f(float{});
  if (t == DType::Float64) return f(double{});
  fail(ErrorKind::NotImplemented, '"', op, "\" not implemented for '", scalar_type_name(t), "'");
}

/** A Python number on its way into an operation, with the category type promotion needs. */
struct Scalar {
  enum class Kind : uint8_t { Bool, Int, Float } kind = Kind::Int;
  int64_t i = 0;
  double d = 0;

  static Scalar of(bool v) { return {Kind::Bool, v, double(v)}; }
  static Scalar of(int64_t v) { return {Kind::Int, v, double(v)}; }
  static Scalar of(double v) { return {Kind::Float, 0, v}; }
  double to_double() const { return kind == Kind::Float ? d : double(i); }
  int64_t to_int() const;
  template <class T>
  T to() const {
    if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>)
      return static_cast<T>(to_double());
    else if constexpr (std::is_same_v<T, bool>)
      return to_double() != 0;
    else
      return static_cast<T>(to_int());
  }
};

/** The floating point type where the operands have none: torch.set_default_dtype. Trainer thread only. */
DType default_dtype();
void set_default_dtype(DType t);
/** The dtype itself, the default for bool and integers. */
inline DType floating_type(DType t) { return is_floating(t) ? t : default_dtype(); }

/** The result type of a tensor and a Python number: the number counts only if its category is higher. */
DType promote_types(DType tensor, const Scalar& scalar);

}  // namespace unroll
