// A block of a device's memory, shared by every view of it, with a counter of the writes it has seen.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "backend/device.h"
#include "tensor/error.h"

namespace unroll {

class Storage {
 public:
  Storage(Device& device, size_t bytes)
      : device_(device),
        bytes_(bytes),
        block_(bytes ? device.allocate(bytes) : nullptr),
        is_on_host_(device.type() == DeviceType::Cpu) {}
  ~Storage() {
    if (block_) device_.free(block_, bytes_);
  }
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  Device& device() const { return device_; }
  /** What the device calls its memory; nullptr where there are no bytes. */
  void* block() const { return block_; }
  /** The memory's address. NotOnHost error where it is not the processor's: no other is ever dereferenced. */
  char* data() const {
    if (!is_on_host_) [[unlikely]]
      throw NotOnHost(device_.name());
    return static_cast<char*>(block_);
  }
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
  void* block_;
  bool is_on_host_;
  std::atomic<uint64_t> writes_{0};
  uint64_t id_ = next_id();
};

}  // namespace unroll
