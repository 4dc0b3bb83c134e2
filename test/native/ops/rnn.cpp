#include "recurrent_checks.h"

using namespace unroll;

namespace {

RecurrentKind kind_with(bool relu) {
  return {
      relu ? "rnn_relu" : "rnn_tanh", 1, 1,
      [relu](const Tensor& input, const Tensors& states, const Tensors& weights, const RnnOptions& options) {
        const auto [output, h] = rnn(input, states[0], weights, options, relu, default_generator());
        return Tensors{output, h};
      }};
}

const RecurrentKind kind = kind_with(false), relu_kind = kind_with(true);

}  // namespace

RECURRENT_TESTS(kind)
TEST(relu_agrees_with_pytorch) { check_golden(relu_kind); }
TEST(relu_gradients_agree_with_differences) { check_differences(relu_kind); }
