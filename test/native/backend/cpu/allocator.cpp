#include "backend/cpu/allocator.h"

#include <cstring>
#include <thread>

#include "check.h"

using unroll::cpu::block_bytes;
using unroll::cpu::CachingAllocator;

TEST(blocks_hold_the_request_and_little_more) {
  size_t before = 0;
  for (size_t bytes = 1; bytes < (size_t{1} << 30); bytes += 1 + bytes / 7) {
    const size_t size = block_bytes(bytes);
    CHECK(size >= bytes && size % 64 == 0 && size >= before);
    CHECK(size <= bytes + bytes / 8 + (bytes < 512 ? 64 : 0) || size % (size_t{2} << 20) == 0);
    before = size;
  }
  CHECK(block_bytes(64) == 64);
  CHECK(block_bytes(1024) == 1024);
  CHECK(block_bytes(size_t{2} << 20) == size_t{2} << 20);
}

TEST(freed_blocks_come_back) {
  CachingAllocator memory(int64_t{1} << 30, int64_t{1} << 30);
  void* first = memory.allocate(1000);
  memory.free(first, 1000);
  CHECK(memory.allocate(990) == first);
  memory.free(first, 990);
}

TEST(alignment) {
  CachingAllocator memory(int64_t{1} << 30, int64_t{1} << 30);
  for (size_t bytes : {size_t{1}, size_t{100}, size_t{5000}, size_t{3} << 20}) {
    void* data = memory.allocate(bytes);
    const auto address = reinterpret_cast<uintptr_t>(data);
    CHECK(address % 64 == 0);
    if (bytes >= size_t{2} << 20) CHECK(address % (size_t{2} << 20) == 0);
    std::memset(data, 1, bytes);
    memory.free(data, bytes);
  }
}

TEST(figures_follow) {
  CachingAllocator memory(int64_t{1} << 30, int64_t{1} << 30);
  void *a = memory.allocate(1024), *b = memory.allocate(2048);
  memory.free(a, 1024);
  CHECK(memory.figures().allocated == 2048);
  CHECK(memory.figures().reserved == 3072);
  CHECK(memory.figures().peak == 3072);
  memory.empty_cache();
  CHECK(memory.figures().reserved == 2048);
  memory.free(b, 2048);
}

TEST(the_cache_is_bounded) {
  CachingAllocator memory(int64_t{1} << 30, 4096);
  void *a = memory.allocate(4096), *b = memory.allocate(4096);
  memory.free(a, 4096);
  memory.free(b, 4096);
  CHECK(memory.figures().reserved == 4096);
}

TEST(asking_for_too_much_is_an_error_with_the_size) {
  CachingAllocator memory(1 << 20, 1 << 20);
  void* half = memory.allocate(1 << 19);
  CHECK(check::thrown_by([&] { memory.allocate(1 << 20); }) ==
        "out of memory: tried to allocate 1048576 bytes, 524288 of at most 1048576 bytes are in use");
  CHECK(check::thrown_by([&] {
          memory.allocate(size_t{1} << 60);
        }).starts_with("out of memory: tried to allocate"));
  CHECK(memory.figures().allocated == 1 << 19);
  memory.free(half, 1 << 19);
}

TEST(threads_share_it) {
  CachingAllocator memory(int64_t{1} << 30, int64_t{1} << 30);
  const auto work = [&](char mark) {
    for (size_t i = 1; i < 2000; ++i) {
      const size_t bytes = i * 37 % 5000 + 1;
      char* data = static_cast<char*>(memory.allocate(bytes));
      std::memset(data, mark, bytes);
      CHECK(data[0] == mark && data[bytes - 1] == mark);
      memory.free(data, bytes);
    }
  };
  std::thread a(work, 'a'), b(work, 'b');
  a.join();
  b.join();
  CHECK(memory.figures().allocated == 0);
}
