// A device's memory: buffers freed are kept and given out again, which is safe at once since the queue runs
// in order.
#pragma once

#include <array>
#include <mutex>
#include <string>
#include <vector>

#include "backend/device.h"
#include "backend/opencl/api.h"
#include "backend/size_classes.h"

namespace unroll::opencl {

class Allocator {
 public:
  /** To be called once, before all else. `limit`: bytes in all; `largest`: of one buffer. */
  void open(const Api& api, Context context, std::string device, int64_t limit, int64_t largest);
  /** At least `bytes` bytes. OutOfMemory error with what was asked and what is free; nothing given out
   * changes. */
  Memory allocate(size_t bytes);
  /** `bytes` as given to allocate. */
  void free(Memory buffer, size_t bytes);
  MemoryFigures figures() const;
  /** Returns the cached buffers to the driver. */
  void empty_cache();
  /** Buffers that the driver has made. */
  int64_t made() const { return made_; }

 private:
  Memory from_driver(size_t size);
  void release_all();
  [[noreturn]] void refuse(size_t bytes) const;

  const Api* api_ = nullptr;
  Context context_ = nullptr;
  std::string device_;
  int64_t limit_ = 0, largest_ = 0;
  mutable std::mutex mutex_;
  std::array<std::vector<Memory>, kSizeClasses> cached_;
  int64_t allocated_ = 0, cached_bytes_ = 0, peak_ = 0, made_ = 0;
};

}  // namespace unroll::opencl
