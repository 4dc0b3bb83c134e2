#include "tensor/dtype.h"

#include <algorithm>
#include <cmath>

namespace unroll {

const char* scalar_type_name(DType t) {
  constexpr const char* names[kDTypes] = {"Bool", "Byte", "Short", "Int", "Long", "Float", "Double"};
  return names[static_cast<int>(t)];
}

const char* dtype_name(DType t) {
  constexpr const char* names[kDTypes] = {"bool", "uint8", "int16", "int32", "int64", "float32", "float64"};
  return names[static_cast<int>(t)];
}

// Among the types we carry the enum's order is PyTorch's promotion lattice: uint8 is below every signed type.
DType promote_types(DType a, DType b) { return std::max(a, b); }

DType promote_types(DType tensor, const Scalar& scalar) {
  switch (scalar.kind) {
    case Scalar::Kind::Bool:
      return tensor;
    case Scalar::Kind::Int:
      return tensor == DType::Bool ? DType::Int64 : tensor;
    case Scalar::Kind::Float:
      return is_floating(tensor) ? tensor : DType::Float32;
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
