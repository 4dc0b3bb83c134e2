// The element types alone: a header that kernel sources may include too.
#pragma once

#include <cstdint>

namespace unroll {

/** Ordered as PyTorch promotes inside a category: bool < integers < floating point. */
enum class DType : uint8_t { Bool, UInt8, Int16, Int32, Int64, Float32, Float64 };
inline constexpr int kDTypes = 7;

}  // namespace unroll
