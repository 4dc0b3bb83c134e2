// A device is these few functions. Absent hardware is a value (an empty list), never a crash.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace unroll {

enum class DeviceType : uint8_t { Cpu, OpenCl };
inline constexpr int kDeviceTypes = 2;

/** Bytes: given out now, held in all (given out + cached), and the most given out so far. */
struct MemoryFigures {
  int64_t allocated = 0, reserved = 0, peak = 0;
};

class Device {
 public:
  virtual ~Device() = default;
  virtual DeviceType type() const = 0;
  /** "cpu", "opencl:0": what a script writes. */
  virtual std::string name() const = 0;
  /** What a person reads: the processor's or card's own name. */
  virtual std::string description() const = 0;
  virtual int64_t total_memory() const = 0;
  /** At least `bytes` bytes, 64-byte aligned, uninitialised; OutOfMemory error with the size where there are
   * none. */
  virtual void* allocate(size_t bytes) = 0;
  virtual void free(void* data, size_t bytes) = 0;
  virtual void copy_in(void* to, const void* host, size_t bytes) = 0;
  virtual void copy_out(void* host, const void* from, size_t bytes) = 0;
  virtual void fill_zero(void* data, size_t bytes) = 0;
  virtual void synchronise() = 0;
  virtual MemoryFigures memory() const = 0;
  /** Gives cached memory back to the system. */
  virtual void empty_cache() = 0;
};

/** The processor: always there. */
Device& cpu_device();
/** Every device found on this machine, the processor first. */
const std::vector<Device*>& devices();
/** The device of that name; RuntimeError naming it and those that exist where there is none. */
Device& device_named(const std::string& name);

}  // namespace unroll
