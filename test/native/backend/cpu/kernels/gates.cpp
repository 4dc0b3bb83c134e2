// The cells' functions where gates are far from zero: the values themselves are checked in test/native/ops.
#include "backend/cpu/kernels/gates.h"

#include <cmath>
#include <limits>
#include <vector>

#include "check.h"

using namespace unroll::cpu;

namespace {

void cell(const LstmCell<float>& c, int64_t n) { lstm_cell_f32(c, n); }
void cell(const LstmCell<double>& c, int64_t n) { lstm_cell_f64(c, n); }

/** What an LSTM cell makes of gates that are all x, for each x: i, f, g, o, c and h, from c = 1. */
template <class T>
std::vector<T> outcome(const std::vector<T>& x) {
  const size_t n = x.size();
  std::vector<T> out(6 * n);
  for (size_t gate = 0; gate < 4; ++gate) std::copy(x.begin(), x.end(), out.begin() + gate * n);
  const std::vector<T> before(n, T(1));
  T* const gates = out.data();
  cell(LstmCell<T>{gates, before.data(), gates + 4 * n, gates + 5 * n}, static_cast<int64_t>(n));
  return out;
}

/** The error in units of the last place, of at least the smallest normal number's. */
template <class T>
double error_of(T value, long double exact) {
  const T size = std::max(static_cast<T>(std::fabs(exact)), std::numeric_limits<T>::min());
  const long double unit = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
  return static_cast<double>(std::fabs(static_cast<long double>(value) - exact) / unit);
}

template <class T>
void check_gates() {
  const T far = sizeof(T) == 8 ? 708 : 87;
  std::vector<T> x;
  for (int i = -4000; i <= 4000; ++i) x.push_back(far * static_cast<T>(i) / 4000);
  const std::vector<T> out = outcome(x);
  const size_t n = x.size();
  double worst_sigmoid = 0, worst_tanh = 0;
  for (size_t j = 0; j < n; ++j) {
    const long double exact = x[j], sigmoid = 1 / (1 + std::exp(-exact));
    for (size_t gate : {0, 1, 3})
      worst_sigmoid = std::max(worst_sigmoid, error_of(out[gate * n + j], sigmoid));
    worst_tanh = std::max(worst_tanh, error_of(out[2 * n + j], std::tanh(exact)));
  }
  CHECK(worst_sigmoid <= 4);
  CHECK(worst_tanh <= 4);
}

/** Beyond every exponent, and where there is no number. */
template <class T>
void check_extremes() {
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const T smallest = 4 * std::numeric_limits<T>::min();
  for (T x : {T(1e4), inf}) {
    const std::vector<T> high = outcome<T>({x}), low = outcome<T>({-x});
    CHECK(high[0] == 1 && high[1] == 1 && high[2] == 1 && high[3] == 1);
    CHECK(high[4] == 2 && std::fabs(high[5] - std::tanh(T(2))) < T(1e-6));
    CHECK(low[2] == -1);
    for (size_t gate : {0, 1, 3}) CHECK(low[gate] >= 0 && low[gate] <= smallest);
    CHECK(std::fabs(low[4]) <= 2 * smallest && std::fabs(low[5]) <= smallest);
  }
  for (T value : outcome<T>({nan})) CHECK(std::isnan(value));
}

}  // namespace

TEST(gates_between_the_largest_exponents) {
  check_gates<float>();
  check_gates<double>();
}
TEST(gates_beyond_all_exponents) {
  check_extremes<float>();
  check_extremes<double>();
}
