#include "telemetry/mailbox.h"

#include <atomic>
#include <thread>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/cpu/threads.h"
#include "check.h"
#include "float_cells.h"
#include "ops/ops.h"
#include "telemetry/drained.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

Question cells(const std::string& name, Question::Of of) {
  Question question;
  question.name = name;
  question.of = of;
  question.cells = true;
  return question;
}

constexpr auto kParameter = Question::Of::Parameter, kGradient = Question::Of::Gradient,
               kActivation = Question::Of::Activation;

}  // namespace

TEST(a_thousand_reads_of_a_training_lstm_are_each_of_one_moment) {
  cpu::set_num_threads(1);  // OpenMP's own threads are unknown to ThreadSanitizer
  const int64_t hidden = 16;
  Tensors weights;
  for (const Dims& sizes :
       {Dims{4 * hidden, 8}, Dims{4 * hidden, hidden}, Dims{4 * hidden}, Dims{4 * hidden}}) {
    weights.push_back(full(sizes, Scalar::of(0.01), DType::Float32));
    set_requires_grad(weights.back(), true);
  }
  Tensor marker = zeros({64});  // all elements are the number of the step that wrote them
  recorder().set_enabled(true);
  recorder().name_parameters(1, {marker, weights[1]}, {"marker", "weight_hh"});
  Mailbox box;
  std::atomic<bool> done{false};
  std::thread trainer([&] {
    RnnOptions options;
    options.module = 1;
    while (!done) {
      const Tensor x = full({6, 4, 8}, Scalar::of(0.5), DType::Float32), state = zeros({1, 4, hidden});
      const auto [output, h, c] = lstm(x, state, state, weights, options, default_generator());
      backward({sum(output, {}, false)}, {Tensor()}, {});
      {
        GradMode off(false);
        for (const Tensor& w : weights) add_(w, w.grad(), -1e-3);
      }
      for (const Tensor& w : weights) set_grad(w, {});
      recorder().end_step(1);
      fill_(marker, Scalar::of(recorder().steps()));
      box.serve();
    }
  });
  std::atomic<bool> over{false};
  std::thread log([&] {  // the ring's reader
    while (!over) drained(recorder());
  });
  int wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    const bool is_marker = i % 2 == 0;
    Question question = cells(is_marker ? "marker" : "weight_hh", kParameter);
    if (i % 4 == 1) question.rows = question.columns = question.bins = 8;
    const uint64_t ticket = box.ask(question);
    Reading reading;
    while (!box.take(ticket, reading)) std::this_thread::yield();
    wrong += !reading.found || reading.cells.empty();
    for (float cell : floats(reading)) wrong += is_marker && cell != static_cast<float>(reading.step);
  }
  done = true;
  trainer.join();
  over = true;
  log.join();
  CHECK(wrong == 0);
}

TEST(what_the_scripts_side_is_to_find_is_announced_once_and_answered_when_offered) {
  Mailbox box;
  Reading reading;
  const Mailbox::Wanted rnn{kActivation, "rnn"};
  const uint64_t first = box.ask(cells("rnn", kActivation)), second = box.ask(cells("rnn", kActivation));
  CHECK(!box.is_wanting() && box.wanted().empty());  // it has not been looked for yet
  box.serve();
  CHECK(!box.take(first, reading) && box.is_wanting());
  CHECK((box.wanted() == std::vector<Mailbox::Wanted>{rnn}));
  CHECK(!box.is_wanting() && box.wanted().empty());
  const uint64_t late = box.ask(cells("rnn", kActivation)), gone = box.ask(cells("other", kActivation));
  box.serve();
  box.forget(gone);
  CHECK((box.wanted() == std::vector<Mailbox::Wanted>{rnn}));
  box.offer({Question::Of::Variable, "rnn"}, zeros({2}));  // of the same name, but something else
  CHECK(!box.take(first, reading));
  box.offer(rnn, full({2}, Scalar::of(3.0), DType::Float32));
  CHECK(box.take(first, reading) && (floats(reading) == std::vector<float>{3, 3}));
  CHECK(box.take(second, reading) && box.take(late, reading) && reading.found);
  const uint64_t nobody = box.ask(cells("nobody", kActivation));
  box.serve();
  box.wanted();
  box.offer({kActivation, "nobody"}, {});
  CHECK(box.take(nobody, reading) && !reading.found);
}

