// What holds for every recurrent layer, checked on whichever is given.
#pragma once

#include <cmath>
#include <cstring>
#include <string>

#include "../../golden/recurrent.h"
#include "backend/cpu/threads.h"
#include "ops/recurrent_inputs.h"

namespace unroll {

/** Results, gradients and norms through time against PyTorch's, in both precisions. */
inline void check_golden(const RecurrentKind& kind) {
  for (const golden::RecurrentCase& expected : golden::recurrent_cases) {
    if (std::strcmp(expected.kind, kind.name) != 0) continue;
    const RecurrentSizes n{golden::kSteps, golden::kBatch, golden::kInputs, golden::kHidden, golden::kLayers};
    for (const DType dtype : {DType::Float64, DType::Float32}) {
      const double tolerance = dtype == DType::Float64 ? 1e-13 : 2e-6;
      const RecurrentInputs in = recurrent_inputs(kind, n, dtype);
      RnnOptions options = recurrent_options(n);
      options.module = 7;
      Tensors results, grads;
      auto norms = recorded([&] {
        results = kind.call(in.input, in.states, in.weights, options);
        grads = recurrent_gradients(results, in);
      });
      CHECK(results.size() == expected.results.size() && grads.size() == expected.gradients.size());
      for (size_t i = 0; i < results.size(); ++i)
        CHECK(distance(results[i], expected.results[i]) < tolerance);
      for (size_t i = 0; i < grads.size(); ++i) CHECK(distance(grads[i], expected.gradients[i]) < tolerance);
      size_t i = 0;
      for (int64_t layer = 0; layer < n.layers; ++layer)
        for (size_t s = 0; s < kind.states; ++s, ++i) {
          const std::vector<float>& found = norms[text("bptt/rnn/l", layer, s ? "/c" : "/h")];
          CHECK(found.size() == expected.norms[i].size());
          for (size_t t = 0; t < found.size(); ++t)
            CHECK_NEAR(found[t], expected.norms[i][t], 3e-6 * expected.norms[i][t]);
        }
    }
    return;
  }
  check::fail(__FILE__, __LINE__, std::string("no golden values for ") + kind.name);
}

/** By central differences, with and without biases, and where only the last state is used. */
inline void check_differences(const RecurrentKind& kind) {
  const RecurrentSizes n{3, 2, 2, 3, 2};
  for (const bool biases : {true, false}) {
    const RecurrentInputs in = recurrent_inputs(kind, n, DType::Float64, biases, false);
    RnnOptions options = recurrent_options(n);
    options.has_biases = biases;
    for (size_t result = 0; result <= kind.states; ++result)
      CHECK_GRADIENTS(
          [&](const Tensors& leaves) {
            const auto weights = leaves.begin() + 1 + static_cast<std::ptrdiff_t>(kind.states);
            return kind.call(leaves[0], Tensors(leaves.begin() + 1, weights), Tensors(weights, leaves.end()),
                             options)[result];
          },
          in.leaves());
  }
}

/** The same bits for any number of threads, whichever way they share the work; norms too. */
inline void check_threads(const RecurrentKind& kind) {
  const int before = cpu::num_threads();
  for (const RecurrentSizes n :
       {RecurrentSizes{4, 70, 40, 96, 1}, {3, 5, 130, 260, 2}, {5, 1, 8, 33, 1}, {1, 40, 3, 65, 1}}) {
    const RecurrentInputs in = recurrent_inputs(kind, n, DType::Float32);
    RnnOptions options = recurrent_options(n);
    options.module = 7;
    Tensors results[2], grads[2];
    std::map<std::string, std::vector<float>> norms[2];
    for (const int threads : {1, 2, 3, 4, 8}) {
      cpu::set_num_threads(threads);
      const int i = threads > 1;
      norms[i] = recorded([&] {
        results[i] = kind.call(in.input, in.states, in.weights, options);
        grads[i] = recurrent_gradients(results[i], in);
      });
      if (!i) continue;
      CHECK(same_bits(results[0], results[1]));
      CHECK(same_bits(grads[0], grads[1]));
      CHECK(!norms[0].empty() && norms[0] == norms[1]);
    }
  }
  cpu::set_num_threads(before);
}

/** Recording changes no bit of the gradients. */
inline void check_recording(const RecurrentKind& kind) {
  const RecurrentSizes n{6, 4, 5, 17, 2};
  const RecurrentInputs in = recurrent_inputs(kind, n, DType::Float32);
  RnnOptions options = recurrent_options(n);
  options.module = 7;
  Tensors with, without;
  recorded([&] { with = recurrent_gradients(kind.call(in.input, in.states, in.weights, options), in); });
  without = recurrent_gradients(kind.call(in.input, in.states, in.weights, options), in);
  CHECK(same_bits(with, without));
}

/** A sequence fed one step at a time, each call's state to the next, yields what the whole yields; norms
 * joined too. */
inline void check_step_by_step(const RecurrentKind& kind) {
  const RecurrentSizes n{5, 2, 3, 4, 2};
  const RecurrentInputs in = recurrent_inputs(kind, n);
  RnnOptions options = recurrent_options(n);
  options.module = 7;
  Tensors whole, whole_grads, pieces, piece_grads;
  const auto whole_norms = recorded([&] {
    whole = kind.call(in.input, in.states, in.weights, options);
    whole_grads = recurrent_gradients(whole, in);
  });
  const auto piece_norms = recorded([&] {
    Tensors outputs, states = in.states;
    for (int64_t t = 0; t < n.steps; ++t) {
      const Tensors results = kind.call(slice(in.input, 0, t, t + 1, 1), states, in.weights, options);
      outputs.push_back(results[0]);
      states.assign(results.begin() + 1, results.end());
    }
    pieces = {cat(outputs, 0)};
    pieces.insert(pieces.end(), states.begin(), states.end());
    piece_grads = recurrent_gradients(pieces, in);
  });
  for (size_t i = 0; i < whole.size(); ++i) CHECK(distance(pieces[i], doubles_of(whole[i])) < 1e-13);
  for (size_t i = 0; i < whole_grads.size(); ++i)
    CHECK(distance(piece_grads[i], doubles_of(whole_grads[i])) < 1e-13);
  CHECK(whole_norms.size() == 2 * kind.states && piece_norms.size() == whole_norms.size());
  for (const auto& [tag, expected] : whole_norms) {
    const std::vector<float>& joined = piece_norms.at(tag);
    CHECK(joined.size() == expected.size());
    for (size_t t = 0; t < expected.size(); ++t) CHECK_NEAR(joined[t], expected[t], 1e-6 * expected[t]);
  }
}

/** batch_first is the transposed call. */
inline void check_batch_first(const RecurrentKind& kind) {
  const RecurrentSizes n{4, 3, 2, 5, 2};
  const RecurrentInputs in = recurrent_inputs(kind, n);
  RnnOptions options = recurrent_options(n);
  const Tensors expected = kind.call(in.input, in.states, in.weights, options);
  options.batch_first = true;
  const Tensor input = detach(contiguous(transpose(in.input, 0, 1)));
  const Tensors results = kind.call(input, in.states, in.weights, options);
  CHECK((results[0].sizes() == Dims{3, 4, 5}));
  CHECK(same_bits(transpose(results[0], 0, 1), expected[0]));
  for (size_t i = 1; i < results.size(); ++i) CHECK(same_bits(results[i], expected[i]));
}

/** Dropout between the layers draws what torch.dropout of the lower layer's output draws, and only in
 * training. */
inline void check_dropout(const RecurrentKind& kind) {
  const RecurrentSizes n{4, 3, 2, 5, 2};
  const RecurrentInputs in = recurrent_inputs(kind, n);
  RnnOptions options = recurrent_options(n);
  const Tensors plain = kind.call(in.input, in.states, in.weights, options);
  options.dropout = 0.5;
  CHECK(same_bits(kind.call(in.input, in.states, in.weights, options), plain));
  options.training = true;
  default_generator().manual_seed(3);
  const Tensors results = kind.call(in.input, in.states, in.weights, options);

  default_generator().manual_seed(3);
  options.num_layers = 1;
  Tensors lower, upper;
  for (const Tensor& s : in.states) {
    lower.push_back(slice(s, 0, 0, 1, 1));
    upper.push_back(slice(s, 0, 1, 2, 1));
  }
  const auto half = in.weights.begin() + 4;
  const Tensors below = kind.call(in.input, lower, Tensors(in.weights.begin(), half), options);
  const Tensor between = dropout(below[0], 0.5, true, default_generator());
  const Tensors above = kind.call(between, upper, Tensors(half, in.weights.end()), options);
  CHECK(same_bits(results[0], above[0]));
  CHECK(!same_bits(results[0], plain[0]));
}

/** A weight written behind autograd's back is packed anew. */
inline void check_written_weight(const RecurrentKind& kind) {
  const RecurrentSizes n{3, 2, 3, 4, 1};
  const RecurrentInputs in = recurrent_inputs(kind, n);
  const Tensors before = kind.call(in.input, in.states, in.weights, recurrent_options(n));
  {
    GradMode off(false);
    add_scalar_(data_of(in.weights[1]), Scalar::of(0.25));
  }
  const Tensors after = kind.call(in.input, in.states, in.weights, recurrent_options(n));
  RecurrentInputs fresh = recurrent_inputs(kind, n);
  fresh.weights[1] = clone(in.weights[1]);
  const Tensors expected = kind.call(fresh.input, fresh.states, fresh.weights, recurrent_options(n));
  CHECK(!same_bits(before[0], after[0]));
  CHECK(same_bits(expected, after));
}

inline void check_edges(const RecurrentKind& kind) {
  const RecurrentSizes n{3, 0, 2, 4, 2};
  const RecurrentInputs in = recurrent_inputs(kind, n);
  const Tensors results = kind.call(in.input, in.states, in.weights, recurrent_options(n));
  CHECK((results[0].sizes() == Dims{3, 0, 4} && results[1].sizes() == Dims{2, 0, 4}));
  const Tensors grads = recurrent_gradients(results, in);
  for (size_t i = 1 + kind.states; i < grads.size(); ++i) {
    const Tensor g = contiguous(grads[i]);
    for (int64_t k = 0; k < g.numel(); ++k) CHECK(g.data<double>()[k] == 0);
  }
}

inline void check_errors(const RecurrentKind& kind) {
  const RecurrentSizes n{3, 2, 3, 4, 1};
  const RecurrentInputs in = recurrent_inputs(kind, n);
  const RnnOptions options = recurrent_options(n);
  const auto message = [&](const RecurrentInputs& wrong, const RnnOptions& o) {
    return check::thrown_by([&] { kind.call(wrong.input, wrong.states, wrong.weights, o); });
  };
  RecurrentInputs wrong = in;
  wrong.input = numbered(1, {3, 2, 4});
  CHECK(message(wrong, options) == "input.size(-1) must be equal to input_size. Expected 3, got 4");
  wrong.input = numbered(1, {0, 2, 3});
  CHECK(message(wrong, options) == "Expected sequence length to be larger than 0 in RNN");
  wrong.input = numbered(1, {2, 3});
  CHECK(message(wrong, options) == "input must have 3 dimensions, got 2");
  wrong = in;
  wrong.states[0] = numbered(1, {1, 3, 4});
  CHECK(message(wrong, options) ==
        text("Expected ", kind.states == 1 ? "hidden" : "hidden[0]", " size [1, 2, 4], got [1, 3, 4]"));
  wrong = in;
  wrong.weights.pop_back();
  CHECK(message(wrong, options) == "got an incorrect number of RNN parameters");
  wrong = in;
  wrong.weights[1] = numbered(1, {kind.gates * 4, 5});
  CHECK(!message(wrong, options).empty());
  wrong = in;
  wrong.input = numbered(1, {3, 2, 3}, DType::Float32);
  CHECK(message(wrong, options) ==
        "Input and parameter tensors are not the same dtype, found input tensor with Float and parameter "
        "tensor with Double");
}

/** Sequences packed together yield what each yields by itself, norms through time included. */
inline void check_packed(const RecurrentKind& kind, bool bidirectional) {
  const RecurrentSizes n{4, 3, 2, 3, 2};
  const int64_t lengths[] = {4, 2, 1};
  const RecurrentInputs in = recurrent_inputs(kind, n, DType::Float64, true, true, bidirectional);
  RnnOptions options = recurrent_options(n);
  options.module = 7;
  options.is_bidirectional = bidirectional;
  std::vector<Tensors> pieces(1 + kind.states);
  std::map<std::string, std::vector<double>> squares;
  Tensors alone_grads, packed_grads;
  for (int64_t b = 0; b < 3; ++b) {
    Tensors results, states;
    for (const Tensor& s : in.states) states.push_back(slice(s, 1, b, b + 1, 1));
    const auto norms = recorded([&] {
      const Tensor input = slice(slice(in.input, 1, b, b + 1, 1), 0, 0, lengths[b], 1);
      results = kind.call(input, states, in.weights, options);
      const Tensors grads = grad(results, result_gradients(results), in.leaves(), {}, false);
      for (size_t i = 0; i < grads.size(); ++i) {
        if (b == 0)
          alone_grads.push_back(grads[i]);
        else
          alone_grads[i] = add(alone_grads[i], grads[i]);
      }
    });
    for (const auto& [tag, values] : norms) {
      squares[tag].resize(4);
      for (size_t t = 0; t < values.size(); ++t) squares[tag][t] += double(values[t]) * double(values[t]);
    }
    for (size_t i = 0; i < results.size(); ++i) pieces[i].push_back(results[i]);
  }
  options.batch_sizes = zeros({4}, DType::Int64);
  const int64_t rows[] = {3, 2, 1, 1};
  std::copy(std::begin(rows), std::end(rows), options.batch_sizes.data<int64_t>());
  const auto norms = recorded([&] {
    Tensors steps;
    for (int64_t t = 0; t < 4; ++t) steps.push_back(slice(select(in.input, 0, t), 0, 0, rows[t], 1));
    const Tensors results = kind.call(cat(steps, 0), in.states, in.weights, options);
    Tensors roots, weights;
    for (int64_t b = 0; b < 3; ++b) {
      Tensors own;
      for (int64_t t = 0, begin = 0; t < lengths[b]; begin += rows[t], ++t)
        own.push_back(slice(results[0], 0, begin + b, begin + b + 1, 1));
      roots.push_back(unsqueeze(cat(own, 0), 1));
      for (size_t i = 1; i < results.size(); ++i) roots.push_back(slice(results[i], 1, b, b + 1, 1));
      for (size_t i = 0; i < results.size(); ++i) {
        const Tensor& root = roots[roots.size() - results.size() + i];
        CHECK(distance(root, doubles_of(pieces[i][static_cast<size_t>(b)])) < 1e-13);
        weights.push_back(numbered(30 + static_cast<int>(i), root.sizes()));
      }
    }
    packed_grads = grad(roots, weights, in.leaves(), {}, false);
  });
  for (size_t i = 0; i < packed_grads.size(); ++i)
    CHECK(distance(packed_grads[i], doubles_of(alone_grads[i])) < 1e-13);
  CHECK(norms.size() == squares.size() && norms.size() == 2 * kind.states * (bidirectional ? 2 : 1));
  for (const auto& [tag, values] : norms)
    for (size_t t = 0; t < values.size(); ++t)
      CHECK_NEAR(values[t], std::sqrt(squares[tag][t]), 1e-6 * std::sqrt(squares[tag][t]));
}

/** Of a packed, two-layer, bidirectional layer: gradients, and the gradients of the gradients. */
inline void check_second_differences(const RecurrentKind& kind) {
  const RecurrentSizes n{3, 2, 2, 2, 1};
  const RecurrentInputs in = recurrent_inputs(kind, n, DType::Float64, true, false, true);
  RnnOptions options = recurrent_options(n);
  options.is_bidirectional = true;
  options.batch_sizes = full({3}, Scalar::of(int64_t{2}), DType::Int64);
  options.batch_sizes.data<int64_t>()[2] = 1;
  const auto result = [&](const Tensors& leaves) {
    const auto weights = leaves.begin() + 1 + static_cast<std::ptrdiff_t>(kind.states);
    const Tensor input = slice(reshape(leaves[0], {6, 2}), 0, 0, 5, 1);
    const Tensors results =
        kind.call(input, Tensors(leaves.begin() + 1, weights), Tensors(weights, leaves.end()), options);
    Tensors parts;
    for (const Tensor& r : results) parts.push_back(reshape(r, {r.numel()}));
    return cat(parts, 0);
  };
  CHECK_GRADIENTS(result, in.leaves());
  CHECK_SECOND_GRADIENTS(result, in.leaves());
}

/** A pass that is recorded gives the same gradients and records the same norms. */
inline void check_composite(const RecurrentKind& kind) {
  const RecurrentSizes n{4, 2, 3, 4, 2};
  const RecurrentInputs in = recurrent_inputs(kind, n, DType::Float64, true, true, true);
  RnnOptions options = recurrent_options(n);
  options.module = 7;
  options.is_bidirectional = true;
  BackwardOptions twice;
  twice.create_graph = twice.retain_graph = true;
  Tensors fused, composite;
  const auto run = [&](Tensors& grads, const BackwardOptions& how) {
    return recorded([&] {
      const Tensors results = kind.call(in.input, in.states, in.weights, options);
      grads = grad(results, result_gradients(results), in.leaves(), how, false);
    });
  };
  const auto fused_norms = run(fused, {}), composite_norms = run(composite, twice);
  for (size_t i = 0; i < fused.size(); ++i) CHECK(distance(composite[i], doubles_of(fused[i])) < 1e-13);
  CHECK(fused_norms.size() == 4 * kind.states && composite_norms.size() == fused_norms.size());
  for (const auto& [tag, expected] : fused_norms)
    for (size_t t = 0; t < expected.size(); ++t)
      CHECK_NEAR(composite_norms.at(tag)[t], expected[t], 1e-6 * expected[t]);
}

}  // namespace unroll

/** The tests of one kind. */
#define RECURRENT_TESTS(kind)                                           \
  TEST(agrees_with_pytorch) { check_golden(kind); }                     \
  TEST(gradients_agree_with_differences) { check_differences(kind); }   \
  TEST(bits_do_not_depend_on_threads) { check_threads(kind); }          \
  TEST(recording_changes_nothing) { check_recording(kind); }            \
  TEST(step_by_step_is_the_whole) { check_step_by_step(kind); }         \
  TEST(batch_first_is_transposed) { check_batch_first(kind); }          \
  TEST(dropout_between_layers) { check_dropout(kind); }                 \
  TEST(written_weights_are_packed_anew) { check_written_weight(kind); } \
  TEST(empty_batch) { check_edges(kind); }                              \
  TEST(errors_are_pytorchs) { check_errors(kind); }                     \
  TEST(packed_is_each_alone) { check_packed(kind, false); }             \
  TEST(packed_both_ways) { check_packed(kind, true); }                  \
  TEST(twice_differentiable) { check_second_differences(kind); }        \
  TEST(composite_is_the_fused_one) { check_composite(kind); }
