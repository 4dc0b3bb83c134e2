// PyTorch's CPU random number generator: the 32-bit Mersenne Twister, its seeding, and its saved state, bit
// for bit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace unroll {

/**
 * A stream of random 32-bit words and the normal sample left over from the last pair. A copy goes on from the
 * same point on its own. Not safe to share between threads: one thread draws, as one script does.
 */
class Generator {
 public:
  /** What a `torch.Generator()` nobody has seeded starts from. */
  static constexpr uint64_t kDefaultSeed = 67280421310721;
  /** Bytes of a saved state. */
  static constexpr size_t kStateBytes = 5056;

  explicit Generator(uint64_t seed = kDefaultSeed) { manual_seed(seed); }

  /** Starts the stream that belongs to `seed`, of which the low 32 bits count, and drops any left-over
   * sample. */
  void manual_seed(uint64_t seed);
  /** Seeds from the operating system's entropy; returns the seed taken, below 2^53. */
  uint64_t seed();
  /** The seed last given or taken. */
  uint64_t initial_seed() const { return seed_; }

  /** The next word. */
  uint32_t random() {
    if (next_ % kWords == 0) twist();
    return temper(words_[next_++]);
  }
  /** The next two words, the first of them the high half. */
  uint64_t random64() {
    uint64_t high = random();
    return high << 32 | random();
  }
  /** The next n words. */
  void random(uint32_t* out, int64_t n);

  /** Uniform on [0, 1): 24 bits of one word. */
  float uniform_float() { return static_cast<float>(random() & 0xffffff) * 0x1p-24f; }
  /** Uniform on [0, 1): 53 bits of two words. */
  double uniform_double() { return static_cast<double>(random64() & 0x1fffffffffffff) * 0x1p-53; }
  /** Standard normal, made in pairs (Box–Muller) of which the second is kept for the next call. */
  double normal_double();

  /** The state as torch.get_rng_state() lays it out. */
  std::vector<uint8_t> get_state() const;
  /** Continues from a state of get_state(), PyTorch's or ours; a wrong size or content is a RuntimeError. */
  void set_state(const uint8_t* bytes, size_t size);

 private:
  static constexpr uint32_t kWords = 624;

  static uint32_t temper(uint32_t y) {
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >> 18);
  }
  /** Replaces all words by the recurrence's next 624. */
  void twist();

  uint64_t seed_;
  uint32_t next_;  // in words_: 0 freshly seeded, 624 used up; either way the words are twisted first
  std::array<uint32_t, kWords> words_;
  std::optional<double> next_normal_;
  // Nothing on the CPU makes float samples in pairs; a state saved elsewhere may carry one, and keeps it.
  std::optional<float> next_float_normal_;
};

/** The generator of `torch.rand` and of all that names no other; seeded from entropy, as PyTorch's is. */
Generator& default_generator();

}  // namespace unroll
