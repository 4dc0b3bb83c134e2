#include "telemetry/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "backend/cpu/threads.h"
#include "check.h"
#include "ops/ops.h"
#include "telemetry/picture.h"

using namespace unroll;

namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN(), kInf = std::numeric_limits<float>::infinity();

Tensor of(const Dims& sizes, const std::vector<float>& values) {
  Tensor t = empty(sizes);
  std::copy(values.begin(), values.end(), t.data<float>());
  return t;
}

Tensor random_tensor(const Dims& sizes, float mean) {
  Tensor t = empty(sizes);
  std::mt19937 generator(7);
  std::normal_distribution<float> normal(mean, 0.5F);
  std::generate_n(t.data<float>(), t.numel(), [&] { return normal(generator); });
  return t;
}

bool near(double a, double b) { return std::fabs(a - b) <= 1e-9 * std::max(1.0, std::fabs(b)); }

/** Against two passes in long double. */
void check_statistics(const Tensor& t) {
  const Statistics s = statistics_of(whole_plane(t));
  const Tensor dense = contiguous(t);
  long double sum = 0, squares = 0, spread = 0;
  std::vector<double> finite;
  int64_t zeros = 0, nan = 0, infinite = 0;
  for (int64_t i = 0; i < dense.numel(); ++i) {
    const double x = static_cast<double>(dense.data<float>()[i]);
    nan += std::isnan(x);
    infinite += std::isinf(x);
    if (!std::isfinite(x)) continue;
    finite.push_back(x);
    zeros += x == 0;
    sum += x;
    squares += static_cast<long double>(x) * x;
  }
  CHECK(s.count == dense.numel() && s.nan == nan && s.infinite == infinite && s.zeros == zeros);
  if (finite.empty()) {
    CHECK(s.mean == 0 && s.deviation == 0 && s.low == 0 && s.high == 0 && s.norm == 0);
    return;
  }
  const long double count = static_cast<long double>(finite.size()), mean = sum / count;
  for (double x : finite) spread += (x - mean) * (x - mean);
  CHECK(near(s.mean, static_cast<double>(mean)));
  CHECK(near(s.norm, static_cast<double>(std::sqrt(squares))));
  CHECK(near(s.deviation, static_cast<double>(std::sqrt(spread / count))));
  const auto [low, high] = std::minmax_element(finite.begin(), finite.end());
  CHECK(s.low == *low && s.high == *high);
  CHECK(s.robust_low >= s.low && s.robust_high <= s.high && s.robust_low <= s.robust_high);
  if (s.count > 16384) return;  // as many as the quantiles are taken of
  std::sort(finite.begin(), finite.end());
  const size_t cut = static_cast<size_t>(0.001 * static_cast<double>(finite.size()));
  CHECK(s.robust_low == finite[cut] && s.robust_high == finite[finite.size() - 1 - cut]);
}

}  // namespace

TEST(statistics_are_those_of_the_finite_elements) {
  check_statistics(random_tensor({1000003}, 1000));
  check_statistics(random_tensor({3, 40000}, -2));
  check_statistics(transpose(random_tensor({7, 5000}, 0), 0, 1));
  check_statistics(permute(random_tensor({11, 13, 17}, 3), {2, 0, 1}));
  check_statistics(select(random_tensor({30000, 5}, 3), 1, 2));
  check_statistics(of({6}, {kNan, 1, -kInf, 0, kInf, 3}));
  check_statistics(of({3}, {kNan, kNan, kNan}));
  check_statistics(random_tensor({3000}, 0));
  check_statistics(zeros({0}));
  check_statistics(zeros({}));
}

TEST(results_do_not_hang_on_the_number_of_threads) {
  const Tensor t = random_tensor({300, 1000}, 1);
  const int threads = cpu::num_threads();
  cpu::set_num_threads(1);
  const Statistics one = statistics_of(whole_plane(t));
  cpu::set_num_threads(4);
  const Statistics four = statistics_of(whole_plane(t));
  cpu::set_num_threads(threads);
  CHECK(one.mean == four.mean && one.deviation == four.deviation && one.norm == four.norm);
}

