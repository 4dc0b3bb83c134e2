// The devices of this machine.
#include "backend/opencl/devices.h"

#include <algorithm>
#include <atomic>

#include "backend/device.h"
#include "backend/opencl/clblast.h"
#include "tensor/error.h"

namespace unroll {

const std::vector<Device*>& devices() {
  static const std::vector<Device*> all = [] {
    std::vector<Device*> found{&cpu_device()};
    for (Device* device : opencl::found().devices) found.push_back(device);
    return found;
  }();
  return all;
}

int64_t place_of(const Device& device) {
  return std::find(devices().begin(), devices().end(), &device) - devices().begin();
}

namespace {
std::atomic<Device*> chosen{nullptr};
}
Device* accelerator() { return chosen.load(); }
void choose_accelerator(Device* device) { chosen.store(device); }

const std::string& why_only_cpu() { return opencl::found().why_none; }

const std::string& why_no_clblast() { return opencl::why_no_clblast(); }

Device& device_named(const std::string& name) {
  if (name == "cpu") return cpu_device();
  std::string known;
  for (Device* device : devices()) {
    if (device->name() == name) return *device;
    known += (known.empty() ? "" : ", ") + device->name();
  }
  fail(ErrorKind::Runtime, "there is no device '", name, "'; there are: ", known);
}

}  // namespace unroll
