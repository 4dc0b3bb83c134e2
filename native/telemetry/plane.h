// The part of a tensor that a reader looks at: rows and columns along two of its axes.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "tensor/tensor.h"

namespace unroll {

/** Two axes, a stretch of each, at one index of every other axis. */
struct Part {
  /** -1: one row, one column. */
  int64_t row_axis = -1, column_axis = -1;
  /** An index for every axis; those of the two axes are not looked at. */
  std::vector<int64_t> at;
  /** Cut to what is there. */
  int64_t row_begin = 0, row_end = std::numeric_limits<int64_t>::max();
  int64_t column_begin = 0, column_end = std::numeric_limits<int64_t>::max();
};

struct Plane {
  Tensor owner;        // what the elements lie in
  int64_t offset = 0;  // of the first, in elements of the owner's storage
  int64_t rows = 0, columns = 0;
  int64_t row_stride = 0, column_stride = 0;

  int64_t numel() const { return rows * columns; }
  template <class T>
  const T* data() const {
    return reinterpret_cast<const T*>(owner.storage().data()) + offset;
  }
};

/** IndexError where the tensor has no such part. */
Plane plane_of(const Tensor& tensor, const Part& part);
/**
 * All of the tensor: a vector is one row; of more than two axes the first gives the rows, the others together
 * the columns.
 */
Plane whole_plane(const Tensor& tensor);

/** Its elements as a tensor of rows by columns, no copy. */
Tensor view_of(const Plane& plane);

/** The same elements with the shape that is quickest to go through, in whatever order. */
Plane in_long_rows(Plane plane);

}  // namespace unroll
