// A bounded queue of bytes between two threads: one writes whole records, one reads whatever is there.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace unroll {

class Ring {
 public:
  /** `capacity` bytes, a power of two. */
  explicit Ring(size_t capacity);

  /** The writer's side: appends all of it or, where there is no room, nothing. */
  bool write(const void* data, size_t bytes);
  /**
   * The reader's side: everything written so far, whole records only, into `to`, which has room for
   * `capacity()` bytes. Returns how many bytes that are.
   */
  size_t drain(uint8_t* to);
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
