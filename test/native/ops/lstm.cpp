#include "recurrent_checks.h"

using namespace unroll;

namespace {

const RecurrentKind kind{
    "lstm", 4, 2,
    [](const Tensor& input, const Tensors& states, const Tensors& weights, const RnnOptions& options) {
      const auto [output, h, c] = lstm(input, states[0], states[1], weights, options, default_generator());
      return Tensors{output, h, c};
    }};

}  // namespace

RECURRENT_TESTS(kind)
