// What backpropagation through time costs as the window grows: time and memory between forward and backward a
// step of T, for an LSTM layer, T = 16 to 512, with recording on. Times are the thread's own processor time,
// on one thread: a busy machine changes them little.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/cpu/denormals.h"
#include "backend/cpu/isa.h"
#include "backend/cpu/threads.h"
#include "ops/ops.h"
#include "processor_seconds.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

constexpr int64_t kBatch = 16, kInputs = 64, kHidden = 128;

Tensors weights_within(double range) {
  Tensors weights;
  for (const Dims& sizes :
       {Dims{4 * kHidden, kInputs}, Dims{4 * kHidden, kHidden}, Dims{4 * kHidden}, Dims{4 * kHidden}}) {
    weights.push_back(uniform_(empty(sizes), -range, range, default_generator()));
    set_requires_grad(weights.back(), true);
  }
  return weights;
}

struct Cost {
  double seconds, bytes;
};

Cost window(const Tensor& x, const Tensors& weights) {
  RnnOptions options;
  options.module = 1;
  const Tensor state = zeros({1, kBatch, kHidden});
  const double before = static_cast<double>(cpu_device().memory().allocated);
  const double start = processor_seconds();
  const auto [output, h, c] = lstm(x, state, state, weights, options, default_generator());
  const Tensor loss = sum(select(output, 0, -1), {}, false);
  const double kept = static_cast<double>(cpu_device().memory().allocated) - before;
  for (const Tensor& w : weights) set_grad(w, {});
  backward({loss}, {Tensor()}, {});
  return {processor_seconds() - start, kept};
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

void growth_with_length() {
  const Tensors weights = weights_within(0.08);
  std::vector<double> xs, times, bytes;
  std::printf("   T   us a step of T   kB a step of T\n");
  for (int64_t steps = 16; steps <= 512; steps *= 2) {
    const Tensor x = uniform_(empty({steps, kBatch, kInputs}), -1, 1, default_generator());
    window(x, weights);
    std::vector<double> all;
    Cost cost{};
    for (int i = 0; i < 15; ++i) {
      cost = window(x, weights);
      all.push_back(cost.seconds);
    }
    const double seconds = median(all), each = static_cast<double>(steps);
    std::printf("%4d   %14.2f   %14.3f\n", static_cast<int>(steps), 1e6 * seconds / each,
                cost.bytes / each / 1e3);
    xs.push_back(std::log(each));
    times.push_back(std::log(seconds));
    bytes.push_back(std::log(cost.bytes));
  }
  const auto slope = [&](const std::vector<double>& ys) {
    double mx = 0, my = 0, xy = 0, xx = 0;
    for (size_t i = 0; i < xs.size(); ++i) {
      mx += xs[i] / static_cast<double>(xs.size());
      my += ys[i] / static_cast<double>(xs.size());
    }
    for (size_t i = 0; i < xs.size(); ++i) {
      xy += (xs[i] - mx) * (ys[i] - my);
      xx += (xs[i] - mx) * (xs[i] - mx);
    }
    return xy / xx;
  };
  std::printf("log-log slopes: time %.3f, memory %.3f (1 is linear)\n", slope(times), slope(bytes));
}

}  // namespace

int main() {
  const cpu::FlushDenormals flush;
  cpu::set_num_threads(1);
  recorder().set_enabled(true);
  recorder().name_module(1, "rnn");
  std::printf("LSTM, B %d, I %d, H %d, %s, 1 thread\n", static_cast<int>(kBatch), static_cast<int>(kInputs),
              static_cast<int>(kHidden), name(cpu::isa()));
  growth_with_length();
}
