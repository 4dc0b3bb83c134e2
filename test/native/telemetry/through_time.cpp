#include "telemetry/through_time.h"

#include <limits>
#include <map>

#include "check.h"
#include "ops/ops.h"
#include "telemetry/norms.h"

using namespace unroll;

namespace {

std::map<std::string, double> findings(const ThroughTime& through_time) {
  std::map<std::string, double> by_tag;
  for (const ThroughTime::Finding& f : through_time.findings()) by_tag[f.tag] = f.value;
  return by_tag;
}

}  // namespace

TEST(calls_of_a_module_are_joined_in_their_order_each_once) {
  ThroughTime through_time;
  through_time.name_module(3, "rnn");
  through_time.note(3, 2, "l0/h", norms({3, 4}));
  through_time.note(3, 1, "l0/h", norms({9, 9}));
  through_time.note(3, 1, "l0/h", norms({1, 2}));  // a second pass through the same call
  through_time.note(3, 1, "l1_reverse/c", norms({5}));
  through_time.note(4, 1, "l0/h", norms({7}));  // has no name
  const std::vector<ThroughTime::Joined> all = through_time.take();
  CHECK(all.size() == 2);
  CHECK(all[0].layer == "l0" && all[0].state == "h" && (all[0].norms == std::vector<float>{1, 2, 3, 4}));
  CHECK(all[1].layer == "l1_reverse" && all[1].state == "c");
  CHECK(through_time.take().empty());
}

TEST(an_earlier_backward_is_forgotten) {
  ThroughTime through_time;
  through_time.name_module(3, "rnn");
  through_time.note(3, 1, "l0/h", norms({1}));
  through_time.begin_backward();
  through_time.note(3, 2, "l0/h", norms({2}));
  CHECK((through_time.take()[0].norms == std::vector<float>{2}));
}

TEST(each_direction_is_judged_on_its_own_way_back) {
  ThroughTime through_time;
  through_time.name_module(1, "rnn");
  for (int i = 0; i < 10; ++i) {
    through_time.note(1, i, "l0/h", norms({1e-6, 1e-3, 1, 1}));
    through_time.note(1, i, "l0_reverse/c", norms({1, 1, 1, 0.5}));  // the farther of the two
    through_time.note(1, i, "l0_reverse/h", norms({1, 0, 0, 0}));
    through_time.take();
  }
  auto found = findings(through_time);
  CHECK(found.at("rnn/l0") == -1 && found.at("rnn/l0/reach") == 1 && found.at("rnn/window") == 4);
  CHECK(found.at("rnn/l0_reverse") == 0 && found.at("rnn/l0_reverse/reach") == 3);
  const std::vector<std::string> changes = through_time.changes();
  CHECK(changes.size() == 2 && changes[0].starts_with("rnn/l0: vanishing: ") &&
        changes[1].starts_with("rnn/l0_reverse: healthy: "));
  CHECK(through_time.changes().empty());
}

TEST(a_window_that_begins_where_the_last_one_ended_carries_its_state) {
  ThroughTime through_time;
  through_time.name_module(1, "rnn");
  const auto window = [&](const Tensor& initial, double last) {
    through_time.begin_backward();
    through_time.note_states(1, initial, full({1, 2}, Scalar::of(5.0), DType::Float32));
    through_time.note_states(1, full({1, 2}, Scalar::of(5.0), DType::Float32),
                             full({1, 2}, Scalar::of(last), DType::Float32));  // a second call of the window
    through_time.note(1, 1, "l0/h", norms({1, 1}));
    through_time.take();
    return findings(through_time).at("rnn/carried");
  };
  CHECK(window(zeros({1, 2}), 3) == 0);
  CHECK(window(full({1, 2}, Scalar::of(3.0), DType::Float32), 0) == 0.5);
  CHECK(window(zeros({1, 2}), 7) == 1.0 / 3);  // equal, but zero: reset
  CHECK(window(zeros({1, 2}), 7) == 0.25);
}

TEST(the_first_time_step_that_is_not_finite_is_the_one_met_first) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(first_nonfinite({1, "l0", "h", {nan, nan, 1}}) == 1);
  CHECK(first_nonfinite({1, "l0_reverse", "h", {1, nan, nan}}) == 1);
  CHECK(first_nonfinite({1, "l0", "h", {1, 2}}) == -1);
}
