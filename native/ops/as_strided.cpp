// Views of a geometry of their own: a diagonal, or any strides the caller names.

#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"

namespace unroll {

Tensor diagonal(const Tensor& t, int64_t offset, int64_t dim1, int64_t dim2) {
  const int row = wrap_dim(dim1, t.dim()), column = wrap_dim(dim2, t.dim());
  UNROLL_CHECK(row != column, "diagonal dimensions cannot be identical ", dim1, ", ", dim2);
  Dims sizes, strides;
  for (int i = 0; i < t.dim(); ++i) {
    if (i == row || i == column) continue;
    sizes.push_back(t.sizes()[i]);
    strides.push_back(t.strides()[i]);
  }
  const int64_t rows = t.sizes()[row], columns = t.sizes()[column];
  const int64_t length =
      std::max<int64_t>(offset >= 0 ? std::min(rows, columns - offset) : std::min(rows + offset, columns), 0);
  sizes.push_back(length);
  strides.push_back(t.strides()[row] + t.strides()[column]);
  int64_t start = t.offset();
  if (length > 0) start += offset >= 0 ? offset * t.strides()[column] : -offset * t.strides()[row];
  const auto again = [=](const Tensor& base) { return diagonal(base, offset, row, column); };
  return make_view(
      t, sizes, strides, start, "DiagonalBackward0", again,
      [again, before = t.sizes()](Node&, const Tensor& g) -> Tensors { return {placed(g, before, again)}; });
}

namespace {

struct Geometry {
  Dims sizes, strides;
  int64_t offset = 0;  // in elements, from the storage's start

  /** One past the last element reached, counted from the storage's start. */
  int64_t end() const {
    int64_t last = offset;
    for (int i = 0; i < sizes.size(); ++i) {
      if (sizes[i] == 0) return 0;
      int64_t step;
      if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &step) ||
          __builtin_add_overflow(last, step, &last))
        fail(ErrorKind::Runtime, "the extent of sizes ", sizes, " and strides ", strides, " overflows");
    }
    return last + 1;
  }
  /** Where each element lies: int64, of `sizes`. */
  Tensor places() const {
    Tensor all = empty(sizes, DType::Int64);
    int64_t* place = all.data<int64_t>();
    for (int64_t i = 0; i < all.numel(); ++i) {
      int64_t rest = i;
      place[i] = offset;
      for (int d = sizes.size() - 1; d >= 0; --d) {
        place[i] += rest % sizes[d] * strides[d];
        rest /= sizes[d];
      }
    }
    return all;
  }
  /** Whether no two elements can share memory: each stride steps over everything the smaller ones reach. */
  bool is_injective() const {
    int64_t reach = 0;
    for (int64_t d : by_stride(strides)) {
      const int64_t n = sizes[static_cast<int>(d)], stride = strides[static_cast<int>(d)];
      if (n == 0) return true;
      if (n == 1) continue;
      if (stride <= reach) return false;
      reach += (n - 1) * stride;
    }
    return true;
  }
};

// The gradient goes into a copy of the storage's extent through the view's geometry and is read through the
// input's.
Tensor as_strided_backward(const Tensor& g, const Geometry& of_input, const Geometry& of_view) {
  const int64_t extent = std::max(of_input.end(), of_view.end());
  Tensor memory;
  if (of_view.is_injective())
    memory = placed(g, {extent}, [&](const Tensor& base) {
      return as_strided(base, of_view.sizes, of_view.strides, of_view.offset);
    });
  else  // elements that lie in one place add up
    memory = index_put_(zeros({extent}, g.dtype(), g.device()), {of_view.places()}, g, true);
  if (!of_input.is_injective()) {  // and are shared by those that are read from there
    const Tensor count = index_put_(zeros({extent}, g.dtype(), g.device()), {of_input.places()},
                                    full(of_input.sizes, Scalar::of(1.0), g.dtype(), g.device()), true);
    memory = div(memory, maximum(count, full({}, Scalar::of(1.0), g.dtype())));
  }
  return as_strided(memory, of_input.sizes, of_input.strides, of_input.offset);
}

}  // namespace

Tensor as_strided(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset) {
  UNROLL_CHECK(sizes.size() == strides.size(), "mismatch in length of strides and shape");
  for (int i = 0; i < sizes.size(); ++i) {
    UNROLL_CHECK(sizes[i] >= 0, "Trying to create tensor with negative dimension ", sizes[i], ": ", sizes);
    UNROLL_CHECK(strides[i] >= 0,
                 "as_strided: Negative strides are not supported at the moment, got strides: ", strides);
  }
  UNROLL_CHECK(offset >= 0, "Tensor: invalid storage offset ", offset);
  const Geometry of_input{t.sizes(), t.strides(), t.offset()}, of_view{sizes, strides, offset};
  const int64_t item = item_size(t.dtype()), needed = of_view.end();
  UNROLL_CHECK(needed <= static_cast<int64_t>(t.storage().bytes()) / item, "setStorage: sizes ", sizes,
               ", strides ", strides, ", storage offset ", offset, ", and itemsize ", item,
               " requiring a storage size of ", needed * item, " are out of bounds for storage of size ",
               t.storage().bytes());
  const auto again = [=](const Tensor& base) {
    UNROLL_CHECK_KIND(
        NotImplemented, base.strides() == of_input.strides && base.offset() == of_input.offset,
        "writing in place to an 'as_strided' view of a tensor whose gradient is laid out differently is not "
        "supported");
    return as_strided(base, sizes, strides, offset);
  };
  return make_view(t, sizes, strides, offset, "AsStridedBackward0", again,
                   [of_input, of_view](Node&, const Tensor& g) -> Tensors {
                     return {as_strided_backward(g, of_input, of_view)};
                   });
}

}  // namespace unroll
