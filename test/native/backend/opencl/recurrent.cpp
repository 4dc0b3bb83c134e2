#include "backend/opencl/on_both.h"
#include "backend/recurrence.h"

using namespace unroll;

namespace {

constexpr int64_t kSteps = 5, kBatch = 4, kInputs = 6, kHidden = 9;

/** Input, initial states and the weights of two layers with `gates` gates. */
Tensors inputs(int64_t gates, int64_t states) {
  Tensors all{noisy({kSteps, kBatch, kInputs})};
  int64_t seed = 10;
  for (int64_t i = 0; i < states; ++i) all.push_back(noisy({2, kBatch, kHidden}, DType::Float32, ++seed));
  for (int64_t in : {kInputs, kHidden})
    for (const Dims& sizes : {Dims{gates * kHidden, in}, Dims{gates * kHidden, kHidden},
                              Dims{gates * kHidden}, Dims{gates * kHidden}})
      all.push_back(mul_scalar(noisy(sizes, DType::Float32, ++seed), Scalar::of(0.5)));
  return all;
}

RnnOptions options() {
  RnnOptions o;
  o.num_layers = 2;
  return o;
}

Tensors weights_in(const Tensors& in, size_t states) {
  return {in.begin() + 1 + static_cast<int64_t>(states), in.end()};
}

}  // namespace

TEST(lstm_follows_the_processor) {
  check_alike(
      "lstm",
      [](const Tensors& in) {
        const auto [out, h, c] = lstm(in[0], in[1], in[2], weights_in(in, 2), options(), default_generator());
        return Tensors{out, h, c};
      },
      inputs(4, 2), 1e-3);
}

TEST(lstm_with_projections_follows_the_processor) {
  constexpr int64_t kState = 4;
  Tensors in{noisy({kSteps, kBatch, kInputs}), noisy({2, kBatch, kState}, DType::Float32, 1),
             noisy({2, kBatch, kHidden}, DType::Float32, 2)};
  int64_t seed = 10;
  for (int64_t width : {kInputs, kState})
    for (const Dims& sizes : {Dims{4 * kHidden, width}, Dims{4 * kHidden, kState}, Dims{4 * kHidden},
                              Dims{4 * kHidden}, Dims{kState, kHidden}})
      in.push_back(mul_scalar(noisy(sizes, DType::Float32, ++seed), Scalar::of(0.5)));
  RnnOptions projected = options();
  projected.has_projections = true;
  for (const bool is_packed : {false, true}) {
    if (is_packed) {
      in[0] = noisy({9, kInputs});
      projected.batch_sizes = integers({3}, {4, 3, 2});
    }
    check_alike(
        "lstm with projections",
        [&](const Tensors& given) {
          const auto [out, h, c] =
              lstm(given[0], given[1], given[2], weights_in(given, 2), projected, default_generator());
          return Tensors{out, h, c};
        },
        in, 1e-3);
  }
}

TEST(gru_follows_the_processor) {
  check_alike(
      "gru",
      [](const Tensors& in) {
        const auto [out, h] = gru(in[0], in[1], weights_in(in, 1), options(), default_generator());
        return Tensors{out, h};
      },
      inputs(3, 1), 1e-3);
}

TEST(rnn_follows_the_processor) {
  for (bool relu : {false, true})
    check_alike(
        "rnn",
        [&](const Tensors& in) {
          const auto [out, h] = rnn(in[0], in[1], weights_in(in, 1), options(), relu, default_generator());
          return Tensors{out, h};
        },
        inputs(1, 1), 1e-3);
}
