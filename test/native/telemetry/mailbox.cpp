#include "telemetry/mailbox.h"

#include <atomic>
#include <cstring>
#include <thread>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/cpu/threads.h"
#include "check.h"
#include "ops/ops.h"
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

std::vector<float> floats(const Reading& reading) {
  std::vector<float> values(reading.cells.size() / sizeof(float));
  std::memcpy(values.data(), reading.cells.data(), reading.cells.size());
  return values;
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

TEST(unknown_names_and_missing_gradients_are_answered_too) {
  Tensor weight = full({2, 3}, Scalar::of(1.0), DType::Float32);
  recorder().name_parameters(2, {weight}, {"other"});
  Mailbox box;
  const uint64_t unknown = box.ask(cells("nothing", kParameter)),
                 missing = box.ask(cells("other", kGradient));
  Reading reading;
  CHECK(!box.take(unknown, reading));
  box.serve();
  CHECK(box.take(unknown, reading) && !reading.found);
  CHECK(box.take(missing, reading) && !reading.found);
  CHECK(!box.take(missing, reading));
}
