// Reading and making tensors element by element, through nothing but their strides.
#pragma once

#include <vector>

#include "ops/ops.h"
#include "tensor/tensor.h"

namespace unroll {

/** All elements, row by row. */
inline std::vector<double> values(const Tensor& t) {
  std::vector<double> all;
  visit_dtype(t.dtype(), [&](auto type) {
    const auto* first = t.data<decltype(type)>();
    for (int64_t i = 0; i < t.numel(); ++i) {
      int64_t at = 0, rest = i;
      for (int d = t.dim() - 1; d >= 0; --d) {
        at += rest % t.sizes()[d] * t.strides()[d];
        rest /= t.sizes()[d];
      }
      all.push_back(static_cast<double>(first[at]));
    }
  });
  return all;
}

/** The numbers of `all` in a contiguous tensor. */
inline Tensor tensor_of(const Dims& sizes, const std::vector<double>& all, DType dtype = DType::Float32) {
  Tensor t = empty(sizes, dtype);
  UNROLL_CHECK(static_cast<int64_t>(all.size()) == t.numel(), "as many values as elements");
  visit_dtype(dtype, [&](auto type) {
    for (size_t i = 0; i < all.size(); ++i) t.data<decltype(type)>()[i] = static_cast<decltype(type)>(all[i]);
  });
  return t;
}

/** 0, 1, 2, ... row by row. */
inline Tensor counting(const Dims& sizes, DType dtype = DType::Float32) {
  std::vector<double> all;
  for (int64_t i = 0; i < numel_of(sizes); ++i) all.push_back(static_cast<double>(i));
  return tensor_of(sizes, all, dtype);
}

inline Tensor integers(const Dims& sizes, const std::vector<double>& all) {
  return tensor_of(sizes, all, DType::Int64);
}

/** A hash of i, spread over (-1, 1). */
inline double noise(int64_t i) {
  uint64_t x = static_cast<uint64_t>(i) * 0x9e3779b97f4a7c15u + 0x1234567u;
  x = (x ^ (x >> 31)) * 0xbf58476d1ce4e5b9u;
  x ^= x >> 29;
  return static_cast<double>(x >> 11) * 0x1p-52 - 1;
}

inline Tensor noisy(const Dims& sizes, DType dtype = DType::Float32, int64_t seed = 0) {
  std::vector<double> all;
  for (int64_t i = 0; i < numel_of(sizes); ++i) all.push_back(noise(i + 1000003 * seed));
  return tensor_of(sizes, all, dtype);
}

}  // namespace unroll
