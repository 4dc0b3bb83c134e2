#include <limits>

#include "backend/opencl/device.h"
#include "backend/opencl/on_both.h"
#include "telemetry/reading.h"

using namespace unroll;
using check::thrown_by;

namespace {

bool same(double a, double b, double tolerance) {
  return (std::isnan(a) && std::isnan(b)) || a == b ||
         std::fabs(a - b) <= tolerance * std::max(1.0, std::fabs(a));
}

/** What differs between two readings; "" where nothing does. */
std::string apart(const Reading& a, const Reading& b) {
  std::string found;
  const auto check = [&](const char* what, double x, double y, double tolerance = 0) {
    if (!same(x, y, tolerance)) found += text(" ", what, " ", x, " and ", y, ";");
  };
  if (a.problem != b.problem) return text(a.problem, " and ", b.problem);
  check("rows", static_cast<double>(a.rows), static_cast<double>(b.rows));
  check("columns", static_cast<double>(a.columns), static_cast<double>(b.columns));
  const Statistics &s = a.statistics, &t = b.statistics;
  const auto count = [&](const char* what, int64_t x, int64_t y) {
    check(what, static_cast<double>(x), static_cast<double>(y));
  };
  count("count", s.count, t.count);
  count("nan", s.nan, t.nan);
  count("infinite", s.infinite, t.infinite);
  count("zeros", s.zeros, t.zeros);
  check("mean", s.mean, t.mean, 1e-9);
  check("deviation", s.deviation, t.deviation, 1e-9);
  check("norm", s.norm, t.norm, 1e-9);
  check("low", s.low, t.low);
  check("high", s.high, t.high);
  check("robust low", s.robust_low, t.robust_low);
  check("robust high", s.robust_high, t.robust_high);
  if (a.histogram->counts != b.histogram->counts) found += " the bins' counts;";
  count("below", a.histogram->below, b.histogram->below);
  count("above", a.histogram->above, b.histogram->above);
  const Picture &p = *a.picture, &q = *b.picture;
  if (p.rows != q.rows || p.columns != q.columns) return found + " the picture's size;";
  for (size_t i = 0; i < p.mean.size(); ++i) {
    check("tile's low", p.low[i], q.low[i]);
    check("tile's high", p.high[i], q.high[i]);
    check("tile's mean", p.mean[i], q.mean[i], 1e-6);
    check("tile's nonfinite", p.nonfinite[i], q.nonfinite[i]);
  }
  return found;
}

auto& counters() { return static_cast<opencl::ClDevice&>(opencl_device()).counters; }

}  // namespace

TEST(a_look_is_that_of_the_processor) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                   kInf = std::numeric_limits<double>::infinity();
  Tensor holed = noisy({400, 333});
  fill_(slice(holed, 0, 10, 30, 1), Scalar::of(kNan));
  fill_(slice(holed, 1, 5, 6, 1), Scalar::of(-kInf));
  fill_(slice(holed, 0, 7, 8, 1), Scalar::of(1e9));
  Part part;
  part.row_axis = 2;
  part.column_axis = 0;
  part.at = {0, 3, 0};
  const Tensor deep = noisy({300, 5, 400}, DType::Float64, 3);
  const std::vector<std::pair<Tensor, std::optional<Part>>> cases = {
      {holed, {}},
      {transpose(noisy({300, 290}, DType::Float32, 1), 0, 1), {}},
      {noisy({100000}, DType::Float64, 2), {}},
      {deep, {}},
      {transpose(deep, 0, 2), {}},
      {deep, part},
      {full({70000}, Scalar::of(2.5), DType::Float32), {}},
      {full({300, 300}, Scalar::of(kNan), DType::Float32), {}},
      {to_dtype(mul_scalar(noisy({70000, 2}), Scalar::of(100.0)), DType::Int64), {}},
      {gt(noisy({300, 300}), zeros({})), {}},
      {noisy({20, 30}), {}},
      {zeros({0, 3}), {}},
      {zeros({}), {}},
  };
  for (size_t i = 0; i < cases.size(); ++i)
    for (auto [rows, columns] : {std::pair<int64_t, int64_t>{128, 200}, {3, 7}, {1, 1000}}) {
      const auto& [tensor, seen] = cases[i];
      Question question;
      question.part = seen;
      question.bins = 64;
      question.rows = rows;
      question.columns = columns;
      const std::string found =
          apart(read_tensor(tensor, question), read_tensor(to_device(tensor, opencl_device()), question));
      if (!found.empty())
        check::fail(__FILE__, __LINE__, text("case ", i, ", ", rows, " by ", columns, ":", found));
    }
}

TEST(a_large_tensor_is_looked_at_where_it_lies) {
  Question question;
  question.bins = 64;
  question.rows = question.columns = 100;
  const Tensor large = to_device(noisy({300, 301}), opencl_device());
  const int64_t launches = counters().launches;
  CHECK(read_tensor(large, question).problem.empty());
  CHECK(counters().launches - launches == 5);  // sums, samples, bins set to zero and counted, tiles
  question.part.emplace();
  question.part->row_axis = 0;
  question.part->column_axis = 1;
  question.part->at = {0, 0};
  question.part->row_end = 100;
  const int64_t copies = counters().copies_out;
  CHECK(read_tensor(large, question).rows == 100);
  CHECK(counters().copies_out - copies == 1);  // of no more elements than a reader may have
}

TEST(cells_of_a_part_of_a_large_tensor_are_its_bits) {
  const Tensor large = noisy({500, 700});
  Question question;
  question.cells = true;
  Part part;
  part.row_axis = 0;
  part.column_axis = 1;
  part.at = {0, 0};
  part.row_begin = 100;
  part.row_end = 120;
  part.column_begin = 7;
  part.column_end = 300;
  question.part = part;
  const Reading here = read_tensor(large, question),
                there = read_tensor(to_device(large, opencl_device()), question);
  CHECK(here.cells == there.cells && there.rows == 20 && there.columns == 293);
  CHECK(there.problem.empty());
  question.part.reset();
  CHECK(read_tensor(to_device(large, opencl_device()), question).problem.find("more than 65536") !=
        std::string::npos);
}

TEST(a_look_leaves_the_script_its_error) {
  const Tensor weight = to_device(noisy({10, 4}), opencl_device());
  const Tensor out = embedding(weight, to_device(integers({2}, {3, 12}), opencl_device()), -1);
  Question question;
  question.cells = true;
  CHECK(read_tensor(weight, question).problem.empty());
  CHECK(thrown_by([&] { values_here(out); }).find("index out of range") != std::string::npos);
  CHECK(thrown_by([&] { values_here(weight); }).empty());
}
