// What a step of training asks of the device, once it goes steadily.
#include "backend/opencl/device.h"
#include "backend/opencl/on_both.h"
#include "telemetry/drained.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

constexpr int64_t kBatch = 4, kLetters = 7, kWidth = 8;

/** A character model: embedding, one LSTM layer, linear, cross entropy, clipping, SGD. */
class CharModel {
 public:
  explicit CharModel(int64_t steps) : steps_(steps) {
    int64_t seed = 0;
    for (const Dims& sizes : {Dims{kLetters, kWidth}, Dims{4 * kWidth, kWidth}, Dims{4 * kWidth, kWidth},
                              Dims{4 * kWidth}, Dims{4 * kWidth}, Dims{kLetters, kWidth}, Dims{kLetters}}) {
      weights_.push_back(on_device(mul_scalar(noisy(sizes, DType::Float32, ++seed), Scalar::of(0.5))));
      set_requires_grad(weights_.back(), true);
    }
    const Tensor letters = empty({steps, kBatch}, DType::Int64);
    for (int64_t i = 0; i < letters.numel(); ++i) letters.data<int64_t>()[i] = i * 5 % kLetters;
    letters_ = on_device(letters);
    state_ = on_device(zeros({1, kBatch, kWidth}));
    options_.module = 1;
    recorder().name_module(1, "rnn");
    recorder().name_parameters(1, weights_, {"0", "1", "2", "3", "4", "5", "6"});
  }

  /** The batch is on the device already. */
  void step() const {
    const auto [out, h, c] =
        lstm(embedding(weights_[0], letters_, -1), state_, state_,
             {weights_[1], weights_[2], weights_[3], weights_[4]}, options_, default_generator());
    const Tensor logits =
        linear(view(out, {steps_ * kBatch, kWidth}), weights_[5], OptionalTensor(weights_[6]));
    const Tensor loss = cross_entropy(logits, view(letters_, {steps_ * kBatch}), {}, "mean", -100, 0);
    const Tensors grads = grad({loss}, {Tensor()}, weights_, {}, false);
    GradMode off(false);
    for (size_t i = 0; i < grads.size(); ++i) set_grad(weights_[i], grads[i]);
    const Tensor norm = grad_norm(weights_, 2);
    recorder().note_clip(norm, 1, norm);
    clip_grads_with_norm_(weights_, 1, norm);
    sgd_step(weights_, {}, {}, 0.1, 0, 0, 0, false, false);
    recorder().end_step(1);
  }

 private:
  static Tensor on_device(const Tensor& t) { return detach(to_device(t, opencl_device())); }
  int64_t steps_;
  RnnOptions options_;
  Tensors weights_;
  Tensor letters_, state_;
};

/** Of one of the steps after the first few. */
opencl::Counters steady(int64_t steps) {
  auto& counters = static_cast<opencl::ClDevice&>(opencl_device()).counters;
  const CharModel model(steps);
  for (int i = 0; i < 3; ++i) model.step();
  const opencl::Counters before = counters;
  model.step();
  return {counters.launches - before.launches, counters.copies_in - before.copies_in,
          counters.copies_out - before.copies_out, counters.buffers - before.buffers,
          counters.builds - before.builds};
}

}  // namespace

TEST(a_steady_step_copies_allocates_and_builds_nothing) {
  const opencl::Counters one = steady(5);
  CHECK(one.copies_in == 0 && one.copies_out == 0);
  CHECK(one.buffers == 0);
  CHECK(one.builds == 0);
}

TEST(a_time_step_takes_two_launches) {
  const int64_t few = steady(5).launches, many = steady(25).launches;
  CHECK(many - few == 2 * 20);
  CHECK(few <= 2 * 5 + 40);
}

TEST(a_recorded_step_is_read_in_two_pieces) {
  recorder().set_enabled(true);
  const opencl::Counters few = steady(5), many = steady(25);
  recorder().set_enabled(false);
  CHECK(few.copies_in == 0 && few.buffers == 0 && few.builds == 0);
  CHECK(few.copies_out <= 2 && many.copies_out <= 2);
  CHECK(many.launches - few.launches == 2 * 20);
  CHECK(few.launches <= 2 * 5 + 50);
  const std::vector<uint8_t> record = drained(recorder());
  const std::string text(record.begin(), record.end());
  for (const char* name : {"grad/total_clipped", "update/6", "bptt/rnn/l0/h", "bptt/rnn/l0/c"})
    CHECK(text.find(name) != std::string::npos);
}

TEST(so_is_one_with_the_distributions_of_all_weights) {
  recorder().set_enabled(true);
  const opencl::Counters without = steady(5);
  recorder().set_histogram_every(1);
  const opencl::Counters with = steady(5);
  recorder().set_histogram_every(0);
  recorder().set_enabled(false);
  CHECK(with.copies_in == 0 && with.buffers == 0 && with.builds == 0);
  CHECK(with.copies_out == without.copies_out);
  CHECK(with.launches - without.launches == 2 * 3 + 1);  // seven weights and their gradients, eight at a time
  const std::vector<uint8_t> record = drained(recorder());
  const std::string text(record.begin(), record.end());
  for (const char* name : {"histogram/weight/6", "histogram/grad/6"})
    CHECK(text.find(name) != std::string::npos);
}
