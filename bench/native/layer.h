// What an LSTM layer alone is given, forward and backward: ours (layer.cpp) and oneDNN's (onednn.cpp).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "backend/cpu/threads.h"
#include "ops/ops.h"

namespace bench {

using namespace unroll;

/** Sizes, threads, and where it is not 0 the one number that the input consists of. */
struct LayerShape {
  int64_t H = 128, B = 32, T = 64;
  int threads = 2;
  double fill = 0;

  /** Ends the program where an argument is not one of `--H`, `--B`, `--T`, `--threads` or `--fill`. */
  LayerShape(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; i += 2) {
      const double value = std::atof(argv[i + 1]);
      const auto is = [&](const char* name) { return !std::strcmp(argv[i], name); };
      if (is("--H"))
        H = static_cast<int64_t>(value);
      else if (is("--B"))
        B = static_cast<int64_t>(value);
      else if (is("--T"))
        T = static_cast<int64_t>(value);
      else if (is("--threads"))
        threads = static_cast<int>(value);
      else if (is("--fill"))
        fill = value;
      else
        std::exit((std::fprintf(stderr, "unknown argument %s\n", argv[i]), 2));
    }
    cpu::set_num_threads(threads);
  }
};

/** H inputs and H units; the weights lie as PyTorch's do, their gates in the order i, f, g, o. */
struct Layer {
  Tensor x, state, w_ih, w_hh, b_ih, b_hh;
  Tensor grad;  // of the output; with `fill` of the last step's alone, so that it fades on its way back

  explicit Layer(const LayerShape& n) {
    default_generator().manual_seed(1);
    const double range = 1 / std::sqrt(static_cast<double>(n.H));
    const auto uniform = [&](const Dims& sizes, double bound) {
      return uniform_(empty(sizes), -bound, bound, default_generator());
    };
    x = uniform({n.T, n.B, n.H}, 1);
    state = zeros({1, n.B, n.H});
    w_ih = uniform({4 * n.H, n.H}, range);
    w_hh = uniform({4 * n.H, n.H}, range);
    b_ih = uniform({4 * n.H}, range);
    b_hh = zeros({4 * n.H});
    grad = uniform({n.T, n.B, n.H}, 1);
    if (n.fill == 0) return;
    std::fill_n(x.data<float>(), x.numel(), static_cast<float>(n.fill));
    std::fill_n(grad.data<float>(), (n.T - 1) * n.B * n.H, 0.0F);
  }
};

/** One number of a pass: the sizes of the output and of the gradients of input and weights. */
inline double summary(const Tensor& output, const Tensor& d_x, const Tensor& d_ih, const Tensor& d_hh,
                      const Tensor& d_bias) {
  double sum = 0;
  for (const Tensor& t : {output, d_x, d_ih, d_hh, d_bias}) sum += total_norm({t}, 2).data<float>()[0];
  return sum;
}

}  // namespace bench
