// The processor as a device: its name, its memory and the allocator over it.
#include "backend/device.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>

#include "backend/cpu/allocator.h"

namespace unroll {

namespace {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "processor";
}

/** Physical memory, or what the control group leaves of it. */
int64_t physical_memory() {
  int64_t total = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    int64_t limit = 0;
    if (file >> limit && limit > 0) total = std::min(total, limit);  // "max" reads as no number
  }
  return total;
}

class Cpu final : public Device {
 public:
  DeviceType type() const override { return DeviceType::Cpu; }
  std::string name() const override { return "cpu"; }
  std::string description() const override { return processor_name(); }
  int64_t total_memory() const override { return total_memory_; }
  void* allocate(size_t bytes) override { return allocator_.allocate(bytes); }
  void free(void* block, size_t bytes) override { allocator_.free(block, bytes); }
  void copy_in(void* block, size_t offset, const void* host, size_t bytes) override {
    std::memcpy(static_cast<char*>(block) + offset, host, bytes);
  }
  void copy_out(void* host, void* block, size_t offset, size_t bytes) override {
    std::memcpy(host, static_cast<const char*>(block) + offset, bytes);
  }
  void fill_zero(void* block, size_t offset, size_t bytes) override {
    std::memset(static_cast<char*>(block) + offset, 0, bytes);
  }
  void synchronise() override {}
  MemoryFigures memory() const override { return allocator_.figures(); }
  void empty_cache() override { allocator_.empty_cache(); }

 private:
  const int64_t total_memory_ = physical_memory();
  cpu::CachingAllocator allocator_{total_memory_, total_memory_ / 4};
};

}  // namespace

// Never destroyed: tensors held by static objects or by other threads may outlive every destructor here.
Device& cpu_device() {
  static Cpu* const cpu = new Cpu;
  return *cpu;
}

}  // namespace unroll
