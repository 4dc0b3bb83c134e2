#include "recurrent_checks.h"

using namespace unroll;

namespace {

const RecurrentKind kind{
    "gru", 3, 1,
    [](const Tensor& input, const Tensors& states, const Tensors& weights, const RnnOptions& options) {
      const auto [output, h] = gru(input, states[0], weights, options, default_generator());
      return Tensors{output, h};
    }};

}  // namespace

RECURRENT_TESTS(kind)
