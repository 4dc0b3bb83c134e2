#include "telemetry/plane.h"

#include "check.h"
#include "ops/ops.h"

using namespace unroll;

namespace {

/** Whether it holds the same elements, and in rows no shorter than before. */
void check_long_rows(const Plane& plane, int64_t rows, int64_t columns) {
  const Plane found = in_long_rows(plane);
  CHECK(found.rows == rows && found.columns == columns);
  double before = 0, after = 0;
  for (int64_t r = 0; r < plane.rows; ++r)
    for (int64_t c = 0; c < plane.columns; ++c)
      before += static_cast<double>(plane.data<float>()[r * plane.row_stride + c * plane.column_stride]);
  for (int64_t r = 0; r < found.rows; ++r)
    for (int64_t c = 0; c < found.columns; ++c)
      after += static_cast<double>(found.data<float>()[r * found.row_stride + c * found.column_stride]);
  CHECK(before == after);
}

Tensor count_up(const Dims& sizes) {
  return view(
      arange(Scalar::of(int64_t{0}), Scalar::of(numel_of(sizes)), Scalar::of(int64_t{1}), DType::Float32),
      sizes);
}

}  // namespace

TEST(a_whole_tensor_is_rows_of_its_first_axis) {
  const Plane scalar = whole_plane(zeros({}));
  CHECK(scalar.rows == 1 && scalar.columns == 1);
  const Plane vector = whole_plane(zeros({5}));
  CHECK(vector.rows == 1 && vector.columns == 5);
  const Plane cube = whole_plane(permute(zeros({2, 3, 4}), {2, 0, 1}));
  CHECK(cube.rows == 4 && cube.columns == 6 && cube.row_stride == 6);
  CHECK(whole_plane(zeros({0, 3})).numel() == 0 && whole_plane(zeros({3, 0})).numel() == 0);
}

TEST(long_rows_hold_the_same_elements) {
  check_long_rows(whole_plane(count_up({3, 4})), 1, 12);
  check_long_rows(whole_plane(transpose(count_up({3, 4}), 0, 1)), 1, 12);
  check_long_rows(whole_plane(slice(count_up({6, 4}), 1, 0, 2, 1)), 6, 2);
  check_long_rows(whole_plane(select(count_up({9, 4}), 1, 1)), 1, 9);
  check_long_rows(whole_plane(expand(count_up({1, 4}), {3, 4})), 3, 4);
}
