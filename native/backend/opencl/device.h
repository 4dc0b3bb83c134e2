// An OpenCL device: its memory, its queue, and what runs on it. Commands run in the order in which they were
// given, while the caller goes on; who reads a value waits for it.
#pragma once

#include <memory>
#include <string>

#include "backend/device.h"
#include "backend/opencl/allocator.h"
#include "backend/opencl/api.h"

namespace unroll::opencl {

class Programs;

/** What the device has done since the process began. */
struct Counters {
  int64_t launches = 0, copies_in = 0, copies_out = 0, buffers = 0, builds = 0;
};

class ClDevice final : public Device {
 public:
  /** Throws where the driver gives no context or no queue. */
  ClDevice(const Api& api, Platform platform, DeviceId id, int number);
  ~ClDevice() override;
  ClDevice(const ClDevice&) = delete;
  ClDevice& operator=(const ClDevice&) = delete;

  DeviceType type() const override { return DeviceType::OpenCl; }
  std::string name() const override { return name_; }
  std::string description() const override { return description_; }
  std::string driver() const override { return driver_; }
  bool has_float64() const override { return has_float64_; }
  int64_t total_memory() const override { return total_memory_; }
  void* allocate(size_t bytes) override;
  void free(void* block, size_t bytes) override;
  void copy_in(void* block, size_t offset, const void* host, size_t bytes) override;
  void copy_out(void* host, void* block, size_t offset, size_t bytes) override;
  void fill_zero(void* block, size_t offset, size_t bytes) override;
  void synchronise() override;
  MemoryFigures memory() const override { return allocator_.figures(); }
  void empty_cache() override { allocator_.empty_cache(); }

  const Api& api() const { return api_; }
  DeviceId id() const { return id_; }
  Context context() const { return context_; }
  Queue queue() const { return queue_; }
  Programs& programs() { return *programs_; }
  /** The largest work-group, a power of two of at most 256. */
  size_t group_size() const { return group_size_; }
  /** Of work-groups of tile() by tile() items. */
  size_t tile() const { return group_size_ >= 256 ? 16 : group_size_ >= 64 ? 8 : 1; }
  /** One int on the device: not 0 once a kernel has met an index out of range. Looked at whenever a value is
   * read. */
  Memory fault() const { return fault_; }
  /** All that tells this device's programs from another's. */
  const std::string& identity() const { return identity_; }

  Counters counters;

 private:
  std::string ask(uint32_t what) const;
  template <class T>
  T ask_number(uint32_t what) const;
  /** IndexError where a kernel has met an index out of range since the last look. */
  void raise_fault();

  const Api& api_;
  DeviceId id_;
  std::string name_, description_, driver_, identity_;
  int64_t total_memory_ = 0;
  bool has_float64_ = false;
  size_t group_size_ = 1;
  Context context_ = nullptr;
  Queue queue_ = nullptr;
  Memory fault_ = nullptr;
  Allocator allocator_;
  std::unique_ptr<Programs> programs_;
};

}  // namespace unroll::opencl
