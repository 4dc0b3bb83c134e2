// Matrix products by CLBlast, whose kernels are tuned to each maker's cards; found at run time.
#pragma once

#include <string>

#include "tensor/tensor.h"

namespace unroll::opencl {

/** Why products are left to our own kernel; "" where CLBlast is there. UNROLL_CLBLAST names another library
 * than libclblast.so.1. */
const std::string& why_no_clblast();

/**
 * out (M, N) = a (M, K) · b (K, N), as mm_kernel. False, with nothing done, where CLBlast is not there or
 * would not pay: small products, other types than floating point, operands of which neither rows nor columns
 * are contiguous.
 */
bool multiply_by_clblast(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out,
                         bool accumulate);

}  // namespace unroll::opencl
