// Walks operands of different strides together: dimensions are put in the order in which the operands lie in
// memory, those that can be walked as one are made one, and what is left is cut into runs.
#pragma once

#include <algorithm>
#include <cstdint>

#include "tensor/dims.h"

namespace unroll {

/** Up to four operands over shared sizes. Strides are in bytes, those of broadcast dimensions 0. */
class Iterator {
 public:
  static constexpr int kOperands = 4;

  explicit Iterator(const Dims& sizes) : rank_(std::max(sizes.size(), 1)), numel_(numel_of(sizes)) {
    sizes_[0] = 1;
    std::copy(sizes.begin(), sizes.end(), sizes_);
  }
  /** One dimension of `numel` elements, for operands that lie flat. */
  explicit Iterator(int64_t numel) : rank_(1), numel_(numel) { sizes_[0] = numel; }

  /** `sizes` broadcast to the iterator's; `strides` in elements of `item` bytes. */
  void add(char* data, const Dims& sizes, const Dims& strides, int64_t item) {
    const int skipped = rank_ - sizes.size();
    for (int i = 0; i < rank_; ++i)
      strides_[count_][i] = i >= skipped && sizes[i - skipped] != 1 ? strides[i - skipped] * item : 0;
    data_[count_++] = data;
  }
  void add_flat(char* data, int64_t stride) {
    strides_[count_][0] = stride;
    data_[count_++] = data;
  }

  /** Sorts the dimensions outermost first, earlier operands counting more, and merges neighbours where it
   * can. */
  void arrange() {
    for (int i = rank_ - 1; i >= 0 && rank_ > 1; --i)
      if (sizes_[i] == 1) remove(i);
    sort([this](int a, int b) { swap(a, b); });
    for (int i = rank_ - 1; i > 0; --i) {
      if (!merges(i - 1, i)) continue;
      sizes_[i] *= sizes_[i - 1];
      remove(i - 1);
    }
  }

  /** The order arrange() would sort the dimensions into: order[0] is the outermost. Changes nothing. */
  void memory_order(int* order) const {
    Iterator sorted = *this;
    for (int i = 0; i < rank_; ++i) order[i] = i;
    sorted.sort([&](int a, int b) {
      sorted.swap(a, b);
      std::swap(order[a], order[b]);
    });
  }

  int64_t numel() const { return numel_; }
  int operands() const { return count_; }
  int rank() const { return rank_; }
  int64_t size(int dim) const { return sizes_[dim]; }
  int64_t stride(int operand, int dim) const { return strides_[operand][dim]; }
  char* data(int operand) const { return data_[operand]; }
  /** The stride of an operand within a run. */
  int64_t inner_stride(int operand) const { return strides_[operand][rank_ - 1]; }

  /**
   * Calls run(char* const* data, int64_t n) for one stretch of the innermost dimension after the other, which
   * together are the elements [begin, end) in the arranged order.
   */
  template <class F>
  void for_each_run(int64_t begin, int64_t end, F&& run) const {
    const int inner = rank_ - 1;
    int64_t at[kMaxDims], rest = begin;
    char* line[kOperands];  // where the innermost dimension starts
    std::copy(data_, data_ + count_, line);
    for (int i = inner; i >= 0; --i) {
      at[i] = rest % sizes_[i];
      rest /= sizes_[i];
      for (int k = 0; k < count_ && i < inner; ++k) line[k] += at[i] * strides_[k][i];
    }
    while (begin < end) {
      const int64_t n = std::min(end - begin, sizes_[inner] - at[inner]);
      char* start[kOperands];
      for (int k = 0; k < count_; ++k) start[k] = line[k] + at[inner] * strides_[k][inner];
      run(static_cast<char* const*>(start), n);
      begin += n;
      at[inner] = 0;
      for (int i = inner - 1; i >= 0; --i) {
        for (int k = 0; k < count_; ++k) line[k] += strides_[k][i];
        if (++at[i] < sizes_[i]) break;
        for (int k = 0; k < count_; ++k) line[k] -= sizes_[i] * strides_[k][i];
        at[i] = 0;
      }
    }
  }

 private:
  /** 1 where dimension a should lie outside b by the first operand that can tell, -1 inside, 0 unknown. */
  int compare(int a, int b) const {
    for (int k = 0; k < count_; ++k) {
      const int64_t x = strides_[k][a], y = strides_[k][b];
      if (x == 0 || y == 0) continue;
      if (x != y) return x > y ? 1 : -1;
      if (sizes_[a] != sizes_[b]) return sizes_[a] < sizes_[b] ? 1 : -1;
    }
    return 0;
  }
  template <class Swap>
  void sort(Swap&& swap_dims) {
    for (int i = rank_ - 2; i >= 0; --i) {
      int moving = i;
      for (int j = i + 1; j < rank_; ++j) {
        const int order = compare(moving, j);
        if (order > 0) break;
        if (order == 0) continue;
        swap_dims(moving, j);
        moving = j;
      }
    }
  }
  bool merges(int outer, int inner) const {
    for (int k = 0; k < count_; ++k)
      if (strides_[k][outer] != strides_[k][inner] * sizes_[inner]) return false;
    return true;
  }
  void swap(int a, int b) {
    std::swap(sizes_[a], sizes_[b]);
    for (int k = 0; k < count_; ++k) std::swap(strides_[k][a], strides_[k][b]);
  }
  void remove(int dim) {
    std::copy(sizes_ + dim + 1, sizes_ + rank_, sizes_ + dim);
    for (int k = 0; k < count_; ++k) std::copy(strides_[k] + dim + 1, strides_[k] + rank_, strides_[k] + dim);
    --rank_;
  }

  int rank_, count_ = 0;
  int64_t numel_;
  int64_t sizes_[kMaxDims];
  int64_t strides_[kOperands][kMaxDims];
  char* data_[kOperands];
};

}  // namespace unroll
