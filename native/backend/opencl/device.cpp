#include "backend/opencl/device.h"

#include <algorithm>
#include <bit>

#include "backend/opencl/devices.h"
#include "backend/opencl/programs.h"
#include "tensor/error.h"

namespace unroll::opencl {

namespace {

/** Of all of the device's memory, what the driver itself and others leave. */
constexpr double kUsable = 0.95;

/** ZERO_DIVISION of kernels/common.cl. */
constexpr int32_t kZeroDivision = 2;

Memory memory_of(void* block) { return static_cast<Memory>(block); }

std::string trimmed(std::string name) {
  name.erase(std::find(name.begin(), name.end(), '\0'), name.end());
  const size_t first = name.find_first_not_of(' '), last = name.find_last_not_of(' ');
  return first == std::string::npos ? "" : name.substr(first, last - first + 1);
}

}  // namespace

std::string ClDevice::ask(uint32_t what) const {
  size_t length = 0;
  if (api_.get_device_info(id_, what, 0, nullptr, &length) != kSuccess) return "";
  std::string answer(length, '\0');
  if (api_.get_device_info(id_, what, length, answer.data(), nullptr) != kSuccess) return "";
  return trimmed(answer);
}

template <class T>
T ClDevice::ask_number(uint32_t what) const {
  T answer = 0;
  check(api_.get_device_info(id_, what, sizeof answer, &answer, nullptr), "clGetDeviceInfo");
  return answer;
}

ClDevice::ClDevice(const Api& api, Platform platform, DeviceId id, int number)
    : api_(api), id_(id), name_("opencl:" + std::to_string(number)) {
  char vendor[256] = "";
  api_.get_platform_info(platform, kPlatformName, sizeof vendor - 1, vendor, nullptr);
  description_ = ask(kDeviceName);
  driver_ = std::string(vendor) + " " + ask(kDriverVersion);
  identity_ = description_ + "\n" + driver_ + "\n" + ask(kDeviceVersion);
  // A driver may name the extension and have no precision to show for it, or the other way round: both must
  // agree.
  has_float64_ =
      ask(kDeviceExtensions).find("cl_khr_fp64") != std::string::npos && ask_number<Bits>(kDoubleConfig) != 0;
  group_size_ = std::min<size_t>(256, std::bit_floor(std::max<size_t>(1, ask_number<size_t>(kMaxGroupSize))));
  total_memory_ = static_cast<int64_t>(ask_number<uint64_t>(kGlobalMemory));

  Status status = kSuccess;
  context_ = api_.create_context(nullptr, 1, &id_, nullptr, nullptr, &status);
  check(status, "clCreateContext");
  queue_ = api_.create_queue(context_, id_, 0, &status);
  check(status, "clCreateCommandQueue");
  allocator_.open(api_, context_, name_, static_cast<int64_t>(static_cast<double>(total_memory_) * kUsable),
                  static_cast<int64_t>(ask_number<uint64_t>(kMaxAllocation)));
  fault_ = allocator_.allocate(sizeof(int32_t));
  fill_zero(fault_, 0, sizeof(int32_t));
  programs_ = std::make_unique<Programs>(*this);
}

ClDevice::~ClDevice() = default;

void* ClDevice::allocate(size_t bytes) {
  void* const block = allocator_.allocate(bytes);
  counters.buffers = allocator_.made();
  return block;
}

void ClDevice::free(void* block, size_t bytes) { allocator_.free(memory_of(block), bytes); }

void ClDevice::copy_in(void* block, size_t offset, const void* host, size_t bytes) {
  if (bytes == 0) return;  // which drivers refuse
  ++counters.copies_in;
  check(api_.enqueue_write(queue_, memory_of(block), kBlocking, offset, bytes, host, 0, nullptr, nullptr),
        "clEnqueueWriteBuffer");
}

void ClDevice::copy_out(void* host, void* block, size_t offset, size_t bytes) {
  if (bytes == 0) return;
  ++counters.copies_out;
  check(api_.enqueue_read(queue_, memory_of(block), kBlocking, offset, bytes, host, 0, nullptr, nullptr),
        "clEnqueueReadBuffer");
  raise_fault();
}

void ClDevice::fill_zero(void* block, size_t offset, size_t bytes) {
  const unsigned char zero = 0;
  check(api_.enqueue_fill(queue_, memory_of(block), &zero, sizeof zero, offset, bytes, 0, nullptr, nullptr),
        "clEnqueueFillBuffer");
}

void ClDevice::synchronise() {
  check(api_.finish(queue_), "clFinish");
  raise_fault();
}

void ClDevice::raise_fault() {
  if (FaultsWait::is_on()) return;
  int32_t fault = 0;
  check(api_.enqueue_read(queue_, fault_, kBlocking, 0, sizeof fault, &fault, 0, nullptr, nullptr),
        "clEnqueueReadBuffer");
  if (fault == 0) return;
  fill_zero(fault_, 0, sizeof fault);
  if (fault == kZeroDivision)
    fail(ErrorKind::Runtime, "ZeroDivisionError in an operation on ", name_, " before this point");
  fail(ErrorKind::Index, "index out of range in an operation on ", name_, " before this point");
}

namespace {

Found look() {
  Found out;
  const Loader& loaded = loader();
  if (!loaded.absence.empty()) {
    out.why_none = loaded.absence;
    return out;
  }
  const Api& api = loaded.api;
  uint32_t count = 0;
  std::vector<Platform> platforms;
  if (api.get_platforms(0, nullptr, &count) == kSuccess) platforms.resize(count);
  if (count == 0 || api.get_platforms(count, platforms.data(), nullptr) != kSuccess) {
    out.why_none = "the OpenCL loader finds no driver";
    return out;
  }
  std::string failures;
  for (Platform platform : platforms) {
    uint32_t here = 0;
    if (api.get_devices(platform, kAllDeviceTypes, 0, nullptr, &here) != kSuccess || here == 0) continue;
    std::vector<DeviceId> ids(here);
    if (api.get_devices(platform, kAllDeviceTypes, here, ids.data(), nullptr) != kSuccess) continue;
    for (DeviceId id : ids) {
      try {
        // Never destroyed: tensors of static objects outlive every destructor.
        out.devices.push_back(new ClDevice(api, platform, id, static_cast<int>(out.devices.size())));
      } catch (const Error& error) {
        failures += std::string("; ") + error.what();
      }
    }
  }
  if (out.devices.empty()) out.why_none = "no OpenCL driver has a device" + failures;
  return out;
}

}  // namespace

const Found& found() {
  static const Found* const all = new Found(look());  // as its devices, never destroyed
  return *all;
}

}  // namespace unroll::opencl
