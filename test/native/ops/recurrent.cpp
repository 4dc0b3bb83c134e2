#include "ops/recurrent.h"

#include "gradcheck.h"

using namespace unroll;
using namespace unroll::recurrent;

TEST(states_share_memory_with_outputs) {
  const TimeSteps steps = TimeSteps::even(4, 2);
  const Tensor initial = some_doubles({2, 3}, 1), states = states_from(initial, steps),
               outputs = outputs_of(states, steps);
  CHECK((states.sizes() == Dims{10, 3} && outputs.sizes() == Dims{8, 3}));
  CHECK(initial_of(states, steps).raw_data() == states.raw_data());
  for (int64_t i = 0; i < 6; ++i) CHECK(states.data<double>()[i] == initial.data<double>()[i]);
  fill_(outputs, Scalar::of(8.0));
  const Tensor last = last_of(states, steps);
  CHECK((last.sizes() == Dims{2, 3}));
  CHECK(last.data<double>()[5] == 8);
  fill_(outputs, Scalar::of(9.0));
  CHECK(last.data<double>()[5] == 8);
  CHECK(states_before(states, steps).raw_data() == states.raw_data());
}

TEST(sequences_of_different_lengths_have_their_own_last_states) {
  const TimeSteps steps({3, 2, 2, 1});  // lengths 4, 3, 1
  const Tensor states = zeros({3 + 8, 1}, DType::Float64);
  for (int64_t i = 0; i < 11; ++i) states.data<double>()[i] = double(i);
  const auto values = [](const Tensor& t) {
    return std::vector<double>(t.data<double>(), t.data<double>() + t.numel());
  };
  CHECK((values(last_of(states, steps)) == std::vector<double>{10, 9, 5}));
  CHECK((values(states_before(states, steps)) == std::vector<double>{0, 1, 2, 3, 4, 6, 7, 8}));
}

TEST(gradient_of_the_last_state_is_a_copy) {
  const TimeSteps steps = TimeSteps::even(2, 2);
  const Tensor given = some_doubles({2, 2}, 1);
  const Tensor none = gradient_of_last({}, steps, 2, given), copy = gradient_of_last(given, steps, 2, given);
  for (int64_t i = 0; i < 4; ++i) {
    CHECK(none.data<double>()[i] == 0);
    CHECK(copy.data<double>()[i] == given.data<double>()[i]);
  }
  CHECK(copy.raw_data() != given.raw_data());
}

TEST(gates_take_their_parts) {
  // Two blocks of the weight's three rows go to columns 0 to 1 and 3 of four.
  const std::vector<Part> parts{{0, 0, 2}, {3, 2, 1}};
  const Tensor input = some_doubles({2, 5}, 1), w = some_doubles({3, 5}, 2), bias = some_doubles({3}, 3);
  const Tensor gates = zeros({2, 4}, DType::Float64);
  add_input({input, nullptr}, w, bias, parts, gates);
  const Tensor expected = linear(input, w, bias);
  const int64_t row_of[] = {0, 1, -1, 2};
  for (int64_t t = 0; t < 2; ++t)
    for (int64_t c = 0; c < 4; ++c)
      CHECK_NEAR(gates.data<double>()[t * 4 + c],
                 row_of[c] < 0 ? 0 : expected.data<double>()[t * 3 + row_of[c]], 1e-14);
}

TEST(nothing_is_recorded_for_nobody) {
  CHECK(!norms_for(Place{0, 1, 0, false}, 2, 3).defined());
  CHECK(!norms_for(Place{4, 1, 0, false}, 2, 3).defined());  // the recorder is off
}
