#include "tensor/dtype.h"

#include <algorithm>
#include <cmath>

namespace unroll {

const char* scalar_type_name(DType t) {
  constexpr const char* names[kDTypes] = {"Bool", "Byte", "Char",     "Short", "Int",
                                          "Long", "Half", "BFloat16", "Float", "Double"};
  return names[static_cast<int>(t)];
}

const char* dtype_name(DType t) {
  constexpr const char* names[kDTypes] = {"bool",  "uint8",   "int8",     "int16",   "int32",
                                          "int64", "float16", "bfloat16", "float32", "float64"};
  return names[static_cast<int>(t)];
}

const char* c_type_name(DType t) {
  constexpr const char* names[kDTypes] = {"bool",     "unsigned char", "signed char",   "short", "int",
                                          "long int", "c10::Half",     "c10::BFloat16", "float", "double"};
  return names[static_cast<int>(t)];
}

namespace {
DType chosen_default = DType::Float32;
}

DType default_dtype() { return chosen_default; }
void set_default_dtype(DType t) { chosen_default = t; }

// The enum's order is PyTorch's promotion lattice, but for two pairs of which neither type holds the other.
DType promote_types(DType a, DType b) {
  const DType high = std::max(a, b), low = std::min(a, b);
  if (high == DType::Int8 && low == DType::UInt8) return DType::Int16;
  if (high == DType::BFloat16 && low == DType::Float16) return DType::Float32;
  return high;
}

DType promote_types(DType tensor, const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::Bool:
      return tensor;
    case Scalar::Kind::Int:
      return tensor == DType::Bool ? DType::Int64 : tensor;
    case Scalar::Kind::Float:
      return floating_type(tensor);
  }
  return tensor;
}

int64_t Scalar::to_int() const {
  if (kind != Kind::Float) return i;
  UNROLL_CHECK(std::isfinite(d) && d >= -0x1p63 && d < 0x1p63,
               "value cannot be converted to type int64_t without overflow");
  return static_cast<int64_t>(d);
}

}  // namespace unroll
