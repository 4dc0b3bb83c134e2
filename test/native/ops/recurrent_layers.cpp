#include "gradcheck.h"
#include "ops/recurrent.h"

using namespace unroll;
using namespace unroll::recurrent;

namespace {

Tensor ones(const Dims& sizes) { return full(sizes, Scalar::of(1.0), DType::Float64); }

/** What a layer is handed. */
struct Seen {
  Place place;
  Dims input, state, w_ih;
  double first;
  bool is_reversed;
};

/** A layer of two gates and three units that adds to its states and multiplies its input's first column. */
Layer noting(std::vector<Seen>& seen) {
  return [&seen](const LayerInput& input, const Tensors& states, const LayerWeights& w,
                 const TimeSteps& steps, const Place& place) -> Tensors {
    const Tensor x = input.rows, in = contiguous(x);
    seen.push_back(
        {place, x.sizes(), states[0].sizes(), w.w_ih.sizes(), in.data<double>()[0], steps.is_reversed});
    const Tensor first = slice(x, 1, 0, 1, 1);
    return {expand(mul_scalar(first, Scalar::of(2.0)), {x.size(0), 3}),
            add_scalar(states[0], Scalar::of(1.0))};
  };
}

Tensors weights_for(int64_t layers, int64_t directions) {
  Tensors weights;
  for (int64_t l = 0; l < layers; ++l)
    for (int64_t d = 0; d < directions; ++d)
      for (const Dims& sizes : {Dims{6, l ? 3 * directions : 4}, Dims{6, 3}, Dims{6}, Dims{6}})
        weights.push_back(ones(sizes));
  return weights;
}

}  // namespace

TEST(layers_run_one_on_the_other) {
  RnnOptions options;
  options.num_layers = 2;
  options.module = 5;
  std::vector<Seen> seen;
  const Tensors out = run_layers(ones({7, 2, 4}), {zeros({2, 2, 3}, DType::Float64)}, weights_for(2, 1),
                                 options, 2, default_generator(), noting(seen));
  CHECK(seen.size() == 2);
  CHECK((seen[0].input == Dims{14, 4} && seen[1].input == Dims{14, 3}));
  CHECK((seen[0].state == Dims{2, 3} && seen[1].w_ih == Dims{6, 3}));
  CHECK(seen[0].place.module == 5 && seen[0].place.layer == 0 && seen[1].place.layer == 1);
  CHECK(seen[0].place.call == seen[1].place.call && seen[0].place.call > 0);
  CHECK(out.size() == 2 && (out[0].sizes() == Dims{7, 2, 3}) && (out[1].sizes() == Dims{2, 2, 3}));
  CHECK(contiguous(out[0]).data<double>()[0] == 4);
}

TEST(the_reverse_direction_sees_every_sequence_turned_round) {
  RnnOptions options;
  options.is_bidirectional = true;
  const Tensor input = zeros({6, 4}, DType::Float64);
  for (int64_t i = 0; i < 6; ++i) input.data<double>()[4 * i] = double(i + 1);
  for (const bool packed : {true, false}) {
    std::vector<Seen> seen;
    options.batch_sizes = {};
    if (packed) {
      options.batch_sizes = zeros({3}, DType::Int64);
      for (int64_t t = 0; t < 3; ++t) options.batch_sizes.data<int64_t>()[t] = 3 - t;  // lengths 3, 2, 1
    }
    const int64_t batch = packed ? 3 : 2;
    const Tensors out =
        run_layers(packed ? input : view(input, {3, 2, 4}), {zeros({2, batch, 3}, DType::Float64)},
                   weights_for(1, 2), options, 2, default_generator(), noting(seen));
    CHECK(seen.size() == 2 && !seen[0].is_reversed && seen[1].is_reversed && seen[1].place.is_reverse);
    CHECK(seen[0].first == 1 && seen[1].first == (packed ? 6 : 5));
    const Tensor output = contiguous(out[0]);  // (6, 6) or (3, 2, 6): in the input's order again
    for (int64_t i = 0; i < 6; ++i)
      CHECK(output.data<double>()[6 * i] == 2 * (i + 1) && output.data<double>()[6 * i + 3] == 2 * (i + 1));
    CHECK((out[1].sizes() == Dims{2, batch, 3}));
  }
}

TEST(packed_input_is_checked) {
  RnnOptions options;
  std::vector<Seen> seen;
  const auto message = [&](const std::vector<int64_t>& rows) {
    options.batch_sizes = zeros({static_cast<int64_t>(rows.size())}, DType::Int64);
    std::copy(rows.begin(), rows.end(), options.batch_sizes.data<int64_t>());
    return check::thrown_by([&] {
      run_layers(ones({6, 4}), {zeros({1, 3, 3}, DType::Float64)}, weights_for(1, 1), options, 2,
                 default_generator(), noting(seen));
    });
  };
  CHECK(message({3, 2, 1}).empty());
  CHECK(message({3, 2}) == "Expected a packed input of 5 rows, got 6");
  CHECK(message({3, 1, 2}) == "batch_sizes must be positive and must not grow");
  CHECK(message({3, 3, 0}) == "batch_sizes must be positive and must not grow");
  CHECK(message({2, 2, 2}) == "Expected hidden size [1, 2, 3], got [1, 3, 3]");
}

TEST(a_cell_is_one_step) {
  std::vector<Seen> seen;
  const Tensors out =
      run_cell(ones({2, 4}), {zeros({2, 3}, DType::Float64)}, weights_for(1, 1), 0, 2, noting(seen));
  CHECK(out.size() == 1 && (out[0].sizes() == Dims{2, 3}) && out[0].data<double>()[0] == 1);
  CHECK(seen.size() == 1 && (seen[0].input == Dims{2, 4}));
}
