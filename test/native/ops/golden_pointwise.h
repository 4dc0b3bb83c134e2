// Comparing an operation with PyTorch's over the golden inputs.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "../../golden/pointwise.h"
#include "check.h"
#include "values.h"

namespace unroll {

/** Equal up to rounding; the same infinity, NaN for NaN, and the same sign of zero. */
inline bool agrees(double found, double expected) {
  if (std::isnan(expected)) return std::isnan(found);
  if (std::isinf(expected)) return found == expected;
  // Where PyTorch's own formula underflows before the result does, the result may be the smaller number.
  if (expected == 0) return std::signbit(found) == std::signbit(expected) && std::fabs(found) < 1e-37;
  return std::fabs(found - expected) <= 1e-6 * std::fabs(expected) + 1e-15;
}

inline void check_result(const golden::PointwiseCase& expected, const Tensor& found) {
  const std::string what = std::string(expected.op) + " of " + scalar_type_name(expected.input);
  if (found.dtype() != expected.output)
    check::fail(__FILE__, __LINE__, what + " is " + scalar_type_name(found.dtype()));
  const std::vector<double> all = values(found);
  for (size_t i = 0; i < expected.result.size(); ++i)
    if (!agrees(all.at(i), expected.result[i]))
      check::fail(__FILE__, __LINE__,
                  text(what, "[", i, "] = ", all[i], ", PyTorch has ", expected.result[i]));
}

using Unary = std::map<std::string, std::function<Tensor(const Tensor&)>>;
using Binary = std::map<std::string, std::function<Tensor(const Tensor&, const Tensor&)>>;

/** Checks every golden case of the operations given, and that each of them has one. */
inline void check_unary(const Unary& operations) {
  std::map<std::string, int> seen;
  for (const golden::PointwiseCase& expected : golden::unary) {
    const auto found = operations.find(expected.op);
    if (found == operations.end()) continue;
    ++seen[expected.op];
    const std::vector<double>& inputs = is_floating(expected.input) ? golden::floats : golden::ints;
    check_result(expected,
                 found->second(tensor_of({static_cast<int64_t>(inputs.size())}, inputs, expected.input)));
  }
  CHECK(seen.size() == operations.size());
}

inline void check_binary(const Binary& operations) {
  std::map<std::string, int> seen;
  for (const golden::PointwiseCase& expected : golden::binary) {
    const auto found = operations.find(expected.op);
    if (found == operations.end()) continue;
    ++seen[expected.op];
    const std::vector<double>& first = is_floating(expected.input) ? golden::floats : golden::ints;
    std::vector<double> second = first;
    if (expected.result.size() != first.size() * first.size()) std::erase(second, 0.0);
    const auto rows = static_cast<int64_t>(first.size()), columns = static_cast<int64_t>(second.size());
    check_result(expected, found->second(tensor_of({rows, 1}, first, expected.input),
                                         tensor_of({columns}, second, expected.input)));
  }
  CHECK(seen.size() == operations.size());
}

}  // namespace unroll
