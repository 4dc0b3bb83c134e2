#include "telemetry/verdict.h"

#include <cmath>
#include <limits>

#include "check.h"

using namespace unroll;

namespace {

/** T norms on the way back that change by `factor` a step. */
std::vector<float> geometric(int64_t steps, double factor) {
  std::vector<float> norms;
  for (int64_t k = 0; k < steps; ++k) norms.push_back(static_cast<float>(std::pow(factor, double(k))));
  return norms;
}

FlowHistory of(const std::vector<float>& norms, int windows = 20) {
  FlowHistory history;
  for (int i = 0; i < windows; ++i) history.add(flow_of(norms));
  return history;
}

}  // namespace

TEST(reach_counts_steps_back_until_one_percent_of_the_largest) {
  CHECK(flow_of(geometric(50, 0.5)).reach == 6);  // 2^-6 > 0.01 > 2^-7
  CHECK(flow_of(geometric(50, 1.0)).reach == 49);
  CHECK(flow_of(geometric(50, 2.0)).reach == 49);    // the largest is the first step's
  CHECK(flow_of({1, 100, 2, 0.5F, 50}).reach == 2);  // from the largest on, to the first that is under
  CHECK(flow_of({0, 0, 1, 0.5F, 0.001F}).reach == 3);
}

TEST(the_gradient_comes_as_far_as_the_farther_of_two_states) {
  const Flow h = flow_of(geometric(50, 0.5)), c = flow_of(geometric(50, 0.99)), none = flow_of({0, 0});
  CHECK(farther_of(h, c).reach == 49 && farther_of(c, h).growth == 1);
  CHECK(farther_of(none, h).reach == h.reach && !farther_of(none, none).is_any);
}

TEST(growth_is_from_where_the_way_back_begins) {
  CHECK(flow_of({2, 6, 1}).growth == 3);
  CHECK(flow_of({0, 2, 8}).growth == 4);
  CHECK(flow_of({1, 0.1F}).growth == 1);
  CHECK(!flow_of({0, 0}).is_any && !flow_of({}).is_any);
  const Flow broken = flow_of({1, 2, std::numeric_limits<float>::quiet_NaN(), 3});
  CHECK(std::isinf(broken.growth) && broken.reach == 2);
}

TEST(verdicts_follow_their_rule) {
  CHECK(of(geometric(50, 0.99)).verdict() == Verdict::Healthy);
  CHECK(of(geometric(50, 0.8)).verdict() == Verdict::Vanishing);
  CHECK(of(geometric(50, 1.2)).verdict() == Verdict::Exploding);
  CHECK(of({1, 1, std::numeric_limits<float>::infinity()}).verdict() == Verdict::Exploding);
  FlowHistory seldom = of(geometric(50, 0.99), 95);
  for (int i = 0; i < 5; ++i) seldom.add(flow_of(geometric(50, 1.2)));
  CHECK(seldom.verdict() == Verdict::Healthy);
  CHECK(of(geometric(50, 0.8)).words() ==
        "vanishing: the norm stays over 1 % of its largest for 20 of 49 steps back (median of the last 20 "
        "windows)");
}

TEST(there_is_no_verdict_on_a_few_windows_or_on_single_steps) {
  CHECK(!of(geometric(5, 1.0), 9).is_settled() && of(geometric(5, 1.0), 10).is_settled());
  CHECK(!of({1}, 50).is_settled() && of({1}, 50).length() == 1);
}

TEST(only_the_last_hundred_count) {
  Recent recent;
  CHECK(recent.median() == 0 && recent.mean() == 0 && recent.share_from(1) == 0);
  for (int i = 0; i < 250; ++i) recent.add(i);
  CHECK(recent.count() == 100 && recent.median() == 199 && recent.mean() == 199.5);
  CHECK(recent.share_from(240) == 0.1);
}
