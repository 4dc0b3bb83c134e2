// The inner loops of pointwise operations: flat arrays of one type in, a flat array out. Which loop an
// operation of a type has is looked up once a call; nullptr where there is none.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"
#include "backend/pointwise.h"
#include "tensor/element_type.h"

namespace unroll::cpu {

/** n elements each. `out` may be one of `in`, but not overlap one otherwise. */
using FlatLoop = void (*)(void* out, const void* const* in, int64_t n, const Numbers& numbers);

/** Converts n elements; strides in bytes, 0 of `in` repeats the one element. */
using ConvertLoop = void (*)(char* out, int64_t out_stride, const char* in, int64_t in_stride, int64_t n);

}  // namespace unroll::cpu

/** Operations on two and three operands, and Where (whose first operand is bool). */
UNROLL_DISPATCH(unroll::cpu::FlatLoop(unroll::PointwiseOp op, unroll::DType type), arithmetic_loop)
/** Operations on one operand. */
UNROLL_DISPATCH(unroll::cpu::FlatLoop(unroll::PointwiseOp op, unroll::DType type), unary_loop)
/** Functions of the C library and its kin, of one and two operands. */
UNROLL_DISPATCH(unroll::cpu::FlatLoop(unroll::PointwiseOp op, unroll::DType type), special_loop)
/** Activations and their gradients. */
UNROLL_DISPATCH(unroll::cpu::FlatLoop(unroll::PointwiseOp op, unroll::DType type), activation_loop)
/** Operations whose result is bool. */
UNROLL_DISPATCH(unroll::cpu::FlatLoop(unroll::PointwiseOp op, unroll::DType type), compare_loop)
UNROLL_DISPATCH(unroll::cpu::ConvertLoop(unroll::DType to, unroll::DType from), convert_loop)
