// The pointwise operations a backend offers: each element of the output from the elements at its place in the
// operands. Plain declarations: kernel sources include this header too.
#pragma once

#include <cstdint>

namespace unroll {

/** a, b, c: the operands; x, y: the Numbers. All of one type T, the result too, but for the comparisons
 * (bool). */
enum class PointwiseOp : uint8_t {
  // two operands, every type
  Add,        // a + x * b; of bool: or
  Mul,        // a * b; of bool: and
  FloorDiv,   // a / b rounded down
  TruncDiv,   // a / b rounded towards zero
  Remainder,  // of the sign of b
  Fmod,       // of the sign of a
  Pow,
  Maximum,  // NaN where either is
  Minimum,
  // two operands, floating point
  Div,
  Lerp,  // a + x * (b - a)
  Atan2,
  Hypot,
  Copysign,
  Nextafter,
  Xlogy,  // a * log(b), 0 where a is 0
  LogAddExp,
  // two operands, integers
  Gcd,
  Lcm,
  ShiftLeft,   // 0 where b is negative or no less than the number of bits
  ShiftRight,  // arithmetic; by such a b, by all bits
  // two operands, bool and integers
  BitAnd,
  BitOr,
  BitXor,
  // three operands
  Addcmul,  // a + x * b * c
  Addcdiv,  // a + x * b / c
  Clamp,    // a kept within [b, c]
  Where,    // a ? b : c, a of bool
  // one operand, every type
  Neg,
  Abs,
  Sign,
  BitNot,  // bool and integers
  // one operand, floating point
  Exp,
  Expm1,
  Log,
  Log1p,
  Log2,
  Log10,
  Sqrt,
  Rsqrt,
  Reciprocal,
  Sin,
  Cos,
  Tan,
  Erf,
  Floor,
  Ceil,
  Round,  // halves to even
  Trunc,
  // functions of the C library and its kin
  Exp2,
  Sinh,
  Cosh,
  Asin,
  Acos,
  Atan,
  Asinh,
  Acosh,
  Atanh,
  Sinc,  // sin(pi a) / (pi a), 1 at 0
  Erfc,
  Erfinv,
  Lgamma,
  Digamma,
  Polygamma,  // the x-th derivative of Digamma, x > 0
  BesselI0,
  BesselI1,
  Sigmoid,
  Tanh,
  Relu,       // every type
  LeakyRelu,  // slope x
  Elu,        // alpha x
  Softplus,   // beta x, threshold y
  Silu,
  GeluErf,
  GeluTanh,
  // the gradient b arriving at an activation, taken to its input: a is the result (Tanh, Sigmoid, Relu) or
  // the input
  SigmoidGrad,
  TanhGrad,
  ReluGrad,
  LeakyReluGrad,
  EluGrad,
  SoftplusGrad,
  SiluGrad,
  GeluErfGrad,
  GeluTanhGrad,
  // results are bool
  Eq,
  Ne,
  Lt,
  Le,
  Gt,
  Ge,
  LogicalNot,
  IsNan,
  IsInf,
  IsFinite,
};

constexpr bool gives_bool(PointwiseOp op) { return op >= PointwiseOp::Eq; }

/** As PyTorch's errors name it. */
constexpr const char* pointwise_name(PointwiseOp op) {
  constexpr const char* names[] = {"add_stub",
                                   "mul",
                                   "div_floor",
                                   "div_trunc",
                                   "remainder",
                                   "fmod",
                                   "pow",
                                   "maximum",
                                   "minimum",
                                   "div_true",
                                   "lerp",
                                   "atan2",
                                   "hypot",
                                   "copysign",
                                   "nextafter",
                                   "xlogy",
                                   "logaddexp",
                                   "gcd",
                                   "lcm",
                                   "lshift",
                                   "rshift",
                                   "bitwise_and",
                                   "bitwise_or",
                                   "bitwise_xor",
                                   "addcmul",
                                   "addcdiv",
                                   "clamp",
                                   "where",
                                   "neg",
                                   "abs",
                                   "sign",
                                   "bitwise_not",
                                   "exp",
                                   "expm1",
                                   "log",
                                   "log1p",
                                   "log2",
                                   "log10",
                                   "sqrt",
                                   "rsqrt",
                                   "reciprocal",
                                   "sin",
                                   "cos",
                                   "tan",
                                   "erf",
                                   "floor",
                                   "ceil",
                                   "round",
                                   "trunc",
                                   "exp2",
                                   "sinh",
                                   "cosh",
                                   "asin",
                                   "acos",
                                   "atan",
                                   "asinh",
                                   "acosh",
                                   "atanh",
                                   "sinc",
                                   "erfc",
                                   "erfinv",
                                   "lgamma",
                                   "digamma",
                                   "polygamma",
                                   "i0",
                                   "i1",
                                   "sigmoid",
                                   "tanh",
                                   "relu",
                                   "leaky_relu",
                                   "elu",
                                   "softplus",
                                   "silu",
                                   "gelu",
                                   "gelu",
                                   "sigmoid_backward",
                                   "tanh_backward",
                                   "relu_backward",
                                   "leaky_relu_backward",
                                   "elu_backward",
                                   "softplus_backward",
                                   "silu_backward",
                                   "gelu_backward",
                                   "gelu_backward",
                                   "eq",
                                   "ne",
                                   "lt",
                                   "le",
                                   "gt",
                                   "ge",
                                   "logical_not",
                                   "isnan",
                                   "isinf",
                                   "isfinite"};
  static_assert(sizeof names / sizeof *names == static_cast<int>(PointwiseOp::IsFinite) + 1);
  return names[static_cast<int>(op)];
}

/** The parameters of an operation that are no operands. */
struct Numbers {
  double x = 0, y = 0;
};

}  // namespace unroll
