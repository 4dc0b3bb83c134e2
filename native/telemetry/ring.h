// A bounded queue of bytes between two threads: one writes whole records, one reads whatever is there.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace unroll {

class Ring {
 public:
  /** `capacity` bytes, a power of two. */
  explicit Ring(size_t capacity);

  /** The writer's side: appends all of it or, where there is no room, nothing. */
  bool write(const void* data, size_t bytes);
  /** The reader's side: everything written so far, whole records only. */
  std::vector<uint8_t> drain();
  size_t capacity() const { return capacity_; }
  bool empty() const;

 private:
  size_t capacity_;
  std::unique_ptr<uint8_t[]> buffer_;
  // Counted up for ever; the position is the count modulo the capacity. On lines of their own: each is one
  // side's.
  alignas(64) std::atomic<uint64_t> written_{0};
  alignas(64) std::atomic<uint64_t> read_{0};
};

}  // namespace unroll
