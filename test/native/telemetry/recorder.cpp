#include "telemetry/recorder.h"

#include <cstring>
#include <limits>
#include <map>
#include <string>

#include "check.h"
#include "ops/ops.h"
#include "telemetry/drained.h"
#include "telemetry/norms.h"
#include "telemetry/record.h"

using namespace unroll;

namespace {

Tensor number(double value) { return full({}, Scalar::of(value), DType::Float64); }

/** The records of a drained buffer, read back independently of the writer. */
struct Parsed {
  std::map<uint32_t, std::string> names;
  struct Step {
    double step;
    std::map<std::string, float> scalars;
    std::map<std::string, std::vector<float>> vectors;
  };
  std::vector<Step> steps, loose;
  /** Left, right and count of each bin. */
  std::map<std::string, std::vector<float>> histograms;
  std::vector<std::string> events;
};

template <class T>
T take(const uint8_t*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

/** `names`: those of earlier records. */
Parsed parse(const std::vector<uint8_t>& bytes, std::map<uint32_t, std::string> names = {}) {
  Parsed out;
  out.names = std::move(names);
  for (const uint8_t* at = bytes.data(); at < bytes.data() + bytes.size();) {
    const uint32_t length = take<uint32_t>(at);
    const uint32_t kind = take<uint32_t>(at);
    const uint8_t* end = at + length;
    if (kind == 1) {
      const uint32_t id = take<uint32_t>(at);
      out.names[id] = std::string(at, end);
    } else if (kind == 3) {
      at += 16;
      out.events.emplace_back(at, end);
    } else if (kind == 5) {
      at += 16;
      for (uint32_t n = take<uint32_t>(at); n > 0; --n) {
        std::vector<float>& bins = out.histograms[out.names.at(take<uint32_t>(at))];
        bins.resize(take<uint32_t>(at));
        for (float& number : bins) number = take<float>(at);
      }
    } else {
      Parsed::Step step;
      take<double>(at);
      step.step = take<double>(at);
      for (uint32_t n = take<uint32_t>(at); n > 0; --n) {
        const uint32_t id = take<uint32_t>(at);
        step.scalars[out.names.at(id)] = take<float>(at);
      }
      for (uint32_t n = take<uint32_t>(at); n > 0; --n) {
        std::vector<float>& values = step.vectors[out.names.at(take<uint32_t>(at))];
        values.resize(take<uint32_t>(at));
        for (float& v : values) v = take<float>(at);
      }
      (kind == 2 ? out.steps : out.loose).push_back(step);
    }
    CHECK(at <= end);
    at = end;
  }
  return out;
}

}  // namespace

TEST(a_step_carries_loss_norms_and_the_gradient_through_time) {
  Recorder recorder;
  recorder.set_enabled(true);
  Tensor weight = full({2}, Scalar::of(1.0), DType::Float32);
  recorder.name_module(7, "rnn");
  recorder.name_parameters(1, {weight}, {"rnn.weight"});
  recorder.note_backward({full({}, Scalar::of(2.5), DType::Float32)});
  recorder.note_through_time(7, 2, "l0/h", norms({3, 4}));  // the later call arrives first
  recorder.note_through_time(7, 1, "l0/h", norms({1, 2}));
  recorder.note_through_time(0, 3, "l0/h", norms({9}));  // nobody's
  recorder.note_clip(number(10), 0.25, number(10));
  recorder.note_update(weight) = {{0.0625, 4, 1}};
  recorder.note_scalar("lr/0", 0.5);
  recorder.end_step(1);
  recorder.write_scalar("loss/eval", 1.5);
  const Parsed parsed = parse(drained(recorder));
  CHECK(parsed.steps.size() == 1 && parsed.loose.size() == 1 && parsed.events.empty());
  std::map<std::string, float> scalars = parsed.steps[0].scalars;
  CHECK(parsed.steps[0].step == 1 && scalars["loss/train"] == 2.5F && scalars["lr/0"] == 0.5F);
  CHECK(scalars["grad/total"] == 10 && scalars["grad/total_clipped"] == 0.25F &&
        scalars["grad/clip_threshold"] == 0.25F);
  CHECK(scalars["grad/rnn.weight"] == 0.25F && scalars["weight/rnn.weight"] == 2 &&
        scalars["update/rnn.weight"] == 1);
  CHECK((parsed.steps[0].vectors ==
         std::map<std::string, std::vector<float>>{{"bptt/rnn/l0/h", {1, 2, 3, 4}}}));
  CHECK(parsed.loose[0].step == 1 &&
        (parsed.loose[0].scalars == std::map<std::string, float>{{"loss/eval", 1.5F}}));
}

TEST(distributions_are_written_every_so_many_steps_of_their_optimizer) {
  Recorder recorder;
  recorder.set_enabled(true);
  recorder.set_histogram_every(2);
  const Tensor first = uniform_(empty({40, 30}), -1, 1, default_generator());
  const Tensor second = full({3}, Scalar::of(2.0), DType::Float32);
  first.ptr()->handle = 1;  // the script holds both
  second.ptr()->handle = 2;
  recorder.name_parameters(1, {first}, {"first"});
  recorder.name_parameters(2, {second}, {"second"});
  std::map<uint32_t, std::string> names;
  const auto drained_after = [&](int64_t optimizer) {
    recorder.end_step(optimizer);
    Parsed parsed = parse(drained(recorder), names);
    names = parsed.names;
    return parsed.histograms;
  };
  auto written = drained_after(1);
  CHECK(written.size() == 1);
  const std::vector<float>& bins = written.at("histogram/weight/first");
  CHECK(bins.size() == 3 * 64);
  float count = 0;
  for (size_t i = 0; i < bins.size(); i += 3) {
    CHECK(bins[i] < bins[i + 1] && (i == 0 || bins[i] == bins[i - 2]));
    count += bins[i + 2];
  }
  CHECK(count == 1200);
  // The optimizers take turns: each has steps of its own.
  const std::vector<float> at_one = {2, 2, 3};
  CHECK(drained_after(2).at("histogram/weight/second") == at_one);
  CHECK(drained_after(1).empty());
  CHECK(drained_after(2).empty());
  CHECK(drained_after(1).size() == 1);
}

TEST(steps_are_taken_half_as_often_when_they_have_filled_what_they_may) {
  Thinning thinning(3, 100);
  CHECK(thinning.takes(1) && !thinning.takes(3) && thinning.takes(4));
  CHECK(!thinning.wrote(100));
  CHECK(thinning.wrote(1));
  CHECK(thinning.every() == 6 && !thinning.takes(4) && thinning.takes(7));
  CHECK(!thinning.wrote(60) && thinning.wrote(60));
  CHECK(!Thinning(0, 100).takes(1));
}

TEST(an_earlier_backward_of_the_same_step_is_counted_and_its_vectors_replaced) {
  Recorder recorder;
  recorder.set_enabled(true);
  recorder.name_module(1, "rnn");
  for (float norm : {1.0F, 2.0F}) {
    recorder.note_backward({full({}, Scalar::of(double{norm}), DType::Float32)});
    recorder.note_through_time(1, recorder.next_call(), "l0/h", norms({norm}));
  }
  recorder.end_step(1);
  Parsed parsed = parse(drained(recorder));
  CHECK(parsed.steps[0].scalars["backwards"] == 2 && parsed.steps[0].scalars["loss/train"] == 2);
  CHECK((parsed.steps[0].vectors["bptt/rnn/l0/h"] == std::vector<float>{2}));
}

TEST(what_is_not_finite_is_an_event_with_its_name) {
  Recorder recorder;
  recorder.set_enabled(true);
  Tensor weight = zeros({1});
  recorder.name_parameters(1, {weight}, {"w"});
  recorder.note_update(weight) = {{std::numeric_limits<double>::infinity(), 1, 1}};
  recorder.end_step(1);
  CHECK((parse(drained(recorder)).events == std::vector<std::string>{"event/nonfinite: grad/w"}));
}

TEST(what_stays_not_finite_is_told_once_and_the_time_step_with_it) {
  Recorder recorder;
  recorder.set_enabled(true);
  recorder.name_module(1, "rnn");
  const double inf = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& window :
       {std::vector<double>{inf, inf, 2}, {inf, 1, 1}, {1, 1, 1}, {1, 1, inf}}) {
    recorder.note_backward({zeros({})});
    recorder.note_through_time(1, recorder.next_call(), "l0/h", norms(window));
    recorder.end_step(1);
  }
  CHECK((parse(drained(recorder)).events ==
         std::vector<std::string>{"event/nonfinite: bptt/rnn/l0/h at time step 1 of 3",
                                  "event/nonfinite: bptt/rnn/l0/h at time step 2 of 3"}));
}

