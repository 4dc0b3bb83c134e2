// The training step of bench/scripts/char_lm.py driven from C++, from the same weights and data, recorded as
// there: what Python and Node add is the difference. Arguments: --H N, --threads N; blocks as blocks.h has
// them.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/cpu/denormals.h"
#include "backend/cpu/threads.h"
#include "blocks.h"
#include "ops/ops.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

constexpr int64_t V = 65, E = 128, B = 32, T = 64, kWindows = 8;

struct CharLm {
  Tensor table, decoder, bias, text, loss;
  Tensors weights, parameters, averages, squares, steps;
  Tensor h, c;
  int64_t window = 0;

  explicit CharLm(int64_t H) {
    Generator& generator = default_generator();
    generator.manual_seed(1);
    const double range = 1 / std::sqrt(static_cast<double>(H));
    const auto uniform = [&](const Dims& sizes) { return uniform_(empty(sizes), -range, range, generator); };
    table = normal_(empty({V, E}), 0, 1, generator);
    for (const Dims& sizes : {Dims{4 * H, E}, Dims{4 * H, H}, Dims{4 * H}, Dims{4 * H}})
      weights.push_back(uniform(sizes));
    decoder = uniform({V, H});
    bias = uniform({V});
    text = random_(empty({kWindows * T + 1, B}, DType::Int64), 0, V, generator);
    h = c = zeros({1, B, H});
    parameters = {table};
    parameters.insert(parameters.end(), weights.begin(), weights.end());
    parameters.insert(parameters.end(), {decoder, bias});
    for (const Tensor& p : parameters) {
      set_requires_grad(p, true);
      averages.push_back(zeros(p.sizes()));
      squares.push_back(zeros(p.sizes()));
      steps.push_back(zeros({}));
    }
    recorder().name_module(1, "rnn");
    recorder().name_parameters(1, parameters,
                               {"embedding.weight", "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0",
                                "rnn.bias_hh_l0", "decoder.weight", "decoder.bias"});
  }

  void step() {
    const int64_t start = window++ % kWindows * T;
    for (const Tensor& p : parameters) set_grad(p, {});
    RnnOptions options;
    options.training = true;
    options.module = 1;
    const Tensor x = embedding(table, slice(text, 0, start, start + T, 1), -1);
    const auto [output, last_h, last_c] =
        lstm(x, detach(h), detach(c), weights, options, default_generator());
    h = last_h;
    c = last_c;
    const Tensor logits = flatten(linear(output, decoder, bias), 0, 1);
    loss = cross_entropy(logits, flatten(slice(text, 0, start + 1, start + 1 + T, 1), 0, -1), {}, "mean",
                         -100, 0);
    backward({loss}, {Tensor()}, {});
    const Tensor norm = grad_norm(parameters, 2);
    recorder().note_clip(norm, 1.0, norm);
    clip_grads_with_norm_(parameters, 1.0, norm);
    adam_step(parameters, {}, averages, squares, {}, steps, 1e-3, 0.9, 0.999, 1e-8, 0, false, false);
    recorder().end_step(1);
  }
};

}  // namespace

int main(int argc, char** argv) {
  int64_t H = 128;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--H"))
      H = std::atoll(argv[i + 1]);
    else if (!std::strcmp(argv[i], "--threads"))
      cpu::set_num_threads(std::atoi(argv[i + 1]));
    else
      return std::fprintf(stderr, "unknown argument %s\n", argv[i]), 2;
  }
  const cpu::FlushDenormals flush;
  recorder().set_enabled(true);
  CharLm model(H);
  // The other thread that every run has: it takes the records away.
  std::jthread reader([](const std::stop_token& stop) {
    std::vector<uint8_t> room(recorder().capacity());
    while (!stop.stop_requested()) {
      recorder().drain(room.data());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  bench::serve([&] { model.step(); }, [&] { return model.loss.data<float>()[0]; });
  recorder().close();
}
