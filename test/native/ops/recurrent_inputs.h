// What the tests of the recurrent layers have in common: inputs by formula, comparisons, what was recorded.
#pragma once

#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <string>

#include "gradcheck.h"
#include "telemetry/drained.h"
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
                                        DType dtype = DType::Float64, bool biases = true, bool grads = true,
                                        bool bidirectional = false) {
  RecurrentInputs in;
  const int64_t directions = bidirectional ? 2 : 1;
  in.input = numbered(1, {n.steps, n.batch, n.inputs}, dtype);
  for (size_t i = 0; i < kind.states; ++i)
    in.states.push_back(numbered(2 + static_cast<int>(i), {n.layers * directions, n.batch, n.hidden}, dtype));
  const int64_t rows = kind.gates * n.hidden;
  for (int64_t l = 0; l < n.layers * directions; ++l) {
    const int i = 10 + 4 * static_cast<int>(l);
    in.weights.push_back(numbered(i, {rows, l < directions ? n.inputs : directions * n.hidden}, dtype));
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

inline std::vector<double> doubles_of(const Tensor& t) {
  const Tensor x = contiguous(detach(t));
  return std::vector<double>(x.data<double>(), x.data<double>() + x.numel());
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
  const std::vector<uint8_t> bytes = drained(recorder());
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
  drained(recorder());
  body();
  recorder().end_step(1);
  recorder().set_enabled(false);
  return drained_vectors();
}

}  // namespace unroll
