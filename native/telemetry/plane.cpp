#include "telemetry/plane.h"

#include <algorithm>
#include <utility>

#include "autograd/variable.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** Cuts [0, count) to [begin, end) and moves the plane's first element along. */
int64_t cut(int64_t count, int64_t begin, int64_t end, int64_t stride, int64_t& offset) {
  begin = std::clamp<int64_t>(begin, 0, count);
  end = std::clamp<int64_t>(end, begin, count);
  offset += begin * stride;
  return end - begin;
}

}  // namespace

Plane plane_of(const Tensor& tensor, const Part& part) {
  const int64_t dim = tensor.dim();
  const auto check_axis = [&](int64_t axis) {
    UNROLL_CHECK_KIND(Index, axis >= -1 && axis < dim, "there is no axis ", axis, " in a tensor of sizes ",
                      tensor.sizes());
  };
  check_axis(part.row_axis);
  check_axis(part.column_axis);
  UNROLL_CHECK_KIND(Index, part.row_axis != part.column_axis || part.row_axis == -1,
                    "rows and columns are different axes");
  UNROLL_CHECK_KIND(Index, static_cast<int64_t>(part.at.size()) == dim, "a tensor of sizes ", tensor.sizes(),
                    " takes ", dim, " indices, not ", part.at.size());
  Plane plane{tensor, tensor.offset(), 1, 1, 0, 0};
  for (int axis = 0; axis < dim; ++axis) {
    const int64_t size = tensor.sizes()[axis], stride = tensor.strides()[axis];
    if (axis == part.row_axis) {
      plane.row_stride = stride;
      plane.rows = cut(size, part.row_begin, part.row_end, stride, plane.offset);
    } else if (axis == part.column_axis) {
      plane.column_stride = stride;
      plane.columns = cut(size, part.column_begin, part.column_end, stride, plane.offset);
    } else {
      const int64_t index = part.at[static_cast<size_t>(axis)];
      UNROLL_CHECK_KIND(Index, index >= 0 && index < size, "index ", index, " is out of bounds for axis ",
                        axis, " with size ", size);
      plane.offset += index * stride;
    }
  }
  return plane;
}

Plane whole_plane(const Tensor& tensor) {
  if (tensor.dim() > 2 && !tensor.is_contiguous()) {
    GradMode off(false);
    return whole_plane(contiguous(detached(tensor)));
  }
  Plane plane{tensor, tensor.offset(), 1, 1, 0, 1};
  if (tensor.dim() == 0) return plane;
  if (tensor.dim() == 1) {
    plane.columns = tensor.sizes()[0];
    plane.column_stride = tensor.strides()[0];
    return plane;
  }
  plane.rows = tensor.sizes()[0];
  plane.row_stride = tensor.strides()[0];
  plane.columns = plane.rows ? tensor.numel() / plane.rows : 0;
  plane.column_stride = tensor.dim() == 2 ? tensor.strides()[1] : 1;
  return plane;
}

Tensor view_of(const Plane& plane) {
  return alias(plane.owner, {plane.rows, plane.columns}, {plane.row_stride, plane.column_stride},
               plane.offset);
}

Plane in_long_rows(Plane plane) {
  if (plane.columns < plane.rows && plane.column_stride >= plane.row_stride) {
    std::swap(plane.rows, plane.columns);
    std::swap(plane.row_stride, plane.column_stride);
  }
  if (plane.rows == 1 || plane.row_stride == plane.columns * plane.column_stride) {
    plane.columns = plane.numel();
    plane.rows = plane.columns ? 1 : 0;
  }
  return plane;
}

}  // namespace unroll
