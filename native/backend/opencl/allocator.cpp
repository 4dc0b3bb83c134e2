#include "backend/opencl/allocator.h"

#include <algorithm>

#include "tensor/error.h"

namespace unroll::opencl {

void Allocator::open(const Api& api, Context context, std::string device, int64_t limit, int64_t largest) {
  api_ = &api;
  context_ = context;
  device_ = std::move(device);
  limit_ = limit;
  largest_ = largest;
}

void Allocator::refuse(size_t bytes) const {
  fail(ErrorKind::OutOfMemory, "out of memory on ", device_, ": tried to allocate ", bytes, " bytes, of ",
       limit_, " bytes ", limit_ - allocated_, " are free",
       static_cast<int64_t>(bytes) > largest_ ? text(" (one tensor may have ", largest_, " at most)") : "",
       ". A smaller batch, a shorter sequence or a smaller model needs less.");
}

Memory Allocator::from_driver(size_t size) {
  Status status = kSuccess;
  const Memory buffer = api_->create_buffer(context_, kReadWrite, size, nullptr, &status);
  if (status != kSuccess) return nullptr;
  ++made_;
  return buffer;
}

Memory Allocator::allocate(size_t bytes) {
  std::lock_guard lock(mutex_);
  if (bytes > kLargestBlock) refuse(bytes);
  const int index = size_class(bytes);
  const auto size = static_cast<int64_t>(class_bytes(index));
  if (size > largest_ || allocated_ + size > limit_) refuse(bytes);
  std::vector<Memory>& buffers = cached_[static_cast<size_t>(index)];
  Memory buffer = nullptr;
  if (!buffers.empty()) {
    buffer = buffers.back();
    buffers.pop_back();
    cached_bytes_ -= size;
  } else {
    if (allocated_ + cached_bytes_ + size > limit_) release_all();
    buffer = from_driver(static_cast<size_t>(size));
    if (!buffer) {
      release_all();
      buffer = from_driver(static_cast<size_t>(size));
    }
    if (!buffer) refuse(bytes);
  }
  allocated_ += size;
  peak_ = std::max(peak_, allocated_);
  return buffer;
}

void Allocator::free(Memory buffer, size_t bytes) {
  std::lock_guard lock(mutex_);
  const int index = size_class(bytes);
  const auto size = static_cast<int64_t>(class_bytes(index));
  cached_[static_cast<size_t>(index)].push_back(buffer);
  allocated_ -= size;
  cached_bytes_ += size;
}

MemoryFigures Allocator::figures() const {
  std::lock_guard lock(mutex_);
  return {allocated_, allocated_ + cached_bytes_, peak_};
}

void Allocator::empty_cache() {
  std::lock_guard lock(mutex_);
  release_all();
}

void Allocator::release_all() {
  for (std::vector<Memory>& buffers : cached_) {
    for (Memory buffer : buffers) api_->release_memory(buffer);
    buffers.clear();
  }
  cached_bytes_ = 0;
}

}  // namespace unroll::opencl
