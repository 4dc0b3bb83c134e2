#include "telemetry/control.h"

#include <atomic>
#include <string>
#include <thread>

#include "check.h"
#include "ops/ops.h"
#include "telemetry/drained.h"
#include "telemetry/mailbox.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

/** A trainer whose steps do nothing but count. */
struct Trainer {
  std::atomic<int> steps{0};
  std::atomic<bool> done{false};
  std::thread thread;

  Trainer()
      : thread([this] {
          while (!done) {
            ++steps;
            end_of_step(true);
            while (!go_on()) mailbox().wanted();
          }
        }) {}
  ~Trainer() {
    done = true;
    resume(Resume::GoOn);
    thread.join();
  }
};

void wait_for_pause() {
  while (!trainer_state().is_paused) std::this_thread::yield();
}

}  // namespace

TEST(a_pause_holds_until_it_is_ended) {
  Trainer trainer;
  request_pause();
  wait_for_pause();
  const int there = trainer.steps;
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(trainer.steps == there);
  resume(Resume::GoOn);
  CHECK(!trainer_state().is_paused);
  while (trainer.steps < there + 100) std::this_thread::yield();
}

TEST(one_step_at_a_time) {
  Trainer trainer;
  request_pause();
  wait_for_pause();
  for (int i = 0; i < 200; ++i) {
    const int there = trainer.steps;
    resume(Resume::OneStep);
    wait_for_pause();
    CHECK(trainer.steps == there + 1);
  }
}

TEST(a_pause_that_is_taken_back_at_once_holds_nobody) {
  Trainer trainer;
  for (int i = 0; i < 5000; ++i) {
    request_pause();
    resume(i % 2 ? Resume::GoOn : Resume::Interrupt);
  }
  const int there = trainer.steps;
  while (trainer.steps < there + 100) std::this_thread::yield();
}

TEST(a_paused_trainer_answers_its_mailbox) {
  Tensor weight = full({3}, Scalar::of(2.0), DType::Float32);
  recorder().name_parameters(1, {weight}, {"w"});
  Trainer trainer;
  request_pause();
  for (int i = 0; i < 500; ++i) {
    Question question;
    question.name = "w";
    question.cells = true;
    const uint64_t ticket = mailbox().ask(question);
    Reading reading;
    while (!mailbox().take(ticket, reading)) {
      if (!trainer_state().is_paused) mailbox().serve();  // not there yet
      std::this_thread::yield();
    }
    CHECK(reading.found && reading.cells.size() == 12 && reading.statistics.mean == 2);
  }
}

TEST(the_rates_factor_is_in_force_from_the_next_step_on) {
  CHECK(learning_rate_scale() == 1);
  request_learning_rate_scale(0.5);
  CHECK(learning_rate_scale() == 1 && trainer_state().learning_rate_scale == 0.5);
  end_of_step(true);
  go_on();
  CHECK(learning_rate_scale() == 0.5 && trainer_state().has_rates);
  request_learning_rate_scale(1);
  go_on();
  CHECK(learning_rate_scale() == 1);
}

TEST(events_say_what_was_done_and_when) {
  recorder().set_enabled(true);
  drained(recorder());
  {
    Trainer trainer;
    request_pause();
    wait_for_pause();
    request_learning_rate_scale(0.25);
    while (learning_rate_scale() != 0.25) std::this_thread::yield();
    const int there = trainer.steps;
    resume(Resume::Interrupt);
    while (trainer.steps == there) std::this_thread::yield();
  }
  const std::vector<uint8_t> records = drained(recorder());
  const std::string all(records.begin(), records.end());
  const size_t paused = all.find("event/paused: after step 0");
  const size_t scaled = all.find("event/learning_rate: times 0.25 from step 1");
  const size_t resumed = all.find("event/resumed: by an interrupt");
  CHECK(paused < scaled && scaled < resumed && resumed != std::string::npos);
  request_learning_rate_scale(1);
  go_on();
}

TEST(a_paused_trainer_turns_to_the_scripts_side_for_what_only_that_can_find) {
  std::atomic<int> steps{0};
  std::atomic<bool> done{false};
  std::thread trainer([&] {
    while (!done) {
      ++steps;
      end_of_step(true);
      while (!go_on())
        for (const Mailbox::Wanted& what : mailbox().wanted())
          mailbox().offer(what, full({1}, Scalar::of(int64_t{steps}), DType::Float32));
    }
  });
  request_pause();
  wait_for_pause();
  const int there = steps;
  for (int i = 0; i < 100; ++i) {
    Question question;
    question.name = "x";
    question.of = Question::Of::Variable;
    const uint64_t ticket = mailbox().ask(question);
    Reading reading;
    while (!mailbox().take(ticket, reading)) std::this_thread::yield();
    CHECK(reading.statistics.mean == there && steps == there && trainer_state().is_paused);
  }
  done = true;
  resume(Resume::GoOn);
  trainer.join();
}
