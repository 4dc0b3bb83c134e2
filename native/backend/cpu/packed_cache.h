// Weights packed for the product, kept until the weight is written or its memory is gone. Several time loops,
// forward and backward, or many calls on a few time steps each, then pack a weight once.
#pragma once

#include <memory>

#include "backend/cpu/gemm.h"
#include "tensor/tensor.h"

namespace unroll::cpu {

/** `weight` (N, K), or (K, N) where `transposed` is false, packed as the right operand (K, N). Any strides.
 */
template <class T>
std::shared_ptr<const PackedMatrix<T>> packed_weight(const Tensor& weight, bool transposed);

/** Drops everything kept, and says how many bytes that was. */
int64_t empty_packed_cache();

}  // namespace unroll::cpu
