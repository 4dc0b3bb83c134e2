// Activations, and the gradient b arriving at one taken to its input. x and y of the Numbers are the
// parameters.
#include "backend/cpu/kernels/loops.h"
#include "backend/cpu/kernels/math.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

constexpr double kRootTwoOverPi = 0.79788456080286535588, kCubic = 0.044715;

/** tanh of gelu's cubic approximation. */
template <class T>
[[gnu::always_inline]] inline T gelu_tanh(T a) {
  return tanh(T(kRootTwoOverPi) * (a + T(kCubic) * a * a * a));
}

template <class T>
FlatLoop activation(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::Sigmoid:
      return one<T>([](T a, Numbers) { return sigmoid(a); });
    case PointwiseOp::Tanh:
      return one<T>([](T a, Numbers) { return tanh(a); });
    case PointwiseOp::LeakyRelu:
      return one<T>([](T a, Numbers k) { return a > T(0) ? a : a * static_cast<T>(k.x); });
    case PointwiseOp::Elu:
      return one<T>([](T a, Numbers k) { return a > T(0) ? a : static_cast<T>(k.x) * expm1(a); });
    case PointwiseOp::Softplus:
      return one<T>([](T a, Numbers k) {
        const T beta = static_cast<T>(k.x), scaled = a * beta;
        return scaled > static_cast<T>(k.y) ? a : log1p(exp(scaled)) / beta;
      });
    case PointwiseOp::Silu:
      return one<T>([](T a, Numbers) { return a * sigmoid(a); });
    case PointwiseOp::GeluErf:
      return one<T>([](T a, Numbers) { return a * normal(a).cdf; });
    case PointwiseOp::GeluTanh:
      return one<T>([](T a, Numbers) { return T(0.5) * a * (T(1) + gelu_tanh(a)); });
    default:
      return nullptr;
  }
}

template <class T>
FlatLoop gradient(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::SigmoidGrad:
      return two<T>([](T y, T g, Numbers) { return g * ((T(1) - y) * y); });
    case PointwiseOp::TanhGrad:
      return two<T>([](T y, T g, Numbers) { return g * (T(1) - y * y); });
    case PointwiseOp::LeakyReluGrad:
      return two<T>([](T a, T g, Numbers k) { return a > T(0) ? g : g * static_cast<T>(k.x); });
    case PointwiseOp::EluGrad:
      return two<T>([](T a, T g, Numbers k) { return a > T(0) ? g : g * static_cast<T>(k.x) * exp(a); });
    case PointwiseOp::SoftplusGrad:
      return two<T>([](T a, T g, Numbers k) {
        const T scaled = a * static_cast<T>(k.x);
        return scaled > static_cast<T>(k.y) ? g : g * sigmoid(scaled);
      });
    case PointwiseOp::SiluGrad:
      return two<T>([](T a, T g, Numbers) {
        const T s = sigmoid(a);
        return g * (s * (T(1) + a * (T(1) - s)));
      });
    case PointwiseOp::GeluErfGrad:
      return two<T>([](T a, T g, Numbers) {
        const Normal<T> at = normal(a);
        return g * (at.cdf + a * at.density);
      });
    case PointwiseOp::GeluTanhGrad:
      return two<T>([](T a, T g, Numbers) {
        const T t = gelu_tanh(a), slope = T(kRootTwoOverPi) * (T(1) + T(3 * kCubic) * a * a);
        return g * (T(0.5) * (T(1) + t) + T(0.5) * a * (T(1) - t * t) * slope);
      });
    default:
      return nullptr;
  }
}

}  // namespace

FlatLoop activation_loop(PointwiseOp op, DType type) {
  return with_type(type, [op](auto t) -> FlatLoop {
    using T = decltype(t);
    if (op == PointwiseOp::Relu) return one<T>([](T a, Numbers) { return a < T(0) ? T(0) : a; });
    if (op == PointwiseOp::ReluGrad) return two<T>([](T y, T g, Numbers) { return y <= T(0) ? T(0) : g; });
    if constexpr (is_floating<T>) {
      FlatLoop loop = activation<T>(op);
      return loop ? loop : gradient<T>(op);
    }
    return nullptr;
  });
}

}  // namespace unroll::cpu::UNROLL_ISA
