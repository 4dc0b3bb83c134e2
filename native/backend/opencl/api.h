// The part of OpenCL 1.2 that is used, found at run time: neither a header nor a library of OpenCL's is
// needed to build or to start. Types and numbers are those of the specification.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace unroll::opencl {

// What the driver's objects are is the driver's affair; types of their own keep them apart.
using Platform = struct PlatformObject*;
using DeviceId = struct DeviceObject*;
using Context = struct ContextObject*;
using Queue = struct QueueObject*;
using Memory = struct MemoryObject*;
using Program = struct ProgramObject*;
using KernelObject = struct KernelObjectTag*;
using Event = struct EventObject*;
using Bits = uint64_t;
using Status = int32_t;

inline constexpr Status kSuccess = 0, kDeviceNotFound = -1, kMemoryObjectFailure = -4, kOutOfResources = -5,
                        kOutOfHostMemory = -6, kPlatformNotFound = -1001;
inline constexpr Bits kAllDeviceTypes = 0xffffffff, kReadWrite = 1;
inline constexpr uint32_t kBlocking = 1;
// what is asked of a platform, a device, a program's build and a program
inline constexpr uint32_t kPlatformName = 0x902;
inline constexpr uint32_t kMaxGroupSize = 0x1004, kMaxAllocation = 0x1010, kGlobalMemory = 0x101f,
                          kLocalMemory = 0x1023, kDeviceName = 0x102b, kDriverVersion = 0x102d,
                          kDeviceVersion = 0x102f, kDeviceExtensions = 0x1030, kDoubleConfig = 0x1032;
inline constexpr uint32_t kBuildLog = 0x1183, kBinarySizes = 0x1165, kBinaries = 0x1166;

/** The entry points. */
struct Api {
  Status (*get_platforms)(uint32_t, Platform*, uint32_t*);
  Status (*get_platform_info)(Platform, uint32_t, size_t, void*, size_t*);
  Status (*get_devices)(Platform, Bits, uint32_t, DeviceId*, uint32_t*);
  Status (*get_device_info)(DeviceId, uint32_t, size_t, void*, size_t*);
  Context (*create_context)(const intptr_t*, uint32_t, const DeviceId*,
                            void (*)(const char*, const void*, size_t, void*), void*, Status*);
  Queue (*create_queue)(Context, DeviceId, Bits, Status*);
  Memory (*create_buffer)(Context, Bits, size_t, void*, Status*);
  Status (*release_memory)(Memory);
  Program (*create_program)(Context, uint32_t, const char**, const size_t*, Status*);
  Program (*create_program_from_binary)(Context, uint32_t, const DeviceId*, const size_t*,
                                        const unsigned char**, Status*, Status*);
  Status (*build_program)(Program, uint32_t, const DeviceId*, const char*, void (*)(Program, void*), void*);
  Status (*get_build_info)(Program, DeviceId, uint32_t, size_t, void*, size_t*);
  Status (*get_program_info)(Program, uint32_t, size_t, void*, size_t*);
  Status (*release_program)(Program);
  KernelObject (*create_kernel)(Program, const char*, Status*);
  Status (*set_kernel_argument)(KernelObject, uint32_t, size_t, const void*);
  Status (*enqueue_kernel)(Queue, KernelObject, uint32_t, const size_t*, const size_t*, const size_t*,
                           uint32_t, const Event*, Event*);
  Status (*enqueue_read)(Queue, Memory, uint32_t, size_t, size_t, void*, uint32_t, const Event*, Event*);
  Status (*enqueue_write)(Queue, Memory, uint32_t, size_t, size_t, const void*, uint32_t, const Event*,
                          Event*);
  Status (*enqueue_copy)(Queue, Memory, Memory, size_t, size_t, size_t, uint32_t, const Event*, Event*);
  Status (*enqueue_fill)(Queue, Memory, const void*, size_t, size_t, size_t, uint32_t, const Event*, Event*);
  Status (*flush)(Queue);
  Status (*finish)(Queue);
};

/** The ICD loader's entry points, or why there are none. */
struct Loader {
  Api api{};
  std::string absence;  // "" where they are all there
};

/** Looks for the loader when first asked. UNROLL_OPENCL names another library than libOpenCL.so.1. */
const Loader& loader();

/** RuntimeError with the name of the call that failed and of its status. */
void check(Status status, const char* call);

}  // namespace unroll::opencl