TEST(a_buffer_is_answered_between_operations_while_the_script_has_it) {
  Mailbox box;
  Reading reading;
  const Tensor mean = full({2}, Scalar::of(3.0), DType::Float32);
  mean.impl().handle = 7;
  box.show_buffer("bn.mean", mean);
  const uint64_t there = box.ask(cells("bn.mean", Question::Of::Buffer));
  box.serve();
  CHECK(box.take(there, reading) && (floats(reading) == std::vector<float>{3, 3}));
  mean.impl().handle = 0;
  const uint64_t replaced = box.ask(cells("bn.mean", Question::Of::Buffer));
  box.serve();
  CHECK(!box.take(replaced, reading) && box.wanted().size() == 1);
  CHECK(box.buffers().size() == 1);
  box.forget_buffers();
  CHECK(box.buffers().empty());
}

TEST(gradients_are_those_of_a_whole_step) {
  const Tensor weight = full({2}, Scalar::of(1.0), DType::Float32);
  set_requires_grad(weight, true);
  recorder().name_parameters(2, {weight}, {"weight"});
  Mailbox box;
  Reading reading;
  const auto ask = [&] {
    const uint64_t ticket = box.ask(cells("weight", kGradient));
    box.serve();
    return ticket;
  };
  const uint64_t early = ask();  // before the first step
  set_grad(weight, full({2}, Scalar::of(3.0), DType::Float32));
  box.serve();
  CHECK(!box.take(early, reading));
  box.gradients_are_of(7);
  CHECK(box.take(early, reading) && (floats(reading) == std::vector<float>{3, 3}) && reading.step == 7);
  CHECK(box.take(ask(), reading) && reading.step == 7);  // they are still there
  box.gradients_change();
  set_grad(weight, {});
  const uint64_t between = ask();
  CHECK(!box.take(between, reading) && !box.is_wanting());
  box.gradients_are_of(8);
  CHECK(box.take(between, reading) && !reading.found && reading.step == 8);  // it received none
}

TEST(a_clearing_or_a_pass_changes_the_gradients_and_a_step_by_hand_ends_before_it) {
  const Tensor weight = full({2}, Scalar::of(1.0), DType::Float32);
  set_requires_grad(weight, true);
  recorder().name_parameters(2, {weight}, {"by hand"});
  recorder().set_enabled(true);
  Reading reading;
  const auto ask = [&] {
    const uint64_t ticket = mailbox().ask(cells("by hand", kGradient));
    mailbox().serve();
    return ticket;
  };
  mailbox().gradients_are_of(3);
  CHECK(mailbox().take(ask(), reading) && reading.step == 3);
  backward({sum(mul(weight, weight), {}, false)}, {Tensor()}, {});
  const uint64_t held = ask();
  CHECK(!mailbox().take(held, reading));
  {
    GradMode off(false);
    add_(weight, weight.grad(), -0.5);
  }
  zero_(weight.grad());
  CHECK(mailbox().take(held, reading) && (floats(reading) == std::vector<float>{2, 2}));
  CHECK(reading.step == recorder().steps() + 1);
  CHECK(!mailbox().take(ask(), reading));  // zeros now, of no step
  recorder().hand_steps().begin_step();
}

TEST(unknown_names_and_missing_gradients_are_answered_too) {
  Tensor weight = full({2, 3}, Scalar::of(1.0), DType::Float32);
  recorder().name_parameters(2, {weight}, {"other"});
  Mailbox box;
  const uint64_t unknown = box.ask(cells("nothing", kParameter)),
                 missing = box.ask(cells("other", kGradient));
  Reading reading;
  CHECK(!box.take(unknown, reading));
  box.gradients_are_of(1);
  CHECK(box.take(unknown, reading) && !reading.found);
  CHECK(box.take(missing, reading) && !reading.found);
  CHECK(!box.take(missing, reading));
}
