#include "telemetry/reading.h"

#include <cmath>
#include <limits>

#include "check.h"
#include "ops/ops.h"

using namespace unroll;

namespace {

Tensor floats(const Dims& sizes, const std::vector<float>& values) {
  Tensor t = empty(sizes);
  std::copy(values.begin(), values.end(), t.data<float>());
  return t;
}

Reading ask(const Tensor& t, Question::Form form, int64_t first, int64_t count) {
  return read_tensor(t, {"", Question::Of::Parameter, form, first, count});
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST(cells_are_copies_within_the_tensor) {
  const Tensor t = transpose(floats({2, 3}, {0, 1, 2, 3, 4, 5}), 0, 1);  // read row by row as it is seen
  CHECK((ask(t, Question::Form::Cells, 0, 6).cells == std::vector<double>{0, 3, 1, 4, 2, 5}));
  CHECK((ask(t, Question::Form::Cells, 4, 9).cells == std::vector<double>{2, 5}));
  CHECK(ask(t, Question::Form::Cells, -3, -1).cells.empty() &&
        ask(t, Question::Form::Cells, 9, 1).cells.empty());
  CHECK(!ask({}, Question::Form::Cells, 0, 1).found);
}

TEST(histograms_count_every_finite_element_once) {
  const Reading r = ask(floats({6}, {0, 1, 2, 3, 4, kNan}), Question::Form::Histogram, 0, 4);
  CHECK((r.cells == std::vector<double>{1, 1, 1, 2}));
  CHECK(r.statistics.mean == 2 && r.statistics.low == 0 && r.statistics.high == 4 &&
        r.statistics.nonfinite == 1);
  CHECK_NEAR(r.statistics.deviation, std::sqrt(2.0), 1e-12);
  CHECK_NEAR(r.statistics.norm, std::sqrt(30.0), 1e-12);
  CHECK((ask(full({3}, Scalar::of(2.0), DType::Float32), Question::Form::Histogram, 0, 2).cells ==
         std::vector<double>{3, 0}));
  CHECK(ask(floats({2}, {kNan, kNan}), Question::Form::Histogram, 0, 3).statistics.nonfinite == 2);
  CHECK(ask(zeros({0}), Question::Form::Histogram, 0, 3).cells.size() == 3);
}

TEST(pictures_keep_the_extremes_of_every_block) {
  const Reading r = ask(floats({2, 4}, {1, 9, 2, 3, -5, 0, kNan, kNan}), Question::Form::Picture, 8, 2);
  CHECK(r.rows == 2 && r.columns == 2 && r.cells.size() == 8);
  CHECK(r.cells[0] == 1 && r.cells[1] == 2 && r.cells[2] == -5 && std::isnan(r.cells[3]));
  CHECK(r.cells[4] == 9 && r.cells[5] == 3 && r.cells[6] == 0 && std::isnan(r.cells[7]));
  const Reading row = ask(floats({3}, {1, 2, 3}), Question::Form::Picture, 5, 3);
  CHECK(row.rows == 1 && row.columns == 3);
  CHECK(ask(zeros({0, 3}), Question::Form::Picture, 5, 5).rows == 0);
  CHECK(ask(zeros({2, 3, 4}), Question::Form::Picture, 9, 99).columns == 12);
}
