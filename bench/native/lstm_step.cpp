// One training step of a recurrent language model, phase by phase: embedding, recurrent layers, decoder,
// cross entropy, backward, clipping, update. Arguments: [lstm|gru|rnn] V E H L B T, or none for the standard
// shape;
// --rounds N; --threads N. UNROLL_ISA caps the instruction set. Each round runs a whole step with recording
// of the gradient through time off, one with it on, and one in phases; best and median of all rounds are
// printed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/cpu/denormals.h"
#include "backend/cpu/isa.h"
#include "backend/cpu/threads.h"
#include "fma_peak.h"
#include "ops/ops.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

struct Shape {
  std::string kind = "lstm";
  int64_t V = 65, E = 128, H = 512, L = 1, B = 32, T = 64;
  int64_t gates() const { return kind == "lstm" ? 4 : kind == "gru" ? 3 : 1; }
  double flops() const {
    const int64_t recurrent = gates() * H * H + (L - 1) * gates() * H * 2 * H;
    const int64_t of_tokens = std::min(V, T * B) * gates() * H * E;  // each token's row is multiplied once
    return 6.0 * static_cast<double>(T * B * (recurrent + H * V) + of_tokens);
  }
};

Tensor parameter(const Dims& sizes, double range) {
  Tensor t = uniform_(empty(sizes), -range, range, default_generator());
  set_requires_grad(t, true);
  return t;
}

struct Model {
  Shape n;
  Tensor table, decoder, bias;
  Tensors weights, parameters, states;
  Tensor input, target;

  explicit Model(const Shape& shape) : n(shape) {
    const double range = 0.04;
    table = parameter({n.V, n.E}, 1);
    for (int64_t l = 0; l < n.L; ++l) {
      weights.push_back(parameter({n.gates() * n.H, l ? n.H : n.E}, range));
      weights.push_back(parameter({n.gates() * n.H, n.H}, range));
      weights.push_back(parameter({n.gates() * n.H}, range));
      weights.push_back(parameter({n.gates() * n.H}, range));
    }
    decoder = parameter({n.V, n.H}, range);
    bias = parameter({n.V}, range);
    parameters = {table, decoder, bias};
    parameters.insert(parameters.end(), weights.begin(), weights.end());
    input = random_(empty({n.T, n.B}, DType::Int64), 0, n.V, default_generator());
    target = random_(empty({n.T * n.B}, DType::Int64), 0, n.V, default_generator());
    states.assign(n.kind == "lstm" ? 2 : 1, zeros({n.L, n.B, n.H}));
  }

  Tensor run_layers(const Tensor& x) {
    RnnOptions options;
    options.num_layers = n.L;
    options.training = true;
    options.module = 1;
    for (Tensor& s : states) s = detach(s);
    if (n.kind == "lstm") {
      auto [output, h, c] = lstm(x, states[0], states[1], weights, options, default_generator());
      states = {h, c};
      return output;
    }
    auto [output, h] = n.kind == "gru" ? gru(x, states[0], weights, options, default_generator())
                                       : rnn(x, states[0], weights, options, false, default_generator());
    states = {h};
    return output;
  }
  Tensor loss_of(const Tensor& output) {
    const Tensor logits = linear(output, decoder, bias);
    return cross_entropy(view(logits, {n.T * n.B, n.V}), target, {}, "mean", -100, 0);
  }
  void clip() {
    GradMode off(false);
    Tensors grads;
    for (const Tensor& p : parameters) grads.push_back(p.grad());
    const double norm = total_norm(grads, 2).data<float>()[0];
    for (const Tensor& g : grads) mul_scalar_(g, Scalar::of(std::min(1.0, 0.25 / (norm + 1e-6))));
  }
  void update() {
    GradMode off(false);
    for (const Tensor& p : parameters) add_(p, p.grad(), -1);
  }
  void clear() {
    for (const Tensor& p : parameters) set_grad(p, {});
  }
  void step() {
    const Tensor loss = loss_of(run_layers(embedding(table, input, -1)));
    clear();
    backward({loss}, {Tensor()}, {});
    clip();
    update();
  }
};

