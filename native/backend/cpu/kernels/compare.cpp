// Operations whose result is bool.
#include "backend/cpu/kernels/loops.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

template <class T, class F>
FlatLoop test(F) {
  return flat1<T, bool, F>;
}
template <class T, class F>
FlatLoop comparison(F) {
  return flat2<T, bool, F>;
}

template <class T>
FlatLoop loop_for(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::Eq:
      return comparison<T>([](T a, T b, Numbers) { return a == b; });
    case PointwiseOp::Ne:
      return comparison<T>([](T a, T b, Numbers) { return a != b; });
    case PointwiseOp::Lt:
      return comparison<T>([](T a, T b, Numbers) { return a < b; });
    case PointwiseOp::Le:
      return comparison<T>([](T a, T b, Numbers) { return a <= b; });
    case PointwiseOp::Gt:
      return comparison<T>([](T a, T b, Numbers) { return a > b; });
    case PointwiseOp::Ge:
      return comparison<T>([](T a, T b, Numbers) { return a >= b; });
    case PointwiseOp::LogicalNot:
      return test<T>([](T a, Numbers) { return a == T(0); });
    case PointwiseOp::IsNan:
      return test<T>([](T a, Numbers) { return a != a; });
    default:
      break;
  }
  if constexpr (is_floating<T>) {
    constexpr auto infinity = T(__builtin_inf());
    if (op == PointwiseOp::IsInf)
      return test<T>([](T a, Numbers) { return a == infinity || a == -infinity; });
    if (op == PointwiseOp::IsFinite)
      return test<T>([](T a, Numbers) { return a > -infinity && a < infinity; });
  } else {
    if (op == PointwiseOp::IsInf) return test<T>([](T, Numbers) { return false; });
    if (op == PointwiseOp::IsFinite) return test<T>([](T, Numbers) { return true; });
  }
  return nullptr;
}

}  // namespace

FlatLoop compare_loop(PointwiseOp op, DType type) {
  return with_type(type, [op](auto t) { return loop_for<decltype(t)>(op); });
}

}  // namespace unroll::cpu::UNROLL_ISA
