#include "rng/generator.h"

#include <cstring>

#include "../../golden/rng.h"
#include "check.h"
#include "rng/hash.h"

using unroll::Generator;

TEST(saved_states_are_pytorchs_byte_for_byte) {
  for (const golden::StateCase& want : golden::state_cases) {
    Generator g(want.seed);
    for (int64_t i = 0; i < want.words; ++i) g.random();
    for (int64_t i = 0; i < want.normals; ++i) g.normal_double();
    std::vector<uint8_t> state = g.get_state();
    double normal;
    std::memcpy(&normal, &state[5024], sizeof normal);
    std::memset(&state[5024], 0, sizeof normal);
    CHECK(fnv1a(state.data(), state.size()) == want.hash);
    CHECK_NEAR(normal, want.normal, 1e-14);
    CHECK(g.initial_seed() == want.seed);
  }
}

TEST(a_restored_generator_goes_on_where_the_saved_one_was) {
  for (int drawn : {0, 1, 623, 624, 625}) {
    Generator saved(7);
    for (int i = 0; i < drawn; ++i) saved.random();
    saved.normal_double();
    std::vector<uint8_t> state = saved.get_state();
    Generator restored(8);
    restored.set_state(state.data(), state.size());
    CHECK(restored.get_state() == state);
    CHECK(restored.initial_seed() == 7);
    for (int i = 0; i < 3; ++i) CHECK(restored.normal_double() == saved.normal_double());
    for (int i = 0; i < 1300; ++i) CHECK(restored.random() == saved.random());
  }
}

TEST(words_in_bulk_are_the_words_one_by_one) {
  Generator one(3), bulk(3);
  std::vector<uint32_t> words(2000);
  for (int64_t n : {1, 0, 622, 1, 1, 1247, 2000}) {
    bulk.random(words.data(), n);
    for (int64_t i = 0; i < n; ++i) CHECK(words[i] == one.random());
  }
  uint64_t high = one.random(), low = one.random();
  CHECK(bulk.random64() == (high << 32 | low));
}

TEST(states_no_generator_saved_are_refused) {
  Generator g(1);
  g.random();
  std::vector<uint8_t> good = g.get_state(), next = good, left = good, seeded = good, zeros(good.size());
  next[16] = 2;
  left[8] ^= 1;
  seeded[12] = 0;
  for (const auto& bad : {next, left, seeded, zeros})
    CHECK(check::thrown_by([&] { g.set_state(bad.data(), bad.size()); }) == "Invalid mt19937 state");
  CHECK(check::thrown_by([&] { g.set_state(good.data(), 50); }) ==
        "Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be 50");
  CHECK(g.get_state() == good);
}

TEST(seeding_from_entropy_takes_a_new_seed_below_2_to_53) {
  Generator g;
  CHECK(g.initial_seed() == 67280421310721);
  uint64_t first = g.seed();
  CHECK(first == g.initial_seed() && first < uint64_t{1} << 53);
  CHECK(g.seed() != first);
  CHECK(g.random() == Generator(g.initial_seed()).random());
  CHECK(unroll::default_generator().initial_seed() != Generator::kDefaultSeed);
}
