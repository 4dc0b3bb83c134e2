#include "backend/device.h"

#include <cstring>

#include "check.h"

using namespace unroll;

TEST(the_processor_is_the_first_device) {
  CHECK(devices().at(0) == &cpu_device());
  CHECK(&device_named("cpu") == &cpu_device());
  CHECK(cpu_device().name() == "cpu");
  CHECK(!cpu_device().description().empty());
  CHECK(cpu_device().total_memory() > int64_t{64} << 20);
}

TEST(an_unknown_device_is_named_with_those_there_are) {
  CHECK(check::thrown_by([] {
          device_named("cuda");
        }).starts_with("there is no device 'cuda'; there are: cpu"));
}

TEST(memory_goes_in_and_out) {
  Device& cpu = cpu_device();
  const int64_t before = cpu.memory().allocated;
  char* data = static_cast<char*>(cpu.allocate(100));
  CHECK(cpu.memory().allocated > before);
  char text[6] = "hello", back[6] = "";
  cpu.copy_in(data, 0, text, 6);
  cpu.copy_out(back, data, 0, 6);
  CHECK(std::strcmp(back, "hello") == 0);
  cpu.fill_zero(data, 0, 100);
  CHECK(data[0] == 0 && data[99] == 0);
  cpu.free(data, 100);
  CHECK(cpu.memory().allocated == before);
}
