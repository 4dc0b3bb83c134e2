// (operation, device) -> kernel. An operation declares a slot for its kernel; each backend fills its place in
// it.
//
//   // backend/kernels.h          inline constinit Kernel<void(const Tensor& a, const Tensor& b, Tensor&
//   out)> add_kernel{"add"};
//   // backend/cpu/pointwise.cpp  static const KernelOn<DeviceType::Cpu> add_on_cpu{add_kernel, add_cpu};
//   // ops/add.cpp                add_kernel(a.device_type(), a, b, out);
#pragma once

#include <tuple>

#include "backend/device.h"
#include "tensor/error.h"

namespace unroll {

class Tensor;
/** An argument of a kernel that computes in float32 what is stored in 16 bits: the argument itself. */
template <class A>
struct Widened {
  A value;
  explicit Widened(A given) : value(static_cast<A>(given)) {}
  void finish() const {}
  static bool is_half(const A&) { return false; }
};

template <class Signature>
class Kernel;

template <class... A>
class Kernel<void(A...)> {
 public:
  using Function = void (*)(A...);
  /** `widens`: the kernels know no 16-bit types; they are given float32 copies, which are written back. */
  constexpr explicit Kernel(const char* name, bool widens = false) : name_(name), widens_(widens) {}

  void set(DeviceType device, Function function) { functions_[static_cast<int>(device)] = function; }
  /** Whether the device has this kernel: an operation that can be composed of others asks first. */
  bool on(DeviceType device) const { return functions_[static_cast<int>(device)] != nullptr; }
  void operator()(DeviceType device, A... args) const {
    Function function = functions_[static_cast<int>(device)];
    if (!function) [[unlikely]]
      refuse(device, args...);
    if (widens_ && (Widened<A>::is_half(args) || ...)) [[unlikely]] {
      const std::tuple<Widened<A>...> wide(static_cast<A>(args)...);
      std::apply([&](auto&... each) { function(static_cast<A>(each.value)...); }, wide);
      std::apply([](auto&... each) { (each.finish(), ...); }, wide);
      return;
    }
    function(static_cast<A>(args)...);
  }

 private:
  /** Names the first of the arguments' devices that has no such kernel. */
  [[noreturn]] void refuse(DeviceType type, A... args) const {
    std::string where = "the device";
    (name_device(type, args, where) || ...);
    fail(ErrorKind::NotImplemented, "the operation '", name_, "' is not supported on ", where);
  }
  template <class Argument>
  static bool name_device(DeviceType type, const Argument& argument, std::string& where) {
    if constexpr (requires { argument.device_type(); }) {
      if (!argument.defined() || argument.device_type() != type) return false;
      where = argument.device().name();
      return true;
    }
    return false;
  }

  const char* name_;
  bool widens_;
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
