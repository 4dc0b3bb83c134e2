#include "rng/distributions.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <type_traits>

#include "backend/cpu/kernels/random.h"
#include "tensor/error.h"
#include "tensor/half.h"

namespace unroll::rng {
namespace {

template <class T>
inline constexpr bool is_half = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
template <class T>
inline constexpr bool is_float = std::is_floating_point_v<T> || is_half<T>;

/** Bits of T's mantissa, the hidden one too: integers up to 2^digits are T's own. */
template <class T>
constexpr int digits() {
  if constexpr (is_half<T>)
    return std::is_same_v<T, Half> ? 11 : 8;
  else
    return std::numeric_limits<T>::digits;
}

/** T as PyTorch's range errors name it. */
template <class T>
constexpr const char* type_name() {
  if (std::is_same_v<T, bool>) return "bool";
  if (std::is_same_v<T, uint8_t>) return "unsigned char";
  if (std::is_same_v<T, int8_t>) return "signed char";
  if (std::is_same_v<T, int16_t>) return "short";
  if (std::is_same_v<T, int32_t>) return "int";
  if (std::is_same_v<T, int64_t>) return "long";
  if (std::is_same_v<T, Half>) return "c10::Half";
  if (std::is_same_v<T, BFloat16>) return "c10::BFloat16";
  return std::is_same_v<T, float> ? "float" : "double";
}

/** The greatest integer of random_: T's maximum, or 2^digits, up to which T holds every integer. */
template <class T>
constexpr int64_t greatest() {
  if constexpr (is_float<T>)
    return int64_t{1} << digits<T>();
  else
    return static_cast<int64_t>(std::numeric_limits<T>::max());
}

void uniform_values(float* out, int64_t n, float from, float to, Generator& generator) {
  constexpr int64_t kBlock = 512;
  uint32_t words[kBlock];
  for (int64_t i = 0; i < n; i += kBlock) {
    int64_t here = std::min(kBlock, n - i);
    generator.random(words, here);
    cpu::uniform_f32(words, out + i, here, from, to);
  }
}

void uniform_values(double* out, int64_t n, double from, double to, Generator& generator) {
  for (int64_t i = 0; i < n; ++i) {
    double value = std::fma(generator.uniform_double(), to - from, from);
    out[i] = value == to ? from : value;  // rounding may reach `to`
  }
}

void box_muller(float* data, int64_t blocks, double mean, double std) {
  cpu::box_muller_f32(data, blocks, static_cast<float>(mean), static_cast<float>(std));
}

void box_muller(double* data, int64_t blocks, double mean, double std) {
  for (int64_t block = 0; block < blocks; ++block, data += 16) {
    for (int j = 0; j < 8; ++j) {
      double radius = std::sqrt(-2 * std::log(1 - data[j]));
      double angle = 2 * std::numbers::pi * data[j + 8];
      data[j] = std::fma(radius * std::cos(angle), std, mean);
      data[j + 8] = std::fma(radius * std::sin(angle), std, mean);
    }
  }
}

/** v without its fraction; what lies outside the int64 range is the least int64, as x86-64 converts it. */
template <class T>
int64_t to_int64(T v) {
  bool inside = v >= static_cast<T>(-0x1p63) && v < static_cast<T>(0x1p63);
  return inside ? static_cast<int64_t>(v) : std::numeric_limits<int64_t>::min();
}

/** v rounded to T and back. */
template <class T>
int64_t through(int64_t v) {
  if constexpr (is_half<T>)
    return to_int64(static_cast<float>(static_cast<T>(v)));
  else
    return to_int64(static_cast<T>(v));
}

/** The distance of T's neighbouring values about v, |v| >= 2^digits. */
template <class T>
int64_t spacing(int64_t v) {
  return int64_t{1} << (std::bit_width(static_cast<uint64_t>(std::abs(v))) - digits<T>());
}

/** `from` moved up to a value of T, so that no sample rounds below it. */
template <class T>
int64_t round_up(int64_t from) {
  int64_t next = through<T>(from + 1);
  return next < from ? next + spacing<T>(from + 1) : from;
}

/** `to` moved down to a value of T, so that no sample rounds up to it. */
template <class T>
int64_t round_down(int64_t to) {
  int64_t last = through<T>(to - 1);
  return last >= to ? last - spacing<T>(to - 1) : to;
}

template <class T>
void check_in_range(int64_t value, const char* name) {
  if constexpr (std::is_same_v<T, Half>)
    UNROLL_CHECK(std::abs(value) <= 65504, name, " is out of bounds for ", type_name<T>());
  else if constexpr (!is_float<T>)  // every int64 lies in the range of the other floating point types
    UNROLL_CHECK(value >= static_cast<int64_t>(std::numeric_limits<T>::lowest()) &&
                     value <= static_cast<int64_t>(std::numeric_limits<T>::max()),
                 name, " is out of bounds for ", type_name<T>());
}

/** from + a random number below `range`; two words a sample where one would favour some numbers by 1/16 or
 * more. */
template <class T>
void integers(T* out, int64_t n, uint64_t range, int64_t from, Generator& generator) {
  auto shifted = [from](uint64_t v) {
    return static_cast<T>(static_cast<int64_t>(v + static_cast<uint64_t>(from)));
  };
  if (range >= uint64_t{1} << 28) {
    for (int64_t i = 0; i < n; ++i) out[i] = shifted(generator.random64() % range);
  } else {
    uint32_t small = static_cast<uint32_t>(range);
    for (int64_t i = 0; i < n; ++i) out[i] = shifted(generator.random() % small);
  }
}

}  // namespace

template <class T>
void uniform_(T* out, int64_t n, double from, double to, Generator& generator) {
  constexpr double lowest = std::numeric_limits<T>::lowest(), max = std::numeric_limits<T>::max();
  UNROLL_CHECK(from >= lowest && from <= max, "from is out of bounds for ", type_name<T>());
  UNROLL_CHECK(to >= lowest && to <= max, "to is out of bounds for ", type_name<T>());
  UNROLL_CHECK(from <= to, "uniform_ expects to return a [from, to) range, but found from=", from,
               " > to=", to);
  UNROLL_CHECK(to - from <= max, "uniform_ expects to-from <= std::numeric_limits<",
               std::is_same_v<T, float> ? "Float" : "Double", ">::max(), but found to=", to,
               " and from=", from, " which result in to-from to exceed the limit");
  uniform_values(out, n, static_cast<T>(from), static_cast<T>(to), generator);
}

template <class T>
void normal_(T* out, int64_t n, double mean, double std, Generator& generator, bool draws_rest) {
  if (n < 16) return normal_pairwise_(out, n, mean, std, generator);
  UNROLL_CHECK(std >= 0, "normal expects std >= 0.0, but found std ", std);
  uniform_values(out, draws_rest ? n : n / 16 * 16, 0, 1, generator);
  box_muller(out, n / 16, mean, std);
  if (n % 16 != 0) {
    T* last = out + n - 16;
    uniform_values(last, 16, 0, 1, generator);
    box_muller(last, 1, mean, std);
  }
}

template <class T>
void normal_pairwise_(T* out, int64_t n, double mean, double std, Generator& generator) {
  UNROLL_CHECK(std >= 0, "normal expects std >= 0.0, but found std ", std);
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(std::fma(generator.normal_double(), std, mean));
}

template <class T>
void log_normal_(T* out, int64_t n, double mean, double std, Generator& generator) {
  UNROLL_CHECK(std > 0, "log_normal_ expects std > 0.0, but found std=", std);
  for (int64_t i = 0; i < n; ++i)
    out[i] = static_cast<T>(std::exp(std::fma(generator.normal_double(), std, mean)));
}

template <class T>
void exponential_(T* out, int64_t n, double lambda, Generator& generator) {
  UNROLL_CHECK(lambda > 0, "exponential_ expects lambda > 0.0, but found lambda=", lambda);
  double scale = -1 / lambda;
  for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(scale * std::log1p(-generator.uniform_double()));
}

template <class T>
void cauchy_(T* out, int64_t n, double median, double sigma, Generator& generator) {
  UNROLL_CHECK(sigma > 0, "cauchy_ expects sigma > 0.0, but found sigma=", sigma);
  for (int64_t i = 0; i < n; ++i) {
    double tangent = std::tan(std::numbers::pi * (generator.uniform_double() - 0.5));
    out[i] = static_cast<T>(std::fma(sigma, tangent, median));
  }
}

template <class T>
void geometric_(T* out, int64_t n, double p, Generator& generator) {
  UNROLL_CHECK(0 < p && p < 1, "geometric_ expects p to be in (0, 1), but got p=", p);
  double log_failure = std::log1p(-p);
  for (int64_t i = 0; i < n; ++i) {
    double trials = std::ceil(std::log(generator.uniform_double()) / log_failure);
    if constexpr (is_float<T>)
      out[i] = static_cast<T>(trials);
    else
      out[i] = static_cast<T>(to_int64(trials));
  }
}

template <class T>
void bernoulli_(T* out, int64_t n, double p, Generator& generator) {
  UNROLL_CHECK(0 <= p && p <= 1, "bernoulli_ expects p to be in [0, 1], but got p=", p);
  // A uniform number is k / 2^53; it is below p where the integer k is below p · 2^53, rounded up.
  uint64_t threshold = static_cast<uint64_t>(std::ceil(p * 0x1p53));
  constexpr int64_t kBlock = 256;
  uint32_t words[2 * kBlock];
  uint8_t samples[kBlock];
  for (int64_t i = 0; i < n; i += kBlock) {
    int64_t here = std::min(kBlock, n - i);
    generator.random(words, 2 * here);
    cpu::bernoulli_u8(words, samples, here, threshold);
    std::copy(samples, samples + here, out + i);
  }
}

template <class T, class P>
void bernoulli_(T* out, const P* p, int64_t n, Generator& generator) {
  for (int64_t i = 0; i < n; ++i) {
    UNROLL_CHECK(p[i] >= 0 && p[i] <= 1, "Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
    if constexpr (std::is_same_v<P, double>)
      out[i] = static_cast<T>(generator.uniform_double() < p[i]);
    else
      out[i] = static_cast<T>(generator.uniform_float() < p[i]);
  }
}

template <class T>
void random_(T* out, int64_t n, Generator& generator) {
  constexpr uint64_t range = static_cast<uint64_t>(greatest<T>()) + 1;
  constexpr bool two_words = std::is_same_v<T, int64_t> || std::is_same_v<T, double>;
  for (int64_t i = 0; i < n; ++i)
    out[i] = static_cast<T>((two_words ? generator.random64() : generator.random()) % range);
}

template <class T>
void random_(T* out, int64_t n, int64_t from, std::optional<int64_t> to, Generator& generator) {
  constexpr int64_t least = std::numeric_limits<int64_t>::min();
  if (to) {
    int64_t end = *to;
    UNROLL_CHECK(from < end, "random_ expects 'from' to be less than 'to', but got from=", from,
                 " >= to=", end);
    if constexpr (is_float<T>) {
      from = round_up<T>(from);
      end = round_down<T>(end);
      UNROLL_CHECK(
          from < end,
          "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=", from,
          " >= to=", end);
    }
    check_in_range<T>(from, "from");
    check_in_range<T>(end - 1, "to - 1");
    return integers(out, n, static_cast<uint64_t>(end) - static_cast<uint64_t>(from), from, generator);
  }
  if (from != least) {
    if constexpr (is_float<T>) {
      from = round_up<T>(from);
      UNROLL_CHECK(
          from < greatest<T>(),
          "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, but "
          "got from=",
          from, " > to_inc=", greatest<T>());
    }
    check_in_range<T>(from, "from");
    uint64_t range = static_cast<uint64_t>(greatest<T>()) - static_cast<uint64_t>(from) + 1;
    return integers(out, n, range, from, generator);
  }
  if constexpr (is_float<T> || std::is_same_v<T, int64_t>) {
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(static_cast<int64_t>(generator.random64()));
  } else {
    fail(ErrorKind::Runtime,
         "random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16");
  }
}

#define UNROLL_INTEGERS(T)                        \
  template void random_(T*, int64_t, Generator&); \
  template void random_(T*, int64_t, int64_t, std::optional<int64_t>, Generator&)
#define UNROLL_ANY(T)                                              \
  UNROLL_INTEGERS(T);                                              \
  template void bernoulli_(T*, int64_t, double, Generator&);       \
  template void bernoulli_(T*, const float*, int64_t, Generator&); \
  template void bernoulli_(T*, const double*, int64_t, Generator&)
#define UNROLL_NUMBER(T) \
  UNROLL_ANY(T);         \
  template void geometric_(T*, int64_t, double, Generator&)
#define UNROLL_FLOATING(T)                                                 \
  UNROLL_NUMBER(T);                                                        \
  template void uniform_(T*, int64_t, double, double, Generator&);         \
  template void normal_(T*, int64_t, double, double, Generator&, bool);    \
  template void normal_pairwise_(T*, int64_t, double, double, Generator&); \
  template void log_normal_(T*, int64_t, double, double, Generator&);      \
  template void exponential_(T*, int64_t, double, Generator&);             \
  template void cauchy_(T*, int64_t, double, double, Generator&)
UNROLL_ANY(bool);
UNROLL_NUMBER(uint8_t);
UNROLL_NUMBER(int8_t);
UNROLL_NUMBER(int16_t);
UNROLL_NUMBER(int32_t);
UNROLL_NUMBER(int64_t);
UNROLL_FLOATING(float);
UNROLL_FLOATING(double);
UNROLL_INTEGERS(Half);
UNROLL_INTEGERS(BFloat16);

}  // namespace unroll::rng
