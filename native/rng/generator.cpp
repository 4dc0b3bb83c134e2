#include "rng/generator.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <random>

#include "backend/cpu/kernels/random.h"
#include "tensor/error.h"

namespace unroll {
namespace {

/** A saved state in memory: PyTorch's own record, older fields first, its padding zero. */
struct SavedState {
  uint64_t seed;
  int32_t left;    // words to go before the next twist, counted before the draw: 1 where none is left
  int32_t seeded;  // always 1
  uint64_t next;
  uint64_t words[624];  // one 32-bit word in each
  double unused_x;
  double next_normal;
  double unused_rho;
  int32_t has_next_normal;
  int32_t padding;
  float next_float_normal;
  uint8_t has_next_float_normal;
  uint8_t more_padding[3];
};
static_assert(sizeof(SavedState) == Generator::kStateBytes);

}  // namespace

void Generator::manual_seed(uint64_t seed) {
  seed_ = seed;
  next_ = 0;
  words_[0] = static_cast<uint32_t>(seed);
  for (uint32_t i = 1; i < kWords; ++i) words_[i] = 1812433253u * (words_[i - 1] ^ (words_[i - 1] >> 30)) + i;
  next_normal_.reset();
  next_float_normal_.reset();
}

uint64_t Generator::seed() {
  std::random_device entropy;
  uint64_t high = entropy();
  manual_seed((high << 32 | entropy()) & 0x1fffffffffffff);
  return seed_;
}

void Generator::twist() {
  cpu::mt_twist(words_.data());
  next_ = 0;
}

void Generator::random(uint32_t* out, int64_t n) {
  while (n > 0) {
    if (next_ % kWords == 0) twist();
    int64_t here = std::min<int64_t>(n, kWords - next_);
    cpu::mt_temper(&words_[next_], out, here);
    next_ += static_cast<uint32_t>(here);
    out += here;
    n -= here;
  }
}

double Generator::normal_double() {
  if (next_normal_) {
    double sample = *next_normal_;
    next_normal_.reset();
    return sample;
  }
  double angle = 2 * std::numbers::pi * uniform_double();
  double radius = std::sqrt(-2 * std::log1p(-uniform_double()));
  next_normal_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

std::vector<uint8_t> Generator::get_state() const {
  SavedState s{};
  s.seed = seed_;
  s.left = next_ == 0 ? 1 : static_cast<int32_t>(kWords + 1 - next_);
  s.seeded = 1;
  s.next = next_;
  std::copy(words_.begin(), words_.end(), s.words);
  s.next_normal = next_normal_.value_or(0);
  s.has_next_normal = next_normal_.has_value();
  s.next_float_normal = next_float_normal_.value_or(0);
  s.has_next_float_normal = next_float_normal_.has_value();
  std::vector<uint8_t> bytes(sizeof s);
  std::memcpy(bytes.data(), &s, sizeof s);
  return bytes;
}

void Generator::set_state(const uint8_t* bytes, size_t size) {
  UNROLL_CHECK(size == kStateBytes, "Expected a CPUGeneratorImplState of size ", kStateBytes,
               " but found the input RNG state size to be ", size);
  SavedState s;
  std::memcpy(&s, bytes, sizeof s);
  // `left` and `next` say the same twice; a state in which they disagree was not saved by a generator.
  bool fresh = s.next == 0 && s.left == 1;
  bool drawn = s.next >= 1 && s.next <= kWords && s.left == static_cast<int64_t>(kWords + 1 - s.next);
  UNROLL_CHECK(s.seeded == 1 && (fresh || drawn), "Invalid mt19937 state");
  seed_ = s.seed;
  next_ = static_cast<uint32_t>(s.next);
  for (uint32_t i = 0; i < kWords; ++i) words_[i] = static_cast<uint32_t>(s.words[i]);
  next_normal_ = s.has_next_normal ? std::optional(s.next_normal) : std::nullopt;
  next_float_normal_ = s.has_next_float_normal ? std::optional(s.next_float_normal) : std::nullopt;
}

Generator& default_generator() {
  static Generator generator = [] {
    Generator seeded;
    seeded.seed();
    return seeded;
  }();
  return generator;
}

}  // namespace unroll
