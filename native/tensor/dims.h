// Sizes and strides: a short list of int64 held in place, so that making a tensor allocates once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <ostream>

#include "tensor/error.h"

namespace unroll {

inline constexpr int kMaxDims = 12;

class Dims {
 public:
  Dims() = default;
  Dims(std::initializer_list<int64_t> values) {
    for (int64_t v : values) push_back(v);
  }
  Dims(int count, int64_t value) {
    for (int i = 0; i < count; ++i) push_back(value);
  }
  int size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t operator[](int i) const { return values_[i]; }
  int64_t& operator[](int i) { return values_[i]; }
  const int64_t* begin() const { return values_; }
  const int64_t* end() const { return values_ + size_; }
  int64_t* begin() { return values_; }
  int64_t* end() { return values_ + size_; }
  int64_t back() const { return values_[size_ - 1]; }
  void push_back(int64_t v) {
    UNROLL_CHECK(size_ < kMaxDims, "tensors of more than ", kMaxDims, " dimensions are not supported");
    values_[size_++] = v;
  }
  void insert(int at, int64_t v) {
    push_back(v);
    std::rotate(begin() + at, end() - 1, end());
  }
  void erase(int at) {
    std::copy(begin() + at + 1, end(), begin() + at);
    --size_;
  }
  bool operator==(const Dims& o) const { return std::equal(begin(), end(), o.begin(), o.end()); }

 private:
  int64_t values_[kMaxDims] = {};
  int size_ = 0;
};

/** Written as PyTorch's messages write sizes: "[2, 3]". */
std::ostream& operator<<(std::ostream& out, const Dims& dims);

/** The product of the sizes: 1 for a scalar. */
int64_t numel_of(const Dims& sizes);
/** Row-major strides; a size of 0 counts as 1, as in PyTorch. */
Dims contiguous_strides(const Dims& sizes);
/** `dim` in [-rank, rank) made non-negative; IndexError as PyTorch's otherwise. A scalar allows -1 and 0. */
int wrap_dim(int64_t dim, int rank);
/** The dimensions ordered from the smallest stride to the largest, equal ones as they come. */
Dims by_stride(const Dims& strides);
/** The shape two shapes broadcast to; RuntimeError in PyTorch's words where they do not. */
Dims broadcast_sizes(const Dims& a, const Dims& b);

}  // namespace unroll
