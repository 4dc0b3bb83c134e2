#include "telemetry/reading.h"

#include <cstring>
#include <limits>

#include "check.h"
#include "float_cells.h"
#include "ops/ops.h"

using namespace unroll;

namespace {

Tensor count_up(const Dims& sizes) {
  return view(
      arange(Scalar::of(int64_t{0}), Scalar::of(numel_of(sizes)), Scalar::of(int64_t{1}), DType::Float32),
      sizes);
}

Question cells(std::optional<Part> part = {}) {
  Question question;
  question.part = std::move(part);
  question.cells = true;
  return question;
}

}  // namespace

TEST(cells_are_the_bits_row_by_row) {
  const Tensor turned = transpose(count_up({2, 3}), 0, 1);
  const Reading reading = read_tensor(turned, cells());
  CHECK(reading.found && reading.problem.empty() && reading.rows == 3 && reading.columns == 2);
  CHECK((floats(reading) == std::vector<float>{0, 3, 1, 4, 2, 5}));
  Tensor large = full({2}, Scalar::of(int64_t{9007199254740993}), DType::Int64);
  int64_t first;
  std::memcpy(&first, read_tensor(large, cells()).cells.data(), sizeof first);
  CHECK(first == 9007199254740993);
  CHECK(read_tensor(zeros({}), cells()).cells.size() == 4);
  CHECK(read_tensor(zeros({0, 3}), cells()).cells.empty());
}

TEST(a_part_is_two_axes_at_one_index_of_every_other) {
  const Tensor t = count_up({2, 3, 4, 5});
  Part part;
  part.row_axis = 3;
  part.column_axis = 1;
  part.at = {1, 0, 2, 0};
  part.row_begin = 1;
  part.row_end = 3;
  const Reading reading = read_tensor(t, cells(part));
  CHECK(reading.rows == 2 && reading.columns == 3);
  CHECK((floats(reading) == std::vector<float>{71, 91, 111, 72, 92, 112}));
  CHECK(reading.statistics.count == 6 && reading.statistics.mean == 91.5);
  part.row_end = 100;
  part.column_begin = 2;
  CHECK((floats(read_tensor(t, cells(part))) == std::vector<float>{111, 112, 113, 114}));
  part.row_axis = -1;
  part.at[3] = 4;
  CHECK((floats(read_tensor(t, cells(part))) == std::vector<float>{114}));
}

TEST(what_cannot_be_is_said) {
  const Tensor t = zeros({2, 3});
  const auto problem = [&](int64_t row, int64_t column, const std::vector<int64_t>& at) {
    Part part;
    part.row_axis = row;
    part.column_axis = column;
    part.at = at;
    return read_tensor(t, cells(part)).problem;
  };
  CHECK(problem(2, 0, {0, 0}) == "there is no axis 2 in a tensor of sizes [2, 3]");
  CHECK(problem(0, 0, {0, 0}) == "rows and columns are different axes");
  CHECK(problem(0, 1, {0}) == "a tensor of sizes [2, 3] takes 2 indices, not 1");
  CHECK(problem(0, -1, {0, 3}) == "index 3 is out of bounds for axis 1 with size 3");
  CHECK(read_tensor(zeros({300, 300}), cells()).problem.find("more than 65536") != std::string::npos);
  CHECK(!read_tensor({}, cells()).found);
}

TEST(a_histogram_takes_the_range_asked_for_or_where_nearly_all_lies) {
  Question question;
  question.bins = 4;
  Tensor t = count_up({1000});
  CHECK((read_tensor(t, question).histogram->counts == std::vector<int64_t>{250, 250, 250, 250}));
  question.range = {0, 8};
  Reading reading = read_tensor(t, question);
  CHECK((reading.histogram->counts == std::vector<int64_t>{2, 2, 2, 3}) && reading.histogram->above == 991);
  question.range.reset();
  t.data<float>()[0] = 1e9F;
  reading = read_tensor(t, question);
  CHECK(reading.histogram->high < 1001 && reading.histogram->above >= 1 && reading.statistics.high == 1e9);
  int64_t all = reading.histogram->above + reading.histogram->below;
  for (int64_t n : reading.histogram->counts) all += n;
  CHECK(all == 1000);
}
