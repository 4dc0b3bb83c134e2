#include "telemetry/ring.h"

#include <cstring>
#include <thread>

#include "check.h"
#include "telemetry/drained.h"

using namespace unroll;

TEST(what_is_written_comes_out_whole_and_in_order) {
  Ring ring(16);
  CHECK(ring.write("abcdef", 6) && ring.write("ghij", 4));
  CHECK(!ring.write("klmnopq", 7));  // no room: nothing of it is written
  std::vector<uint8_t> out = drained(ring);
  CHECK(std::string(out.begin(), out.end()) == "abcdefghij");
  CHECK(ring.write("klmnopqrstuvwxyz", 16));  // wraps around
  out = drained(ring);
  CHECK(std::string(out.begin(), out.end()) == "klmnopqrstuvwxyz");
  CHECK(drained(ring).empty() && ring.empty());
}

TEST(two_threads_lose_nothing) {
  Ring ring(1024);
  constexpr uint32_t count = 100000;
  std::thread writer([&] {
    for (uint32_t i = 0; i < count; ++i)
      while (!ring.write(&i, sizeof i)) std::this_thread::yield();
  });
  uint32_t expected = 0;
  bool in_order = true;
  while (expected < count) {
    std::vector<uint8_t> bytes = drained(ring);
    for (size_t at = 0; at < bytes.size(); at += 4) {
      uint32_t value;
      std::memcpy(&value, bytes.data() + at, 4);
      in_order = in_order && value == expected++;
    }
  }
  writer.join();
  CHECK(in_order);
}

TEST(a_capacity_must_be_a_power_of_two) {
  CHECK(!check::thrown_by([] { Ring ring(100); }).empty());
}
