// The processor's memory: blocks freed are kept and given out again, since a training step asks for the same
// sizes over and over and the system's own large blocks arrive as unmapped pages each time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "backend/device.h"
#include "backend/size_classes.h"

namespace unroll::cpu {

class CachingAllocator {
 public:
  /** `limit`: bytes given out beyond which a request is an error; `cache_limit`: bytes kept when free. */
  CachingAllocator(int64_t limit, int64_t cache_limit) : limit_(limit), cache_limit_(cache_limit) {}
  ~CachingAllocator() { empty_cache(); }
  CachingAllocator(const CachingAllocator&) = delete;
  CachingAllocator& operator=(const CachingAllocator&) = delete;

  /** 64-byte aligned, uninitialised. From 2 MiB up aligned to 2 MiB and on huge pages where the system has
   * them. */
  void* allocate(size_t bytes);
  /** `bytes` as given to allocate. */
  void free(void* data, size_t bytes);
  MemoryFigures figures() const;
  void empty_cache();

 private:
  void release_cached(std::vector<void*>& blocks, size_t size);

  mutable std::mutex mutex_;
  std::array<std::vector<void*>, kSizeClasses> cached_;
  int64_t limit_, cache_limit_;
  int64_t allocated_ = 0, cached_bytes_ = 0, peak_ = 0;
};

/** Bytes of the block that a request is served with: 64 at least, then eight sizes to each power of two. */
size_t block_bytes(size_t bytes);

}  // namespace unroll::cpu
