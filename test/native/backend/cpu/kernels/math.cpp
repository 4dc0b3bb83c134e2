// The vector functions against the C library's in extended precision, through the loops that use them.
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "backend/cpu/kernels/pointwise.h"
#include "check.h"
#include "tensor/dtype.h"

using namespace unroll;

namespace {

using Exact = std::function<long double(long double)>;

template <class T>
std::vector<T> evaluate(PointwiseOp op, const std::vector<T>& x) {
  std::vector<T> y(x.size());
  const void* in[] = {x.data()};
  const auto lookup = op >= PointwiseOp::Sigmoid ? cpu::activation_loop : cpu::unary_loop;
  lookup(op, DTypeOf<T>::value)(y.data(), in, static_cast<int64_t>(x.size()), {});
  return y;
}

/** The largest error over x in units in the last place; infinity where one side alone is infinite. */
template <class T>
double worst(PointwiseOp op, const Exact& exact, const std::vector<T>& x) {
  const std::vector<T> y = evaluate(op, x);
  double most = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const long double expected = exact(x[i]);
    const T rounded = static_cast<T>(expected);
    if (std::isinf(rounded) || std::isinf(y[i])) {
      if (rounded != y[i]) return INFINITY;
      continue;
    }
    const T size = std::fabs(rounded);
    const T unit = std::max(std::nextafter(size, T(INFINITY)) - size, std::numeric_limits<T>::denorm_min());
    const double error = static_cast<double>(std::fabs(static_cast<long double>(y[i]) - expected) / unit);
    if (!(error <= most)) most = std::isnan(error) ? INFINITY : error;
  }
  return most;
}

/** 20011 numbers evenly spaced, then as many of all magnitudes from 1e-30 to `high`, on both sides where low
 * < 0. */
template <class T>
std::vector<T> spread(double low, double high) {
  std::vector<T> x;
  for (int i = 0; i <= 20010; ++i) {
    x.push_back(static_cast<T>(low + (high - low) * i / 20010));
    const double size = std::exp(std::log(1e-30) + (std::log(high) - std::log(1e-30)) * i / 20010);
    x.push_back(static_cast<T>(size));
    if (-size > low) x.push_back(static_cast<T>(-size));
  }
  return x;
}

template <class T>
void check_errors() {
  const bool is_double = sizeof(T) == 8;
  const double top = is_double ? 712 : 90, bottom = is_double ? -745 : -103;
  const Exact sigmoid = [](long double x) { return 1 / (1 + std::exp(-x)); };
  const auto exactly = [](long double (*function)(long double)) { return Exact(function); };
  CHECK(worst<T>(PointwiseOp::Exp, exactly(std::exp), spread<T>(bottom, top)) <= 2);
  CHECK(worst<T>(PointwiseOp::Log, exactly(std::log), spread<T>(1e-30, 3)) <= 2);
  CHECK(worst<T>(PointwiseOp::Log, exactly(std::log), spread<T>(0.7, 1e30)) <= 2);
  CHECK(worst<T>(PointwiseOp::Expm1, exactly(std::expm1), spread<T>(-60, top)) <= 3);
  CHECK(worst<T>(PointwiseOp::Log1p, exactly(std::log1p), spread<T>(-0.9999, 100)) <= 2);
  CHECK(worst<T>(PointwiseOp::Tanh, exactly(std::tanh), spread<T>(-20, 20)) <= 4);
  CHECK(worst<T>(PointwiseOp::Sigmoid, sigmoid, spread<T>(bottom, 40)) <= 4);
}

template <class T>
void check_special_values() {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const std::vector<T> x = {inf, -inf, nan, T(0), T(-0.0)};
  const auto gives = [&](PointwiseOp op, std::vector<T> expected) {
    // In every place of a vector, and in the rest after whole vectors.
    std::vector<T> repeated;
    for (int i = 0; i < 7; ++i) repeated.insert(repeated.end(), x.begin(), x.end());
    const std::vector<T> y = evaluate(op, repeated);
    for (size_t i = 0; i < y.size(); ++i) {
      const T e = expected[i % x.size()];
      CHECK(std::isnan(e) ? std::isnan(y[i]) : y[i] == e && std::signbit(y[i]) == std::signbit(e));
    }
  };
  gives(PointwiseOp::Exp, {inf, 0, nan, 1, 1});
  gives(PointwiseOp::Expm1, {inf, -1, nan, 0, T(-0.0)});
  gives(PointwiseOp::Log, {inf, nan, nan, -inf, -inf});
  gives(PointwiseOp::Log1p, {inf, nan, nan, 0, T(-0.0)});
  gives(PointwiseOp::Tanh, {1, -1, nan, 0, T(-0.0)});
  gives(PointwiseOp::Sigmoid, {1, 0, nan, T(0.5), T(0.5)});
  CHECK(evaluate<T>(PointwiseOp::Log1p, {T(-1)})[0] == -inf);
  CHECK(std::isnan(evaluate<T>(PointwiseOp::Log, {T(-1)})[0]));
}

}  // namespace

TEST(errors_of_float) { check_errors<float>(); }
TEST(errors_of_double) { check_errors<double>(); }
TEST(special_values) {
  check_special_values<float>();
  check_special_values<double>();
}
TEST(denormal_numbers) {
  const Exact log = [](long double x) { return std::log(x); },
              exp = [](long double x) { return std::exp(x); };
  CHECK(worst<float>(PointwiseOp::Log, log, {1e-39f, 1e-45f, 1.1e-38f}) <= 2);
  CHECK(worst<float>(PointwiseOp::Exp, exp, {-88.0f, -95.0f, -103.0f}) <= 2);
  CHECK(worst<double>(PointwiseOp::Log, log, {1e-310, 5e-324}) <= 2);
  CHECK(worst<double>(PointwiseOp::Exp, exp, {-710.0, -740.0}) <= 2);
}
