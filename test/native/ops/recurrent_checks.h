// What holds for every recurrent layer, checked on whichever is given.
#pragma once

#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <string>

#include "../../golden/recurrent.h"
#include "backend/cpu/threads.h"
#include "gradcheck.h"
#include "telemetry/recorder.h"

namespace unroll {

/** The layer under test: input, states and weights as in ops.h; the output and the last states. */
using RecurrentCall = std::function<Tensors(const Tensor& input, const Tensors& states,
                                            const Tensors& weights, const RnnOptions& options)>;

struct RecurrentKind {
  const char* name;
  int64_t gates;
  size_t states;
  RecurrentCall call;
};

/** 0.8 sin(1.3 k + i), as test/golden/make_recurrent.py numbers its tensors. */
inline Tensor numbered(int i, const Dims& sizes, DType dtype = DType::Float64) {
  Tensor t = empty(sizes, dtype);
  visit_floating(dtype, "numbered", [&]<class T>(T) {
    for (int64_t k = 0; k < t.numel(); ++k)
      t.data<T>()[k] = static_cast<T>(0.8 * std::sin(1.3 * static_cast<double>(k) + i));
  });
  return t;
}

/** Everything a call takes, as leaves of the graph. */
struct RecurrentInputs {
  Tensor input;
  Tensors states, weights;
  Tensors leaves() const {
    Tensors all{input};
    all.insert(all.end(), states.begin(), states.end());
    all.insert(all.end(), weights.begin(), weights.end());
    return all;
  }
};

struct RecurrentSizes {
  int64_t steps, batch, inputs, hidden, layers;
};

inline RecurrentInputs recurrent_inputs(const RecurrentKind& kind, const RecurrentSizes& n,
                                        DType dtype = DType::Float64, bool biases = true, bool grads = true) {
  RecurrentInputs in;
  in.input = numbered(1, {n.steps, n.batch, n.inputs}, dtype);
  for (size_t i = 0; i < kind.states; ++i)
    in.states.push_back(numbered(2 + static_cast<int>(i), {n.layers, n.batch, n.hidden}, dtype));
  const int64_t rows = kind.gates * n.hidden;
  for (int64_t l = 0; l < n.layers; ++l) {
    const int i = 10 + 4 * static_cast<int>(l);
    in.weights.push_back(numbered(i, {rows, l ? n.hidden : n.inputs}, dtype));
    in.weights.push_back(numbered(i + 1, {rows, n.hidden}, dtype));
    if (biases) in.weights.push_back(numbered(i + 2, {rows}, dtype));
    if (biases) in.weights.push_back(numbered(i + 3, {rows}, dtype));
  }
  if (grads)
    for (const Tensor& t : in.leaves()) set_requires_grad(t, true);
  return in;
}

inline RnnOptions recurrent_options(const RecurrentSizes& n) {
  RnnOptions options;
  options.num_layers = n.layers;
  return options;
}

/** The gradients that the golden values were made with. */
inline Tensors result_gradients(const Tensors& results) {
  Tensors grads;
  for (size_t i = 0; i < results.size(); ++i)
    grads.push_back(numbered(30 + static_cast<int>(i), results[i].sizes(), results[i].dtype()));
  return grads;
}

inline Tensors recurrent_gradients(const Tensors& results, const RecurrentInputs& in) {
  return grad(results, result_gradients(results), in.leaves(), {}, false);
}

/** The largest difference, relative to the largest value. */
inline double distance(const Tensor& t, const std::vector<double>& expected) {
  const Tensor x = to_dtype(contiguous(detach(t)), DType::Float64);
  if (x.numel() != static_cast<int64_t>(expected.size())) return INFINITY;
  double worst = 0, largest = 1e-300;
  for (int64_t k = 0; k < x.numel(); ++k) {
    const double e = expected[static_cast<size_t>(k)], d = std::fabs(x.data<double>()[k] - e);
    if (!(d <= worst)) worst = d;
    largest = std::max(largest, std::fabs(e));
  }
  return worst / largest;
}

inline bool same_bits(const Tensor& a, const Tensor& b) {
  const Tensor x = contiguous(detach(a)), y = contiguous(detach(b));
  return x.sizes() == y.sizes() && x.dtype() == y.dtype() &&
         std::memcmp(x.raw_data(), y.raw_data(), static_cast<size_t>(x.numel() * item_size(x.dtype()))) == 0;
}

inline bool same_bits(const Tensors& a, const Tensors& b) {
  bool same = a.size() == b.size();
  for (size_t i = 0; same && i < a.size(); ++i) same = same_bits(a[i], b[i]);
  return same;
}

/** The vectors in the records that wait in the recorder, by tag. */
inline std::map<std::string, std::vector<float>> drained_vectors() {
  const std::vector<uint8_t> bytes = recorder().drain();
  static std::map<uint32_t, std::string> names;
  std::map<std::string, std::vector<float>> vectors;
  const uint8_t* at = bytes.data();
  const auto take = [&]<class T>(T value) {
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  };
  while (at < bytes.data() + bytes.size()) {
    const uint32_t length = take(uint32_t{}), kind = take(uint32_t{});
    const uint8_t* const end = at + length;
    if (kind == 1) {
      const uint32_t id = take(uint32_t{});
      names[id] = std::string(at, end);
    } else if (kind == 2) {
      at += 16;
      for (uint32_t n = take(uint32_t{}); n > 0; --n) at += 8;
      for (uint32_t n = take(uint32_t{}); n > 0; --n) {
        std::vector<float>& v = vectors[names.at(take(uint32_t{}))];
        v.resize(take(uint32_t{}));
        for (float& x : v) x = take(float{});
      }
    }
    at = end;
  }
  return vectors;
}

/** Runs `body` with the recorder on and returns what its step wrote. */
template <class F>
std::map<std::string, std::vector<float>> recorded(F&& body) {
  recorder().set_enabled(true);
  recorder().name_module(7, "rnn");
  recorder().drain();
  body();
  recorder().end_step(1);
  recorder().set_enabled(false);
  return drained_vectors();
}

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
  const auto values = [](const Tensor& t) {
    const Tensor x = contiguous(t);
    return std::vector<double>(x.data<double>(), x.data<double>() + x.numel());
  };
  for (size_t i = 0; i < whole.size(); ++i) CHECK(distance(pieces[i], values(whole[i])) < 1e-13);
  for (size_t i = 0; i < whole_grads.size(); ++i)
    CHECK(distance(piece_grads[i], values(whole_grads[i])) < 1e-13);
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

  const Tensors results = kind.call(in.input, in.states, in.weights, options);
  BackwardOptions twice;
  twice.create_graph = true;
  const std::string refused =
      check::thrown_by([&] { grad({sum(results[0], {}, false)}, {Tensor()}, {in.input}, twice, false); });
  CHECK(refused.find("with create_graph=True is not supported") != std::string::npos);
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
  TEST(errors_are_pytorchs) { check_errors(kind); }
