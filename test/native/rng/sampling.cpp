#include "rng/sampling.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "check.h"

using unroll::Generator;
namespace rng = unroll::rng;

namespace {

using Weights = std::vector<double>;

/** The message of a draw from rows of `categories` weights. */
std::string refusal(const Weights& weights, int64_t categories, int64_t samples, bool replacement) {
  Generator g(1);
  int64_t rows = categories ? static_cast<int64_t>(weights.size()) / categories : 1;
  std::vector<int64_t> out(static_cast<size_t>(rows * std::max<int64_t>(samples, 0)));
  return check::thrown_by(
      [&] { rng::multinomial(out.data(), weights.data(), rows, categories, samples, replacement, g); });
}

}  // namespace

TEST(a_permutation_holds_every_number_once) {
  Generator g(1);
  for (int64_t n : {0, 1, 2, 1000}) {
    std::vector<int64_t> order(n);
    rng::randperm(order.data(), n, g);
    std::sort(order.begin(), order.end());
    for (int64_t i = 0; i < n; ++i) CHECK(order[i] == i);
  }
}

TEST(categories_of_weight_zero_come_last) {
  Generator g(1);
  Weights weights(200, 0);
  for (int i = 0; i < 200; i += 2) weights[i] = 1 + i;
  for (int64_t samples : {1, 3, 100}) {
    std::vector<int64_t> out(samples);
    rng::multinomial(out.data(), weights.data(), 1, 200, samples, false, g);
    for (int64_t c : out) CHECK(c % 2 == 0);
    std::sort(out.begin(), out.end());
    CHECK(std::adjacent_find(out.begin(), out.end()) == out.end());
    rng::multinomial(out.data(), weights.data(), 1, 200, samples, true, g);
    for (int64_t c : out) CHECK(c % 2 == 0);
  }
}

TEST(weights_that_are_no_distribution_are_refused_in_pytorchs_words) {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const std::string zero = "invalid multinomial distribution (sum of probabilities <= 0)";
  const std::string invalid = "probability tensor contains either `inf`, `nan` or element < 0";
  for (bool replacement : {true, false}) {
    CHECK(refusal({1, 1, 0, 0}, 2, 2, replacement) == zero);
    CHECK(refusal({}, 0, replacement ? 2 : 0, replacement) ==
          (replacement ? zero : "cannot sample n_sample <= 0 samples"));
    CHECK(refusal({1, 2}, 2, 0, replacement) == "cannot sample n_sample <= 0 samples");
    for (double bad : {-1.0, inf, nan}) CHECK(refusal({1, 1, 1, bad}, 2, 1, replacement) == invalid);
  }
  for (double bad : {-1.0, inf, nan}) CHECK(refusal({1, 1, 1, bad}, 2, 2, false) == invalid);
  CHECK(refusal({1, -1}, 2, 2, true) ==
        "invalid multinomial distribution (encountering probability entry < 0)");
  for (double bad : {inf, nan})
    CHECK(refusal({1, bad}, 2, 2, true) ==
          "invalid multinomial distribution (encountering probability entry = infinity or NaN)");
  CHECK(refusal({1, 2}, 2, 3, false) ==
        "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
}
