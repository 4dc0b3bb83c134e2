// Checks of shape and type that several products share, in PyTorch's words.
#pragma once

#include "tensor/tensor.h"

namespace unroll {

/** The name of a dtype's C type as PyTorch's product errors have it: "float", "long int". */
inline const char* c_type_name(DType dtype) {
  constexpr const char* names[kDTypes] = {"bool",     "unsigned char", "short", "int",
                                          "long int", "float",         "double"};
  return names[static_cast<int>(dtype)];
}

/** a (M, K) and b (K, N) can be multiplied: RuntimeError with the shapes, or the dtypes, otherwise. */
inline void check_product(const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(a.size(1) == b.size(0), "mat1 and mat2 shapes cannot be multiplied (", a.size(0), "x",
               a.size(1), " and ", b.size(0), "x", b.size(1), ")");
  UNROLL_CHECK(a.dtype() == b.dtype(),
               "expected m1 and m2 to have the same dtype, but got: ", c_type_name(a.dtype()),
               " != ", c_type_name(b.dtype()));
}

}  // namespace unroll
