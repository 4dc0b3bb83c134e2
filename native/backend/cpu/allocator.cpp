#include "backend/cpu/allocator.h"

#include <algorithm>
#include <cstdlib>

#include "backend/size_classes.h"
#include "tensor/error.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, bytes) (static_cast<void>(address), static_cast<void>(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(address, bytes) (static_cast<void>(address), static_cast<void>(bytes))
#endif

namespace unroll::cpu {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;

void* from_system(size_t size) {
  void* data = std::aligned_alloc(size >= kHugePage ? kHugePage : kLine, size);
#if defined(__linux__)
  // Advice only: without huge pages the memory is as good, and slower.
  if (data && size >= kHugePage) static_cast<void>(madvise(data, size, MADV_HUGEPAGE));
#endif
  return data;
}

}  // namespace

size_t block_bytes(size_t bytes) {
  const size_t size = class_bytes(size_class(bytes));
  return size >= kHugePage ? (size + kHugePage - 1) / kHugePage * kHugePage : size;
}

void* CachingAllocator::allocate(size_t bytes) {
  if (bytes > kLargestBlock)
    fail(ErrorKind::OutOfMemory, "out of memory: tried to allocate ", bytes, " bytes");
  const size_t size = block_bytes(bytes);
  void* data = nullptr;
  {
    std::lock_guard lock(mutex_);
    if (allocated_ + static_cast<int64_t>(size) > limit_)
      fail(ErrorKind::OutOfMemory, "out of memory: tried to allocate ", bytes, " bytes, ", allocated_,
           " of at most ", limit_, " bytes are in use");
    std::vector<void*>& blocks = cached_[static_cast<size_t>(size_class(bytes))];
    if (!blocks.empty()) {
      data = blocks.back();
      blocks.pop_back();
      cached_bytes_ -= static_cast<int64_t>(size);
    }
    allocated_ += static_cast<int64_t>(size);
    peak_ = std::max(peak_, allocated_);
  }
  if (!data) data = from_system(size);
  if (!data) {
    empty_cache();
    data = from_system(size);
  }
  if (!data) {
    std::lock_guard lock(mutex_);
    allocated_ -= static_cast<int64_t>(size);
    fail(ErrorKind::OutOfMemory, "out of memory: tried to allocate ", bytes, " bytes, ", allocated_,
         " are in use");
  }
  ASAN_POISON_MEMORY_REGION(data, size);
  ASAN_UNPOISON_MEMORY_REGION(data, bytes);
  return data;
}

void CachingAllocator::free(void* data, size_t bytes) {
  const size_t size = block_bytes(bytes);
  {
    std::lock_guard lock(mutex_);
    allocated_ -= static_cast<int64_t>(size);
    if (cached_bytes_ + static_cast<int64_t>(size) <= cache_limit_) {
      ASAN_POISON_MEMORY_REGION(data, size);
      cached_[static_cast<size_t>(size_class(bytes))].push_back(data);
      cached_bytes_ += static_cast<int64_t>(size);
      return;
    }
  }
  ASAN_UNPOISON_MEMORY_REGION(data, size);
  std::free(data);
}

void CachingAllocator::release_cached(std::vector<void*>& blocks, size_t size) {
  for (void* data : blocks) {
    ASAN_UNPOISON_MEMORY_REGION(data, size);
    std::free(data);
    cached_bytes_ -= static_cast<int64_t>(size);
  }
  blocks.clear();
}

MemoryFigures CachingAllocator::figures() const {
  std::lock_guard lock(mutex_);
  return {allocated_, allocated_ + cached_bytes_, peak_};
}

void CachingAllocator::empty_cache() {
  std::lock_guard lock(mutex_);
  for (int i = 0; i < kSizeClasses; ++i)
    release_cached(cached_[static_cast<size_t>(i)], block_bytes(class_bytes(i)));
}

}  // namespace unroll::cpu
