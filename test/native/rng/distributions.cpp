#include "rng/distributions.h"

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>

#include "../../golden/rng.h"
#include "check.h"
#include "rng/hash.h"
#include "rng/sampling.h"

using unroll::Generator;
namespace rng = unroll::rng;

namespace {

struct Result {
  uint64_t hash;
  std::vector<double> values;
  double epsilon;  // of the result's type; 0 for integers
};
using Call = std::function<Result(int64_t n, Generator&)>;

/** The result of `fill(T* out, generator)` on `size` elements. */
template <class T, class F>
Result filled(int64_t size, Generator& g, F fill) {
  auto out = std::make_unique<T[]>(size);
  fill(out.get(), g);
  double epsilon = std::is_floating_point_v<T> ? static_cast<double>(std::numeric_limits<T>::epsilon()) : 0;
  return {fnv1a(out.get(), size * sizeof(T)), {out.get(), out.get() + size}, epsilon};
}

template <class T, class F>
Call call(F fill) {
  return [fill](int64_t n, Generator& g) {
    return filled<T>(n, g, [&](T* out, Generator&) { fill(out, n, g); });
  };
}

template <class P>
std::vector<P> probabilities(int64_t n) {
  std::vector<P> p(n);
  for (int64_t i = 0; i < n; ++i) p[i] = static_cast<P>(i % 8) / 8;
  return p;
}

using Calls = std::map<std::string, Call>;

template <class T>
void add_floating(Calls& calls, const std::string& type) {
  calls["uniform_ " + type + " 0 1"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::uniform_(out, n, 0, 1, g); });
  calls["uniform_ " + type + " -0.1 0.3"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::uniform_(out, n, -0.1, 0.3, g); });
  calls["normal_ " + type + " 0 1"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::normal_(out, n, 0, 1, g); });
  calls["normal_ " + type + " 0.5 0.02"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::normal_(out, n, 0.5, 0.02, g); });
  calls["log_normal_ " + type + " 0.5 0.25"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::log_normal_(out, n, 0.5, 0.25, g); });
  calls["exponential_ " + type + " 1.5"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::exponential_(out, n, 1.5, g); });
  calls["cauchy_ " + type + " 1 2"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::cauchy_(out, n, 1, 2, g); });
  for (auto [rows, categories, replacement] : {std::tuple(3, 24, true), {3, 24, false}, {2, 1000, false}}) {
    std::string name = "multinomial " + type + " " + std::to_string(rows) + " " + std::to_string(categories);
    calls[name + (replacement ? " with" : " without")] = [=](int64_t n, Generator& g) {
      std::vector<T> weights(rows * categories);
      for (int i = 0; i < rows * categories; ++i) weights[i] = static_cast<T>(i * 7 % 11);
      return filled<int64_t>(rows * n, g, [&](int64_t* out, Generator&) {
        rng::multinomial(out, weights.data(), rows, categories, n, replacement, g);
      });
    };
  }
}

template <class T>
void add_random(Calls& calls, const std::string& type, int64_t from, std::optional<int64_t> to,
                const std::string& label) {
  calls["random_ " + type + " " + label] =
      call<T>([=](T* out, int64_t n, Generator& g) { rng::random_(out, n, from, to, g); });
}

template <class T>
void add_any(Calls& calls, const std::string& type) {
  calls["bernoulli_ " + type + " 0.3"] =
      call<T>([](T* out, int64_t n, Generator& g) { rng::bernoulli_(out, n, 0.3, g); });
  calls["bernoulli_ " + type + " p f32"] = call<T>(
      [](T* out, int64_t n, Generator& g) { rng::bernoulli_(out, probabilities<float>(n).data(), n, g); });
  calls["bernoulli_ " + type + " p f64"] = call<T>(
      [](T* out, int64_t n, Generator& g) { rng::bernoulli_(out, probabilities<double>(n).data(), n, g); });
  calls["random_ " + type] = call<T>([](T* out, int64_t n, Generator& g) { rng::random_(out, n, g); });
  add_random<T>(calls, type, 1, std::nullopt, "from 1");
  if constexpr (!std::is_same_v<T, bool>) {
    add_random<T>(calls, type, 3, 100, "3 to 100");
    calls["geometric_ " + type + " 0.25"] =
        call<T>([](T* out, int64_t n, Generator& g) { rng::geometric_(out, n, 0.25, g); });
  }
}

template <class T>
void add_wide(Calls& calls, const std::string& type) {
  add_random<T>(calls, type, -9, (int64_t{1} << 40) + 1, "-9 to 1099511627777");
  add_random<T>(calls, type, std::numeric_limits<int64_t>::min(), std::nullopt, "all");
}

Calls all_calls() {
  Calls calls;
  add_floating<float>(calls, "f32");
  add_floating<double>(calls, "f64");
  add_any<bool>(calls, "bool");
  add_any<uint8_t>(calls, "u8");
  add_any<int16_t>(calls, "i16");
  add_any<int32_t>(calls, "i32");
  add_any<int64_t>(calls, "i64");
  add_any<float>(calls, "f32");
  add_any<double>(calls, "f64");
  for (int64_t to : {268435455, 268435456, 2147483647})
    add_random<int32_t>(calls, "i32", 0, to, "0 to " + std::to_string(to));
  add_wide<int64_t>(calls, "i64");
  add_wide<float>(calls, "f32");
  add_wide<double>(calls, "f64");
  add_random<float>(calls, "f32", 33554433, 33554451, "33554433 to 33554451");
  calls["randperm"] = call<int64_t>([](int64_t* out, int64_t n, Generator& g) { rng::randperm(out, n, g); });
  return calls;
}

}  // namespace

