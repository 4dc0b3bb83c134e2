#include "telemetry/ring.h"

#include <algorithm>
#include <cstring>

#include "tensor/error.h"

namespace unroll {

Ring::Ring(size_t capacity) : capacity_(capacity), buffer_(std::make_unique<uint8_t[]>(capacity)) {
  UNROLL_CHECK(capacity && (capacity & (capacity - 1)) == 0, "a ring's capacity is a power of two, got ",
               capacity);
}

bool Ring::write(const void* data, size_t bytes) {
  const uint64_t written = written_.load(std::memory_order_relaxed);
  if (bytes > capacity_ - (written - read_.load(std::memory_order_acquire))) return false;
  const size_t at = written & (capacity_ - 1);
  const size_t first = std::min(bytes, capacity_ - at);
  std::memcpy(buffer_.get() + at, data, first);
  std::memcpy(buffer_.get(), static_cast<const uint8_t*>(data) + first, bytes - first);
  written_.store(written + bytes, std::memory_order_release);
  return true;
}

size_t Ring::drain(uint8_t* to) {
  const uint64_t read = read_.load(std::memory_order_relaxed);
  const size_t bytes = static_cast<size_t>(written_.load(std::memory_order_acquire) - read);
  const size_t at = read & (capacity_ - 1);
  const size_t first = std::min(bytes, capacity_ - at);
  std::memcpy(to, buffer_.get() + at, first);
  std::memcpy(to + first, buffer_.get(), bytes - first);
  read_.store(read + bytes, std::memory_order_release);
  return bytes;
}

bool Ring::empty() const {
  return written_.load(std::memory_order_acquire) == read_.load(std::memory_order_acquire);
}

}  // namespace unroll