TEST(verdicts_are_written_when_they_change) {
  Recorder recorder;
  recorder.set_enabled(true);
  recorder.name_module(1, "rnn");
  for (int step = 0; step < 20; ++step) {
    recorder.note_backward({zeros({})});
    recorder.note_through_time(1, recorder.next_call(), "l0/h", norms({1e-6, 1e-3, 1, 1}));
    recorder.note_clip(number(2), 1, number(step % 2 == 0 ? 2 : 1));
    recorder.end_step(1);
  }
  const Parsed parsed = parse(drained(recorder));
  CHECK(parsed.events.size() == 1 &&
        parsed.events[0].starts_with("event/verdict: rnn/l0: vanishing: the norm stays over 1 %"));
  int reaches = 0, verdicts = 0;
  float clipped = -1;
  for (const Parsed::Step& step : parsed.steps) {
    reaches += step.scalars.count("verdict/rnn/l0/reach");
    verdicts += step.scalars.count("verdict/rnn/l0");
    if (step.scalars.count("verdict/clipped")) clipped = step.scalars.at("verdict/clipped");
  }
  CHECK(reaches == 1 && verdicts == 1 && clipped == 0.5F);
  CHECK(parsed.steps[0].scalars.at("verdict/rnn/l0/reach") == 1);
  CHECK(parsed.steps[9].scalars.at("verdict/rnn/l0") == -1);
}

TEST(a_recorder_that_is_off_writes_nothing) {
  Recorder recorder;
  recorder.note_backward({zeros({})});
  recorder.note_scalar("lr/0", 1);
  recorder.write_scalar("loss/eval", 1);
  recorder.end_step(1);
  CHECK(drained(recorder).empty() && recorder.steps() == 1);
}

TEST(a_full_ring_is_waited_for_until_the_reader_is_gone) {
  Recorder recorder(1024);
  recorder.set_enabled(true);
  recorder.close();
  for (int i = 0; i < 100; ++i) recorder.end_step(1);
  CHECK(recorder.steps() == 100);
}
