#include "backend/cpu/kernels/random.h"

#include <vector>

#include "check.h"
#include "rng/generator.h"

namespace cpu = unroll::cpu;

namespace {

struct Kernels {
  decltype(&cpu::baseline::mt_twist) twist;
  decltype(&cpu::baseline::mt_temper) temper;
  decltype(&cpu::baseline::uniform_f32) uniform;
  decltype(&cpu::baseline::bernoulli_u8) bernoulli;
  decltype(&cpu::baseline::box_muller_f32) box_muller;
};

/** All bytes the kernels make of one generator's words, n of them: no multiple of any vector's width. */
std::vector<uint8_t> made_by(const Kernels& k) {
  constexpr int64_t n = 617;
  std::vector<uint32_t> words(624), tempered(n);
  unroll::Generator(5).random(words.data(), 624);
  k.twist(words.data());
  k.temper(words.data(), tempered.data(), n);
  std::vector<uint8_t> below(n / 2);
  k.bernoulli(tempered.data(), below.data(), n / 2, uint64_t{1} << 51);
  std::vector<float> uniform(n), normal(n / 16 * 16);
  k.uniform(tempered.data(), uniform.data(), n, -0.3f, 0.7f);
  k.uniform(tempered.data(), normal.data(), static_cast<int64_t>(normal.size()), 0, 1);
  k.box_muller(normal.data(), n / 16, 0.5f, 0.02f);

  std::vector<uint8_t> bytes = below;
  auto append = [&](const auto& values) {
    const auto* begin = reinterpret_cast<const uint8_t*>(values.data());
    bytes.insert(bytes.end(), begin, begin + values.size() * sizeof(values[0]));
  };
  append(words);
  append(tempered);
  append(uniform);
  append(normal);
  return bytes;
}

}  // namespace

#if defined(__x86_64__)
#define KERNELS(isa)                                                                        \
  Kernels {                                                                                 \
    cpu::isa::mt_twist, cpu::isa::mt_temper, cpu::isa::uniform_f32, cpu::isa::bernoulli_u8, \
        cpu::isa::box_muller_f32                                                            \
  }

TEST(every_instruction_set_makes_the_same_bits) {
  std::vector<uint8_t> want = made_by(KERNELS(baseline));
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) CHECK(made_by(KERNELS(avx2)) == want);
  if (__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    CHECK(made_by(KERNELS(avx512)) == want);
}
#endif
