// A block of a device's memory, shared by every view of it, with a counter of the writes it has seen.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "backend/device.h"

namespace unroll {

class Storage {
 public:
  Storage(Device& device, size_t bytes)
      : device_(device), bytes_(bytes), data_(bytes ? device.allocate(bytes) : nullptr) {}
  ~Storage() {
    if (data_) device_.free(data_, bytes_);
  }
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  Device& device() const { return device_; }
  char* data() const { return static_cast<char*>(data_); }
  size_t bytes() const { return bytes_; }

  /** Whatever is derived from the contents (packed weights) is keyed on this number. */
  uint64_t writes() const { return writes_.load(std::memory_order_acquire); }
  void mark_written() { writes_.fetch_add(1, std::memory_order_acq_rel); }
  /** Unique in the process's life, unlike the address. */
  uint64_t id() const { return id_; }

 private:
  static uint64_t next_id() {
    static std::atomic<uint64_t> next{1};
    return next.fetch_add(1, std::memory_order_relaxed);
  }
  Device& device_;
  size_t bytes_;
  void* data_;
  std::atomic<uint64_t> writes_{0};
  uint64_t id_ = next_id();
};

}  // namespace unroll
