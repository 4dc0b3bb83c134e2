#include "telemetry/mailbox.h"

#include <atomic>
#include <thread>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/cpu/threads.h"
#include "check.h"
#include "ops/ops.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

Question cells(const std::string& name, Question::Of of, int64_t first, int64_t count) {
  return {name, of, Question::Form::Cells, first, count};
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
    while (!over) recorder().drain();
  });
  int wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    const bool is_marker = i % 2 == 0;
    Question question = cells(is_marker ? "marker" : "weight_hh", kParameter, 0, 64);
    if (i % 4 == 1) question = {"weight_hh", kParameter, Question::Form::Picture, 8, 8};
    const uint64_t ticket = box.ask(question);
    Reading reading;
    while (!box.take(ticket, reading)) std::this_thread::yield();
    wrong += !reading.found || reading.cells.empty();
    for (double cell : reading.cells) wrong += is_marker && cell != static_cast<double>(reading.step);
  }
  done = true;
  trainer.join();
  over = true;
  log.join();
  CHECK(wrong == 0);
}

TEST(outputs_of_modules_are_announced_once_and_answered_when_offered) {
  Mailbox box;
  Reading reading;
  const uint64_t first = box.ask(cells("rnn", kActivation, 0, 2)),
                 second = box.ask(cells("rnn", kActivation, 1, 1));
  box.serve();
  CHECK(!box.take(first, reading));
  CHECK((box.wanted_activations() == std::vector<std::string>{"rnn"}));
  CHECK(box.wanted_activations().empty());
  const uint64_t late = box.ask(cells("rnn", kActivation, 0, 1)),
                 gone = box.ask(cells("other", kActivation, 0, 1));
  box.forget(gone);
  CHECK((box.wanted_activations() == std::vector<std::string>{"rnn"}));
  box.offer_activation("rnn", full({2}, Scalar::of(3.0), DType::Float32));
  CHECK(box.take(first, reading) && (reading.cells == std::vector<double>{3, 3}));
  CHECK(box.take(second, reading) && reading.cells.size() == 1);
  CHECK(box.take(late, reading) && reading.found);
  const uint64_t nobody = box.ask(cells("nobody", kActivation, 0, 1));
  box.wanted_activations();
  box.offer_activation("nobody", {});
  CHECK(box.take(nobody, reading) && !reading.found);
}

TEST(unknown_names_missing_gradients_and_ranges_outside_are_answered_too) {
  Tensor weight = full({2, 3}, Scalar::of(1.0), DType::Float32);
  recorder().name_parameters(2, {weight}, {"other"});
  Mailbox box;
  const uint64_t unknown = box.ask(cells("nothing", kParameter, 0, 1)),
                 missing = box.ask(cells("other", kGradient, 0, 1));
  const uint64_t outside = box.ask(cells("other", kParameter, 4, 100));
  Reading reading;
  CHECK(!box.take(unknown, reading));
  box.serve();
  CHECK(box.take(unknown, reading) && !reading.found);
  CHECK(box.take(missing, reading) && !reading.found);
  CHECK(box.take(outside, reading) && reading.found && reading.cells.size() == 2 &&
        (reading.sizes == Dims{2, 3}));
  CHECK(!box.take(outside, reading));
}
