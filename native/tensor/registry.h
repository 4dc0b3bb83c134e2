// (operation, device) -> kernel. An operation declares a slot for its kernel; each backend fills its place in
// it.
//
//   // backend/kernels.h          inline constinit Kernel<void(const Tensor& a, const Tensor& b, Tensor&
//   out)> add_kernel{"add"};
//   // backend/cpu/pointwise.cpp  static const KernelOn<DeviceType::Cpu> add_on_cpu{add_kernel, add_cpu};
//   // ops/add.cpp                add_kernel(a.device_type(), a, b, out);
#pragma once

#include "backend/device.h"
#include "tensor/error.h"

namespace unroll {

const char* device_type_name(DeviceType type);

template <class Signature>
class Kernel;

template <class... A>
class Kernel<void(A...)> {
 public:
  using Function = void (*)(A...);
  constexpr explicit Kernel(const char* name) : name_(name) {}

  void set(DeviceType device, Function function) { functions_[static_cast<int>(device)] = function; }
  /** Whether the device has this kernel: an operation that can be composed of others asks first. */
  bool on(DeviceType device) const { return functions_[static_cast<int>(device)] != nullptr; }
  void operator()(DeviceType device, A... args) const {
    Function function = functions_[static_cast<int>(device)];
    UNROLL_CHECK_KIND(NotImplemented, function, "the operation '", name_, "' is not supported on device ",
                      device_type_name(device));
    function(args...);
  }

 private:
  const char* name_;
  Function functions_[kDeviceTypes] = {};
};

/** Registers a kernel while the program starts. */
template <DeviceType device>
struct KernelOn {
  template <class Signature>
  KernelOn(Kernel<Signature>& kernel, typename Kernel<Signature>::Function function) {
    kernel.set(device, function);
  }
};

}  // namespace unroll
