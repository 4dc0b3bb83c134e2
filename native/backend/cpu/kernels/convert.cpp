// From any element type to any other, and from any stride to any other.
#include "backend/cpu/kernels/loops.h"
#include "tensor/half.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

template <class T>
constexpr bool is_half = is_same<T, Half> || is_same<T, BFloat16>;

/** As PyTorch converts: floating point to the narrow integers goes by way of int64 and wraps around. */
template <class To, class From>
[[gnu::always_inline]] inline To convert(From value) {
  if constexpr (is_same<To, bool>)
    return value != From(0);
  else if constexpr ((is_floating<From> || is_half<From>)&&!is_floating<To> && !is_half<To> && sizeof(To) < 4)
    return static_cast<To>(static_cast<int64_t>(value));
  else
    return static_cast<To>(value);
}

template <class To, class From>
void convert_all(char* out, int64_t out_stride, const char* in, int64_t in_stride, int64_t n) {
  if (out_stride == sizeof(To) && in_stride == sizeof(From)) {
    To* to = reinterpret_cast<To*>(out);
    const From* from = reinterpret_cast<const From*>(in);
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) to[i] = convert<To>(from[i]);
  } else if (out_stride == sizeof(To) && in_stride == 0) {
    To* to = reinterpret_cast<To*>(out);
    const To value = convert<To>(*reinterpret_cast<const From*>(in));
    for (int64_t i = 0; i < n; ++i) to[i] = value;
  } else {
    for (int64_t i = 0; i < n; ++i)
      *reinterpret_cast<To*>(out + i * out_stride) =
          convert<To>(*reinterpret_cast<const From*>(in + i * in_stride));
  }
}

/** f(T{}) with the C++ type that elements of `type` are stored as. */
template <class F>
auto with_stored_type(DType type, F f) {
  if (type == DType::Float16) return f(Half{});
  if (type == DType::BFloat16) return f(BFloat16{});
  return with_type(type, f);
}

}  // namespace

ConvertLoop convert_loop(DType to, DType from) {
  return with_stored_type(to, [from](auto t) {
    return with_stored_type(from,
                            [](auto f) -> ConvertLoop { return convert_all<decltype(t), decltype(f)>; });
  });
}

}  // namespace unroll::cpu::UNROLL_ISA