/** The times of one thing over all rounds, in seconds. */
struct Times {
  const char* name;
  std::vector<double> all;
  double best() const { return *std::min_element(all.begin(), all.end()); }
  double median() const {
    std::vector<double> sorted = all;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
  }
};

Tensor leaf(const Tensor& t) {
  Tensor out = detach(t);
  set_requires_grad(out, true);
  return out;
}

/** A step cut at the layers' borders; one time for each phase. */
void step_in_phases(Model& m, std::vector<Times>& phases) {
  size_t phase = 0;
  double last = bench::seconds();
  const auto lap = [&](const char* name) {
    const double now = bench::seconds();
    if (phase == phases.size()) phases.push_back({name, {}});
    phases[phase++].all.push_back(now - last);
    last = bench::seconds();
  };
  const Tensor embedded = embedding(m.table, m.input, -1);
  lap("embedding");
  const Tensor output = m.run_layers(embedded), o = leaf(output);
  lap("layers");
  const Tensor loss = m.loss_of(o);
  lap("decoder, loss");
  m.clear();
  backward({loss}, {Tensor()}, {});
  lap("decoder, loss backward");
  backward({output}, {o.grad()}, {});
  lap("layers, embedding backward");
  m.clip();
  lap("clipping");
  m.update();
  lap("update");
}

}  // namespace

int main(int argc, char** argv) {
  Shape shape;
  int rounds = 15;
  std::vector<int64_t> numbers;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--rounds" && i + 1 < argc)
      rounds = std::max(1, std::atoi(argv[++i]));
    else if (option == "--threads" && i + 1 < argc)
      cpu::set_num_threads(std::atoi(argv[++i]));
    else if (option == "lstm" || option == "gru" || option == "rnn")
      shape.kind = option;
    else if (std::atoll(argv[i]) > 0)
      numbers.push_back(std::atoll(argv[i]));
    else
      return std::fprintf(stderr, "unknown argument %s\n", argv[i]), 2;
  }
  if (numbers.size() == 6) {
    int64_t* const fields[] = {&shape.V, &shape.E, &shape.H, &shape.L, &shape.B, &shape.T};
    for (size_t i = 0; i < 6; ++i) *fields[i] = numbers[i];
  } else if (!numbers.empty()) {
    return std::fprintf(stderr, "six numbers are needed: V E H L B T\n"), 2;
  }
  const cpu::FlushDenormals flush;
  Model model(shape);
  recorder().name_module(1, "rnn");
  std::vector<Times> phases;
  Times off{"step", {}}, on{"step, recorded", {}};
  model.step();
  for (int round = 0; round < rounds; ++round) {
    for (Times* times : {&off, &on}) {
      recorder().set_enabled(times == &on);
      const double start = bench::seconds();
      model.step();
      times->all.push_back(bench::seconds() - start);
    }
    recorder().set_enabled(false);
    step_in_phases(model, phases);
  }
  std::printf("%s V%lld E%lld H%lld L%lld B%lld T%lld, %s, %d threads\n", shape.kind.c_str(),
              static_cast<long long>(shape.V), static_cast<long long>(shape.E),
              static_cast<long long>(shape.H), static_cast<long long>(shape.L),
              static_cast<long long>(shape.B), static_cast<long long>(shape.T), name(cpu::isa()),
              cpu::num_threads());
  const auto line = [](const Times& t) {
    std::printf("  %-27s best %8.3f ms  median %8.3f ms\n", t.name, 1e3 * t.best(), 1e3 * t.median());
  };
  for (const Times& t : phases) line(t);
  line(off);
  line(on);
  std::printf("  %.1f GFLOP/s at best\n", shape.flops() / off.best() / 1e9);
}
