#include "backend/opencl/allocator.h"

#include "backend/opencl/device.h"
#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(a_freed_buffer_is_given_out_again) {
  Device& device = opencl_device();
  const MemoryFigures before = device.memory();
  void* const first = device.allocate(100000);
  CHECK(device.memory().allocated >= before.allocated + 100000);
  CHECK(device.memory().peak >= before.allocated + 100000);
  device.free(first, 100000);
  CHECK(device.memory().allocated == before.allocated);
  CHECK(device.memory().reserved >= before.allocated + 100000);
  void* const second = device.allocate(99000);
  CHECK(first == second);
  device.free(second, 99000);
  device.empty_cache();
  CHECK(device.memory().reserved == device.memory().allocated);
}

TEST(too_large_a_request_says_what_was_asked_and_what_is_free) {
  Device& device = opencl_device();
  const Tensor kept = to_device(counting({1000}), device);
  const std::string thrown = check::thrown_by([&] { empty({int64_t{1} << 44}, DType::Float32, device); });
  CHECK(thrown.starts_with("out of memory on opencl:0: tried to allocate 70368744177664 bytes, of "));
  CHECK(thrown.find(" are free") != std::string::npos);
  CHECK(difference(counting({1000}), kept) == 0);
}
