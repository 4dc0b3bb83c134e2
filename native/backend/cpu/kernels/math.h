// exp, log, tanh and their kin without branches, so that a loop over them becomes vector code. For float and
// double; relative error at most 2 units in the last place for exp and log, 4 for tanh and sigmoid.
// Infinities, NaN, overflow and denormal numbers come out as IEEE 754 has them. Included by kernel sources
// only.
#pragma once

#include <cstdint>

namespace unroll::cpu::UNROLL_ISA {

/** How a floating point type is laid out, and the polynomials that suffice for its precision. */
template <class T>
struct Format;

template <>
struct Format<float> {
  using Bits = uint32_t;
  static constexpr int mantissa = 23;
  static constexpr Bits bias = 127;
  static constexpr float rounder = 0x1.8p23f;  // adding it rounds to an integer, held in the low bits
  static constexpr float integer = 0x1p23f;    // or-ing a small integer into its bits adds the integer
  static constexpr float ln2_hi = 0x1.63p-1f, ln2_lo = -2.12194440e-4f;          // n · ln2_hi is exact
  static constexpr float largest_exponent = 89.0f, smallest_exponent = -104.0f;  // beyond: infinity, zero
  static constexpr float largest_normal_exponent = 87.0f;  // e^x and e^-x are normal numbers up to here
  static constexpr float smallest_normal = 0x1p-126f, lift = 0x1p24f, lifted = 24;
  static constexpr Bits sqrt_half = 0x3f3504f3;
  /** (e^r - 1 - r) / r² for |r| <= ln2 / 2. */
  static constexpr float exp[] = {0.50000000957084050f, 0.16666518306292807f, 0.041666204121560374f,
                                  0.0083689534928636895f, 0.0013950603204020777f};
  /** (2 artanh(s) / s - 2) / s² in z = s², s = f / (2 + f), for 1 + f in [√½, √2]. */
  static constexpr float log[] = {0.66666665603448070f, 0.40000345535324560f, 0.28536604840537464f,
                                  0.23596301157893506f};
  /** erfc(a) e^(a²) / t in t · tail_scale + tail_shift, t = 1 / (1 + 0.3 a), for a >= 0 until e^(-a²)
   * underflows. */
  static constexpr float tail[] = {0.405024516f,    0.300998752f,   0.177170413f,    0.0816197103f,
                                   0.0282553896f,   0.00656683167f, 0.000606136798f, -0.000183126535f,
                                   -6.42839046e-5f, 2.14034727e-6f, 3.52100562e-6f};
  static constexpr float tail_scale = 2.63492063f, tail_shift = -1.63492063f;
};

template <>
struct Format<double> {
  using Bits = uint64_t;
  static constexpr int mantissa = 52;
  static constexpr Bits bias = 1023;
  static constexpr double rounder = 0x1.8p52;
  static constexpr double integer = 0x1p52;
  static constexpr double ln2_hi = 6.93147180369123816490e-01, ln2_lo = 1.90821492927058770002e-10;
  static constexpr double largest_exponent = 710.0, smallest_exponent = -746.0;
  static constexpr double largest_normal_exponent = 708.0;
  static constexpr double smallest_normal = 0x1p-1022, lift = 0x1p54, lifted = 54;
  static constexpr Bits sqrt_half = 0x3fe6a09e667f3bcd;
  static constexpr double exp[] = {0.50000000000000103,    0.16666666666666674601, 0.041666666666520945381,
                                   0.0083333333333221269,  0.0013888888948140006,  0.00019841269886836391551,
                                   2.4801486965350889e-05, 2.7557242059340426e-06, 2.7632791582661533e-07,
                                   2.5110154340462049e-08};
  static constexpr double log[] = {0.66666666666667393384, 0.39999999999378202964, 0.28571428751260071933,
                                   0.22222197591270753168, 0.18183618802167927856, 0.15312574284943967609,
                                   0.1481149896401179107};
  static constexpr double tail[] = {
      0.357355676769387747,     0.288944409912873145,      0.192142427258065724,     0.103472510653074315,
      0.0434970924188566096,    0.0130631930422093209,     0.0020389646804461221,    -0.000286091056936194239,
      -0.000226000479614826713, -0.0000214615682601141265, 0.0000169104859507186236, 4.07301546638535822e-6,
      -1.3798087998397577e-6,   -5.05329129233913386e-7,   1.44827511519005916e-7,   5.77844774134204238e-8,
      -1.95922617983422154e-8,  -6.10995475090126773e-9,   2.96453953085808363e-9,   5.2959403411482675e-10,
      -4.04118422417624829e-10, -2.72577596877868778e-11,  3.38803564047880737e-11};
  static constexpr double tail_scale = 2.2424242424242424242, tail_shift = -1.2424242424242424242;
};

template <class T>
using Bits = typename Format<T>::Bits;

template <class To, class From>
[[gnu::always_inline]] inline To bits_as(From value) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, value);
}

