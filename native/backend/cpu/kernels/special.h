// Special functions in double, each by a method that holds over its whole domain. Included by kernel sources
// only.
#pragma once

#include <cstdint>

namespace unroll::cpu::UNROLL_ISA {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kInfinity = __builtin_inf();

/** The inverse of erf: a first guess by the tail's expansion, then Newton's steps, in erfc near the ends. */
double erfinv(double y) {
  const double a = __builtin_fabs(y);
  if (!(a < 1)) return a == 1 ? __builtin_copysign(kInfinity, y) : __builtin_nan("");
  // Winitzki's formula with a = 0.147, right to 2e-3.
  const double l = __builtin_log1p(-a * a), t = 2 / (kPi * 0.147) + l / 2;
  double x = __builtin_sqrt(__builtin_sqrt(t * t - l / 0.147) - t);
  for (int i = 0; i < 4; ++i) {
    const double error = a > 0.5 ? (1 - a) - __builtin_erfc(x) : __builtin_erf(x) - a;
    const double slope = 2 / __builtin_sqrt(kPi) * __builtin_exp(-x * x);
    const double step = error / slope;
    x -= step / (1 + x * step);  // Halley's correction
  }
  return __builtin_copysign(x, y);
}

/** The derivative of log gamma: reflected to the right, raised to where its expansion holds. */
double digamma(double x) {
  if (x == 0) return __builtin_copysign(kInfinity, -x);
  double result = 0;
  if (x < 0) {
    const double whole = __builtin_trunc(x);
    if (whole == x) return __builtin_nan("");
    result = -kPi / __builtin_tan(kPi * (x - whole));
    x = 1 - x;
  }
  for (; x < 10; x += 1) result -= 1 / x;
  const double z = 1 / (x * x);
  const double tail =
      z *
      (1.0 / 12 -
       z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))));
  return result + __builtin_log(x) - 0.5 / x - tail;
}

/** Hurwitz's zeta, the sum of (q + k)^-x over k from 0, x > 1, by Euler and Maclaurin. */
double zeta(double x, double q) {
  if (q == kInfinity) return 0;
  if (q <= 0 && q == __builtin_floor(q)) return kInfinity;
  double sum = 0;
  int k = 0;
  for (; k < 12 || q + k < 10; ++k) sum += __builtin_pow(q + k, -x);
  const double a = q + k;
  double term = __builtin_pow(a, -x);
  sum += term * a / (x - 1) + term / 2;
  // B_2j / (2j)!
  constexpr double bernoulli[] = {1.0 / 12,
                                  -1.0 / 720,
                                  1.0 / 30240,
                                  -1.0 / 1209600,
                                  1.0 / 47900160,
                                  -691.0 / 1307674368000.0,
                                  1.0 / 74724249600.0,
                                  -3617.0 / 10670622842880000.0};
  term *= x / a;
  for (int j = 0; j < 8; ++j) {
    sum += bernoulli[j] * term;
    term *= (x + 2 * j + 1) * (x + 2 * j + 2) / (a * a);
  }
  return sum;
}

double polygamma(double n, double x) {
  if (n == 1 && x < 0.5) {  // by reflection: at the poles what rounding leaves of sin(pi x), as in PyTorch
    const double sine = __builtin_sin(kPi * x);
    return kPi * kPi / (sine * sine) - polygamma(1, 1 - x);
  }
  const double sign = static_cast<int64_t>(n) % 2 ? 1 : -1;
  return sign * __builtin_tgamma(n + 1) * zeta(n + 1, x);
}

/** The modified Bessel function of the first kind of order 0 or 1: its series, or far out its expansion. */
double bessel_i(int order, double x) {
  const double a = __builtin_fabs(x);
  const double sign = order == 1 && x < 0 ? -1 : 1;
  if (a < 20) {
    const double q = a * a / 4;
    double term = order == 0 ? 1 : a / 2, sum = term;
    for (int k = 1; k < 80 && term > 1e-17 * sum; ++k) sum += term *= q / (k * double(k + order));
    return sign * sum;
  }
  double term = 1, sum = 1;
  for (int k = 1; k < 40; ++k) {
    const double odd = 2 * k - 1, next = -term * (4.0 * order - odd * odd) / (8 * a * k);
    if (__builtin_fabs(next) >= __builtin_fabs(term)) break;
    sum += term = next;
  }
  // e^a in two factors: half of it does not overflow where the result does not.
  const double half = __builtin_exp(a / 2);
  return sign * half / __builtin_sqrt(2 * kPi * a) * sum * half;
}

template <class T>
T gcd(T a, T b) {
  while (b != 0) {
    const T rest = b == static_cast<T>(-1) ? T(0) : static_cast<T>(a % b);
    a = b;
    b = rest;
  }
  return a < 0 ? static_cast<T>(0u - static_cast<uint64_t>(a)) : a;
}

}  // namespace
}  // namespace unroll::cpu::UNROLL_ISA
