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
  /** Version of what drives it; "" where nothing does. */
  virtual std::string driver() const { return ""; }
  virtual bool has_float64() const { return true; }
  /**
   * A block of at least `bytes` bytes, 64-byte aligned, uninitialised; OutOfMemory error with the size where
   * there are none. What a block is, only its device knows: on the processor alone is it an address.
   */
  virtual void* allocate(size_t bytes) = 0;
  virtual void free(void* block, size_t bytes) = 0;
  // `offset` and `bytes` in bytes; a copy returns when the host's memory may be used again.
  virtual void copy_in(void* block, size_t offset, const void* host, size_t bytes) = 0;
  virtual void copy_out(void* host, void* block, size_t offset, size_t bytes) = 0;
  virtual void fill_zero(void* block, size_t offset, size_t bytes) = 0;
  virtual void synchronise() = 0;
  virtual MemoryFigures memory() const = 0;
  /** Gives cached memory back to the system. */
  virtual void empty_cache() = 0;
};

/**
 * While one lives, what a kernel could not compute (an index out of range) is not raised by the read that
 * comes upon it but by the next after: a look leaves the script its error. The trainer's thread alone.
 */
class FaultsWait {
 public:
  FaultsWait() { ++count_; }
  ~FaultsWait() { --count_; }
  FaultsWait(const FaultsWait&) = delete;
  FaultsWait& operator=(const FaultsWait&) = delete;
  static bool is_on() { return count_ > 0; }

 private:
  inline static int count_ = 0;
};

/** The processor: always there. */
Device& cpu_device();
/** Every device found on this machine, the processor first; looked for once, by the first who asks. */
const std::vector<Device*>& devices();
/** The device that a script's "cuda" stands for, chosen for the whole run; nullptr where none was. */
Device* accelerator();
void choose_accelerator(Device* device);
/** Its place in devices(). */
int64_t place_of(const Device& device);
/** Why there is no other device than the processor; "" where there is. */
const std::string& why_only_cpu();
/** Why a GPU's matrix products are our own kernels'; "" where they are CLBlast's. */
const std::string& why_no_clblast();
/** The device of that name; RuntimeError naming it and those that exist where there is none. */
Device& device_named(const std::string& name);

}  // namespace unroll