TEST(samples_are_pytorchs) {
  Calls calls = all_calls();
  for (const golden::RandomCase& want : golden::random_cases) {
    Generator g(want.seed);
    auto known = calls.find(want.call);
    if (known == calls.end()) {
      check::fail(__FILE__, __LINE__, std::string("no such call: ") + want.call);
      continue;
    }
    Result got = known->second(want.n, g);
    std::string where =
        std::string(want.call) + ", seed " + std::to_string(want.seed) + ", n " + std::to_string(want.n);
    if (want.hash != 0 && got.hash != want.hash) check::fail(__FILE__, __LINE__, "other bytes: " + where);
    for (size_t i = 0; i < want.samples.size(); ++i) {
      double a = got.values[i * want.stride], b = want.samples[i];
      if (!(std::fabs(a - b) <= 4 * got.epsilon * std::max(1.0, std::fabs(b))))
        check::fail(__FILE__, __LINE__,
                    where + ": [" + std::to_string(i * want.stride) + "] is " + std::to_string(a) + ", not " +
                        std::to_string(b));
    }
    uint64_t next = g.random() % (1 << 27);
    if (next != static_cast<uint64_t>(want.next))
      check::fail(__FILE__, __LINE__, "another number of draws: " + where);
  }
  CHECK(golden::random_cases.size() > 200);
}

TEST(parameters_outside_the_domain_are_refused_in_pytorchs_words) {
  Generator g(1);
  float f[16];
  int32_t i[4];
  uint8_t u[4];
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto none = std::nullopt;
  const int64_t least = std::numeric_limits<int64_t>::min();
  auto message = [](auto&& body) { return check::thrown_by(body); };
  CHECK(message([&] { rng::uniform_(f, 4, 1, 0, g); }) ==
        "uniform_ expects to return a [from, to) range, but found from=1 > to=0");
  CHECK(message([&] { rng::uniform_(f, 4, -3e38, 3e38, g); }) ==
        "uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found to=3e+38 and from=-3e+38 "
        "which "
        "result in to-from to exceed the limit");
  CHECK(message([&] { rng::uniform_(f, 4, nan, 1, g); }) == "from is out of bounds for float");
  CHECK(message([&] { rng::uniform_(f, 4, 0, 4e38, g); }) == "to is out of bounds for float");
  for (int64_t n : {4, 16})
    CHECK(message([&] { rng::normal_(f, n, 0, -1.5, g); }) ==
          "normal expects std >= 0.0, but found std -1.5");
  CHECK(message([&] { rng::log_normal_(f, 4, 0, 0, g); }) ==
        "log_normal_ expects std > 0.0, but found std=0");
  CHECK(message([&] { rng::exponential_(f, 4, 0, g); }) ==
        "exponential_ expects lambda > 0.0, but found lambda=0");
  CHECK(message([&] { rng::cauchy_(f, 4, 0, 0, g); }) == "cauchy_ expects sigma > 0.0, but found sigma=0");
  CHECK(message([&] { rng::geometric_(f, 4, 1, g); }) == "geometric_ expects p to be in (0, 1), but got p=1");
  CHECK(message([&] { rng::bernoulli_(f, 4, 1.5, g); }) ==
        "bernoulli_ expects p to be in [0, 1], but got p=1.5");
  CHECK(message([&] { rng::bernoulli_(f, &nan, 1, g); }) ==
        "Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
  CHECK(message([&] { rng::random_(i, 4, 5, 5, g); }) ==
        "random_ expects 'from' to be less than 'to', but got from=5 >= to=5");
  CHECK(message([&] { rng::random_(i, 4, 0, int64_t{1} << 40, g); }) == "to - 1 is out of bounds for int");
  CHECK(message([&] { rng::random_(u, 4, -1, 5, g); }) == "from is out of bounds for unsigned char");
  CHECK(message([&] { rng::random_(u, 4, 0, 256, g); }) == "");
  CHECK(message([&] { rng::random_(i, 4, least, none, g); }) ==
        "random_full_64_bits_range_kernel_cpu handles only int64, double, float and bfloat16");
}

TEST(certain_events_are_certain) {
  Generator g(1);
  std::vector<float> x(1000);
  rng::bernoulli_(x.data(), 1000, 1, g);
  CHECK(x == std::vector<float>(1000, 1));
  rng::bernoulli_(x.data(), 1000, 0, g);
  CHECK(x == std::vector<float>(1000, 0));
  rng::uniform_(x.data(), 1000, 0.5, 0.5, g);
  CHECK(x == std::vector<float>(1000, 0.5));
  rng::random_(x.data(), 1000, 7, 8, g);
  CHECK(x == std::vector<float>(1000, 7));
}

TEST(integers_in_floating_point_stay_inside_their_range) {
  // float32 has every fourth integer from 2^25 on: 2^25 + 4 … 2^25 + 16 of these.
  Generator g(1);
  std::vector<float> x(1000);
  int64_t middle = int64_t{1} << 25;
  rng::random_(x.data(), 1000, middle + 1, middle + 19, g);
  for (float v : x) CHECK(v >= static_cast<float>(middle + 4) && v <= static_cast<float>(middle + 16));
  CHECK(
      check::thrown_by([&] { rng::random_(x.data(), 4, middle + 1, middle + 7, g); }) ==
      "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=33554436 >= "
      "to=33554436");
}
