#include "ops/recurrent.h"

#include "gradcheck.h"

using namespace unroll;
using namespace unroll::recurrent;

namespace {

Tensor ones(const Dims& sizes) { return full(sizes, Scalar::of(1.0), DType::Float64); }

/** What run_layers hands a layer, one entry a layer. */
struct Seen {
  Place place;
  Dims input, state, w_ih;
};

}  // namespace

TEST(layers_run_one_on_the_other) {
  RnnOptions options;
  options.num_layers = 2;
  options.module = 5;
  const Tensors weights{ones({6, 4}), ones({6, 3}), ones({6}), ones({6}),
                        ones({6, 3}), ones({6, 3}), ones({6}), ones({6})};
  std::vector<Seen> seen;
  const Layer layer = [&](const Tensor& x, const Tensors& states, const LayerWeights& w,
                          const Place& place) -> Tensors {
    seen.push_back({place, x.sizes(), states[0].sizes(), w.w_ih.sizes()});
    return {mul_scalar(ones({7, 2, 3}), Scalar::of(double(place.layer + 1))),
            add_scalar(states[0], Scalar::of(1.0))};
  };
  const Tensors out = run_layers(ones({7, 2, 4}), {zeros({2, 2, 3}, DType::Float64)}, weights, options, 2,
                                 default_generator(), layer);
  CHECK(seen.size() == 2);
  CHECK((seen[0].input == Dims{7, 2, 4} && seen[1].input == Dims{7, 2, 3}));
  CHECK((seen[0].state == Dims{2, 3} && seen[1].w_ih == Dims{6, 3}));
  CHECK(seen[0].place.module == 5 && seen[0].place.layer == 0 && seen[1].place.layer == 1);
  CHECK(seen[0].place.call == seen[1].place.call && seen[0].place.call > 0);
  CHECK(out.size() == 2);
  CHECK(out[0].data<double>()[0] == 2);
  CHECK((out[1].sizes() == Dims{2, 2, 3}));
}

TEST(states_share_memory_with_outputs) {
  const Tensor initial = some_doubles({2, 3}, 1), states = states_from(initial, 4),
               outputs = outputs_of(states);
  CHECK((states.sizes() == Dims{5, 2, 3} && outputs.sizes() == Dims{4, 2, 3}));
  for (int64_t i = 0; i < 6; ++i) CHECK(states.data<double>()[i] == initial.data<double>()[i]);
  fill_(outputs, Scalar::of(8.0));
  const Tensor last = last_of(states);
  CHECK((last.sizes() == Dims{2, 3}));
  CHECK(last.data<double>()[5] == 8);
  fill_(outputs, Scalar::of(9.0));
  CHECK(last.data<double>()[5] == 8);
}

TEST(gradient_of_the_last_state_is_a_copy) {
  const Tensor states = zeros({3, 2, 2}, DType::Float64), given = some_doubles({2, 2}, 1);
  const Tensor none = gradient_of_last({}, states), copy = gradient_of_last(given, states);
  for (int64_t i = 0; i < 4; ++i) {
    CHECK(none.data<double>()[i] == 0);
    CHECK(copy.data<double>()[i] == given.data<double>()[i]);
  }
  CHECK(copy.raw_data() != given.raw_data());
}

TEST(gates_take_their_parts) {
  // Two blocks of the weight's three rows go to columns 0 to 1 and 3 of four.
  const std::vector<Part> parts{{0, 0, 2}, {3, 2, 1}};
  const Tensor input = some_doubles({2, 1, 5}, 1), w = some_doubles({3, 5}, 2), bias = some_doubles({3}, 3);
  const Tensor gates = zeros({2, 1, 4}, DType::Float64);
  add_input(input, w, bias, parts, gates);
  const Tensor expected = linear(input, w, bias);
  const int64_t row_of[] = {0, 1, -1, 2};
  for (int64_t t = 0; t < 2; ++t)
    for (int64_t c = 0; c < 4; ++c)
      CHECK_NEAR(gates.data<double>()[t * 4 + c],
                 row_of[c] < 0 ? 0 : expected.data<double>()[t * 3 + row_of[c]], 1e-14);
}

TEST(nothing_is_recorded_for_nobody) {
  CHECK(!norms_for(Place{0, 1, 0}, 2, 3).defined());
  CHECK(!norms_for(Place{4, 1, 0}, 2, 3).defined());  // the recorder is off
}