template <class T, int n>
[[gnu::always_inline]] inline T polynomial(const T (&c)[n], T x) {
  T sum = c[n - 1];
#pragma GCC unroll 24
  for (int i = n - 2; i >= 0; --i) sum = sum * x + c[i];
  return sum;
}

/** 2^n for an integral |n| small enough that the result is a normal number. */
template <class T>
[[gnu::always_inline]] inline T power_of_two(T n) {
  using F = Format<T>;
  Bits<T> integer = bits_as<Bits<T>>(n + F::rounder) - bits_as<Bits<T>>(F::rounder);
  return bits_as<T>((integer + F::bias) << F::mantissa);
}

/** e^x = (1 + fraction) · half · rest, with half · rest = 2^n cut in two factors that do not overflow. */
template <class T>
struct ExpParts {
  T fraction, half, rest, inverse_half;
};

template <class T>
[[gnu::always_inline]] inline ExpParts<T> exp_parts(T x) {
  using F = Format<T>;
  x = x > F::largest_exponent ? F::largest_exponent : x;
  x = x < F::smallest_exponent ? F::smallest_exponent : x;
  const T n = (x * T(1.44269504088896340736) + F::rounder) - F::rounder;
  const T r = (x - n * F::ln2_hi) - n * F::ln2_lo;
  const T h = (n * T(0.5) + F::rounder) - F::rounder;
  return {r + r * r * polynomial(F::exp, r), power_of_two(h), power_of_two(n - h), power_of_two(-h)};
}

template <class T>
[[gnu::always_inline]] inline T exp(T x) {
  const ExpParts<T> e = exp_parts(x);
  return ((T(1) + e.fraction) * e.half) * e.rest;
}

/** e^x = scale · (1 + fraction), for x between ±largest_normal_exponent. */
template <class T>
struct SmallExpParts {
  T fraction, scale;
};

template <class T>
[[gnu::always_inline]] inline SmallExpParts<T> small_exp_parts(T x) {
  using F = Format<T>;
  const T shifted = x * T(1.44269504088896340736) + F::rounder, n = shifted - F::rounder;
  const T r = (x - n * F::ln2_hi) - n * F::ln2_lo;
  const Bits<T> exponent = bits_as<Bits<T>>(shifted) - bits_as<Bits<T>>(F::rounder) + F::bias;
  return {r + r * r * polynomial(F::exp, r), bits_as<T>(exponent << F::mantissa)};
}

/** e^x for x of at most largest_normal_exponent, with 0 in place of denormal numbers: much less work than
 * exp. */
template <class T>
[[gnu::always_inline]] inline T exp_or_zero(T x) {
  constexpr T least = -Format<T>::largest_normal_exponent;
  const SmallExpParts<T> e = small_exp_parts(x < least ? least : x);
  return x < least ? T(0) : e.scale + e.scale * e.fraction;
}

/** e^x - 1, exact also where x is small. */
template <class T>
[[gnu::always_inline]] inline T expm1(T x) {
  // Below -50 the result is -1, while the inverse of the tiny power of two would overflow.
  const ExpParts<T> e = exp_parts(x < T(-50) ? T(-50) : x);
  const T value = e.half * (e.rest * e.fraction + (e.rest - e.inverse_half));
  return x == T(0) ? x : value;  // -0 too
}