TEST(masks_and_whole_numbers_have_statistics_too) {
  const Statistics mask = statistics_of(whole_plane(full({4}, Scalar::of(true), DType::Bool)));
  CHECK(mask.count == 4 && mask.mean == 1 && mask.zeros == 0);
  const Statistics whole = statistics_of(whole_plane(full({2}, Scalar::of(int64_t{-3}), DType::Int64)));
  CHECK(whole.low == -3 && whole.norm == std::sqrt(18.0));
}

TEST(a_histogram_counts_every_finite_element_once) {
  const Plane plane = whole_plane(of({9}, {-1, 0, 0.5, 1, 1.5, 2, 3, kNan, kInf}));
  const Histogram h = histogram_of(plane, 0, 2, 2);
  CHECK((h.counts == std::vector<int64_t>{2, 3}) && h.below == 1 && h.above == 1);
  const Histogram same = histogram_of(whole_plane(of({3}, {2, 2, 2})), 2, 2, 3);
  CHECK((same.counts == std::vector<int64_t>{3, 0, 0}));
  const Tensor large = random_tensor({100000}, 0);
  int64_t all = 0;
  for (int64_t n : histogram_of(whole_plane(large), -10, 10, 64).counts) all += n;
  CHECK(all == 100000);
}

TEST(a_logged_histogram_holds_every_finite_element) {
  const auto counted = [](const std::vector<float>& bins) {
    float all = 0;
    for (size_t i = 2; i < bins.size(); i += 3) all += bins[i];
    return all;
  };
  const std::vector<float> normal = logged_histogram(whole_plane(random_tensor({50, 400}, 1)));
  CHECK(counted(normal) == 20000);
  // One far away: the bins stay where nearly all lie, and one more reaches out to it.
  Tensor outlier = random_tensor({20000}, 1);
  outlier.data<float>()[77] = 1000;
  const std::vector<float> wide = logged_histogram(whole_plane(outlier));
  CHECK(counted(wide) == 20000);
  CHECK(wide[wide.size() - 2] == 1000 && wide[wide.size() - 3] < 10);
  CHECK((logged_histogram(whole_plane(of({4}, {kNan, 2, 2, kInf}))) == std::vector<float>{2, 2, 2}));
  CHECK(logged_histogram(whole_plane(of({2}, {kNan, kInf}))).empty());
  CHECK(logged_histogram(whole_plane(zeros({0}))).empty());
}

TEST(a_pictures_tiles_hold_the_extremes_the_mean_and_what_is_not_finite) {
  const Picture p = picture_of(whole_plane(of({2, 4}, {1, 9, 2, 4, -5, 0, kNan, kInf})), 8, 2);
  CHECK(p.rows == 2 && p.columns == 2);
  CHECK(p.low[0] == 1 && p.high[0] == 9 && p.mean[0] == 5 && p.nonfinite[0] == 0);
  CHECK(p.low[1] == 2 && p.high[1] == 4 && p.mean[1] == 3);
  CHECK(p.low[2] == -5 && p.high[2] == 0 && p.mean[2] == -2.5F);
  CHECK(std::isnan(p.low[3]) && std::isnan(p.mean[3]) && p.nonfinite[3] == 2);
  const Picture cells = picture_of(whole_plane(transpose(of({2, 3}, {0, 1, 2, 3, 4, 5}), 0, 1)), 99, 99);
  CHECK(cells.rows == 3 && cells.columns == 2 && (cells.mean == std::vector<float>{0, 3, 1, 4, 2, 5}));
  CHECK(picture_of(whole_plane(zeros({0, 3})), 5, 5).rows == 0);
  // Every element is in exactly one tile.
  const Tensor ones = full({101, 203}, Scalar::of(1.0), DType::Float32);
  const Tensor none = full({101, 203}, Scalar::of(static_cast<double>(kNan)), DType::Float32);
  int64_t counted = 0;
  for (uint32_t n : picture_of(whole_plane(none), 7, 10).nonfinite) counted += n;
  CHECK(counted == 101 * 203);
  for (float mean : picture_of(whole_plane(ones), 7, 10).mean) CHECK(mean == 1);
}
