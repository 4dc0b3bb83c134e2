// Gradients against central differences, in float64.
#pragma once

#include <cmath>
#include <functional>
#include <string>

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "check.h"
#include "ops/ops.h"

namespace unroll {

/** A contiguous float64 tensor of these values. */
inline Tensor doubles(const Dims& sizes, const std::vector<double>& values) {
  Tensor t = empty(sizes, DType::Float64);
  UNROLL_CHECK(static_cast<int64_t>(values.size()) == t.numel(), "as many values as elements");
  std::copy(values.begin(), values.end(), t.data<double>());
  return t;
}

/** A float64 tensor of numbers between -1 and 1, none near 0, the same for the same seed; for formulas'
 * inputs. */
inline Tensor some_doubles(const Dims& sizes, uint64_t seed = 1) {
  Tensor t = empty(sizes, DType::Float64);
  uint64_t state = seed * 0x9e3779b97f4a7c15u;
  for (int64_t i = 0; i < t.numel(); ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double u = static_cast<double>(state >> 11) * 0x1p-53;
    t.data<double>()[i] = u < 0.5 ? -0.05 - 1.9 * u : 0.05 + 1.9 * (u - 0.5);
  }
  return t;
}

/**
 * Whether the gradients of function(inputs) agree with central differences, within `tolerance` times one plus
 * their size. The result is weighed with fixed numbers, so that every element of it counts differently.
 * Inputs are contiguous float64 leaves; one whose dtype is another is passed as it is. Returns what
 * disagrees, "" where nothing does.
 */
inline std::string gradcheck(const std::function<Tensor(const Tensors&)>& function, Tensors inputs,
                             double tolerance = 1e-6) {
  for (const Tensor& t : inputs)
    if (t.dtype() == DType::Float64) set_requires_grad(t, true);
  Tensor out = function(inputs);
  if (!out.requires_grad()) return "the result has no gradient";
  const Tensor weights = some_doubles(out.sizes(), 77);
  Tensors variable;
  for (const Tensor& t : inputs)
    if (t.requires_grad()) variable.push_back(t);
  const Tensors grads = grad({out}, {weights}, variable, {}, true);
  const auto value = [&] {
    GradMode off(false);
    const Tensor y = contiguous(function(inputs));
    double sum = 0;
    for (int64_t i = 0; i < y.numel(); ++i) sum += y.data<double>()[i] * weights.data<double>()[i];
    return sum;
  };
  for (size_t k = 0; k < variable.size(); ++k) {
    const Tensor analytic =
        grads[k].defined() ? contiguous(grads[k]) : zeros(variable[k].sizes(), DType::Float64);
    double* x = variable[k].data<double>();
    for (int64_t i = 0; i < variable[k].numel(); ++i) {
      const double before = x[i], h = 1e-5;
      const auto at = [&](double moved) {
        x[i] = moved;
        variable[k].storage().mark_written();
        return value();
      };
      const double difference = (at(before + h) - at(before - h)) / (2 * h);
      x[i] = before;
      variable[k].storage().mark_written();
      const double found = analytic.data<double>()[i];
      if (!(std::fabs(found - difference) <= tolerance * (1 + std::fabs(difference))))
        return text("gradient ", k, "[", i, "] is ", found, ", by differences ", difference);
    }
  }
  return "";
}

/** The same for the gradient of the gradient: what create_graph and a second backward give. */
inline std::string gradgradcheck(const std::function<Tensor(const Tensors&)>& function, const Tensors& inputs,
                                 double tolerance = 1e-5) {
  const auto gradient = [&](const Tensors& at) {
    GradMode on(true);
    const Tensor out = function(at);
    Tensors variable;
    for (const Tensor& t : at)
      if (t.requires_grad()) variable.push_back(t);
    BackwardOptions options;
    options.create_graph = options.retain_graph = true;
    const Tensors grads = grad({out}, {some_doubles(out.sizes(), 33)}, variable, options, true);
    Tensor joined;
    for (size_t k = 0; k < grads.size(); ++k) {
      if (!grads[k].defined()) continue;
      const Tensor part = sum(mul(grads[k], some_doubles(grads[k].sizes(), 55 + k)), {}, false);
      joined = joined.defined() ? add(joined, part) : part;
    }
    return joined;
  };
  return gradcheck(gradient, inputs, tolerance);
}

}  // namespace unroll

#define CHECK_GRADIENTS(...)                                        \
  do {                                                              \
    const std::string wrong_ = ::unroll::gradcheck(__VA_ARGS__);    \
    if (!wrong_.empty()) ::check::fail(__FILE__, __LINE__, wrong_); \
  } while (0)
#define CHECK_SECOND_GRADIENTS(...)                                  \
  do {                                                               \
    const std::string wrong_ = ::unroll::gradgradcheck(__VA_ARGS__); \
    if (!wrong_.empty()) ::check::fail(__FILE__, __LINE__, wrong_);  \
  } while (0)