template <class T>
[[gnu::always_inline]] inline T log(T x) {
  using F = Format<T>;
  constexpr Bits<T> up = (F::bias + 1) << F::mantissa;  // keeps the exponent's difference positive
  const bool is_denormal = x < F::smallest_normal;
  const Bits<T> bits = bits_as<Bits<T>>(is_denormal ? x * F::lift : x);
  const Bits<T> difference = bits - F::sqrt_half + up;
  const Bits<T> exponent = difference >> F::mantissa;
  const T n = bits_as<T>(exponent | bits_as<Bits<T>>(F::integer)) - F::integer - T(F::bias + 1) -
              (is_denormal ? F::lifted : T(0));
  const T f = bits_as<T>(bits - (exponent << F::mantissa) + up) - T(1);  // x = 2^n (1 + f)
  const T s = f / (T(2) + f), z = s * s;
  const T half_square = T(0.5) * f * f;
  const T tail = s * (half_square + z * polynomial(F::log, z)) + n * F::ln2_lo;
  const T value = n * F::ln2_hi - ((half_square - tail) - f);
  const T special = x == T(0) ? -T(__builtin_inf()) : x > T(0) ? x : T(__builtin_nan(""));
  return x > T(0) && x < T(__builtin_inf()) ? value : special;
}

/** log(1 + x), exact also where x is small. */
template <class T>
[[gnu::always_inline]] inline T log1p(T x) {
  const T u = T(1) + x;
  const T lost = (x - (u - T(1))) / u;  // what rounding 1 + x dropped
  const bool is_regular = u > T(0) && u < T(__builtin_inf());
  return x == T(0) ? x : log(u) + (is_regular ? lost : T(0));
}

template <class T>
[[gnu::always_inline]] inline T clamp(T x, T most) {  // NaN stays
  x = x > most ? most : x;
  return x < -most ? -most : x;
}

/** (e^2x - 1) / (e^2x + 1) */
template <class T>
[[gnu::always_inline]] inline T tanh(T x) {
  const Bits<T> sign = bits_as<Bits<T>>(x) & bits_as<Bits<T>>(T(-0.0));
  const T a = clamp(x, T(20));  // tanh is 1 in either precision before that
  const SmallExpParts<T> e = small_exp_parts(a + a);
  const T m = e.scale * e.fraction + (e.scale - T(1));
  return bits_as<T>(bits_as<Bits<T>>(m / (m + T(2))) | sign);  // -0 too keeps its sign
}

/** 1 / (1 + e^-x), to the last denormal on the left. */
template <class T>
[[gnu::always_inline]] inline T sigmoid(T x) {
  const T e = exp(x > T(0) ? -x : x);  // at most 1: never overflows
  const T one = T(1) / (T(1) + e);
  return x > T(0) ? one : e * one;
}

/** The same, with the smallest normal numbers in place of denormal ones: half the work. */
template <class T>
[[gnu::always_inline]] inline T normal_sigmoid(T x) {
  const SmallExpParts<T> e = small_exp_parts(clamp(-x, Format<T>::largest_normal_exponent));
  return T(1) / (T(1) + (e.scale + e.scale * e.fraction));
}

/** The normal distribution at x: the probability of less, and the density. */
template <class T>
struct Normal {
  T cdf, density;
};

template <class T>
[[gnu::always_inline]] inline Normal<T> normal(T x) {
  using F = Format<T>;
  const T a = x < T(0) ? x * T(-0.70710678118654752440) : x * T(0.70710678118654752440);
  const T t = T(1) / (T(1) + T(0.3) * a);
  const T e = exp(T(-0.5) * x * x);
  const T tail = T(0.5) * t * polynomial(F::tail, t * F::tail_scale + F::tail_shift) * e;
  return {x > T(0) ? T(1) - tail : tail, T(0.39894228040143267794) * e};
}

}  // namespace unroll::cpu::UNROLL_ISA
