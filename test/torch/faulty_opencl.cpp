// An OpenCL loader for tests: the installed one but for what it is asked to get wrong. FAULTY_LOSE_AFTER: the device is
// lost after so many launches; FAULTY_FLOAT64: it names the extension for float64 and has no precision to show for it;
// FAULTY_SMALL: a card with work-groups of 64 items and 32 KiB of local memory for each, without any extension.
#include <dlfcn.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace {

constexpr int32_t kInvalidQueue = -36, kInvalidGroupSize = -54, kOutOfResources = -5;
constexpr uint32_t kMaxGroupSize = 0x1004, kExtensions = 0x1030, kDoubleConfig = 0x1032;
constexpr uint32_t kKernelLocalMemory = 0x11b2;
constexpr size_t kSmallGroup = 64, kSmallMemory = 32 << 10;

template <class Function>
Function installed(Function, const char* name) {
  static void* const library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  return reinterpret_cast<Function>(dlsym(library, name));
}

bool is_lost(bool is_launch) {
  static const char* const after = std::getenv("FAULTY_LOSE_AFTER");
  static long launches = 0;
  if (is_launch) ++launches;
  return after && launches > std::atol(after);
}

const bool is_small = std::getenv("FAULTY_SMALL") != nullptr;
void* the_device = nullptr;

}  // namespace

extern "C" int32_t clGetKernelWorkGroupInfo(void* kernel, void* device, uint32_t what, size_t bytes, void* to,
                                            size_t* size);

extern "C" int32_t clEnqueueNDRangeKernel(void* queue, void* kernel, uint32_t dims, const size_t* offset,
                                          const size_t* global, const size_t* local, uint32_t waits,
                                          const void* events, void* event) {
  if (is_lost(true)) return kInvalidQueue;
  if (is_small && local) {
    size_t items = 1;
    for (uint32_t d = 0; d < dims; ++d) items *= local[d];
    if (items > kSmallGroup) return kInvalidGroupSize;
    uint64_t memory = 0;
    if (clGetKernelWorkGroupInfo(kernel, the_device, kKernelLocalMemory, sizeof memory, &memory, nullptr) != 0 ||
        memory > kSmallMemory)
      return kOutOfResources;
  }
  return installed(clEnqueueNDRangeKernel, "clEnqueueNDRangeKernel")(queue, kernel, dims, offset, global,
                                                                     local, waits, events, event);
}

extern "C" int32_t clEnqueueReadBuffer(void* queue, void* buffer, uint32_t blocking, size_t offset,
                                       size_t bytes, void* to, uint32_t waits, const void* events,
                                       void* event) {
  if (is_lost(false)) return kInvalidQueue;
  return installed(clEnqueueReadBuffer, "clEnqueueReadBuffer")(queue, buffer, blocking, offset, bytes, to,
                                                               waits, events, event);
}

extern "C" int32_t clGetDeviceInfo(void* device, uint32_t what, size_t bytes, void* to, size_t* size) {
  const int32_t status = installed(clGetDeviceInfo, "clGetDeviceInfo")(device, what, bytes, to, size);
  the_device = device;
  if (!to) return status;
  if (what == kDoubleConfig && (is_small || std::getenv("FAULTY_FLOAT64"))) std::memset(to, 0, bytes);
  if (is_small && what == kExtensions) std::memset(to, 0, bytes);
  if (is_small && what == kMaxGroupSize) std::memcpy(to, &kSmallGroup, sizeof kSmallGroup);
  return status;
}
