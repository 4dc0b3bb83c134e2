// The element types alone: a header that kernel sources may include too.
#pragma once

#include <cstdint>

namespace unroll {

/** Ordered as PyTorch promotes inside a category: bool < integers < floating point. */
enum class DType : uint8_t { Bool, UInt8, Int8, Int16, Int32, Int64, Float16, BFloat16, Float32, Float64 };
inline constexpr int kDTypes = 10;

/** The type that numbers of `type` are computed in: float32 for the 16-bit ones. */
constexpr DType computed_in(DType type) {
  return type == DType::Float16 || type == DType::BFloat16 ? DType::Float32 : type;
}

}  // namespace unroll
