// The same operation on the processor and on an OpenCL device: values and gradients side by side.
#pragma once

#include <cmath>
#include <functional>
#include <string>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "check.h"
#include "ops/ops.h"
#include "values.h"

/** What the driver and its compiler never free is not ours to free. */
extern "C" inline __attribute__((used, visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:libpocl\nleak:libOpenCL\nleak:libLLVM\nleak:libclang\n";
}

namespace unroll {

/** The first OpenCL device: the tests need one (PoCL will do). */
inline Device& opencl_device() {
  for (Device* device : devices())
    if (device->type() == DeviceType::OpenCl) return *device;
  fail(ErrorKind::Runtime, "these tests need an OpenCL device: ", why_only_cpu());
}

/** A driver whose threads still build or run kernels while the process ends may crash there. */
inline void wait_for_devices() {
  for (Device* device : devices()) {
    try {
      device->synchronise();
    } catch (const Error&) {
      // An index out of range that a test has left unread: the device has finished all the same.
    }
  }
#if defined(__SANITIZE_ADDRESS__)
  // Now, while the driver's threads rest: later they are taken apart, and memory that is gone is looked
  // through.
  __lsan_do_leak_check();
#endif
}
inline const bool waits_at_end = (check::at_end = wait_for_devices, true);

inline std::vector<double> values_here(const Tensor& t) {
  return values(contiguous(to_device(detach(t), cpu_device())));
}

/** The greatest difference over the greatest magnitude; elements that are not finite must be alike. */
inline double difference(const Tensor& expected, const Tensor& got) {
  const std::vector<double> a = values_here(expected), b = values_here(got);
  if (a.size() != b.size()) return INFINITY;
  double apart = 0, size = 1e-30;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!std::isfinite(a[i]) || !std::isfinite(b[i])) {
      if (std::isnan(a[i]) ? std::isnan(b[i]) : a[i] == b[i]) continue;
      return INFINITY;
    }
    apart = std::max(apart, std::fabs(a[i] - b[i]));
    size = std::max(size, std::fabs(a[i]));
  }
  return apart / size;
}

using Operation = std::function<Tensors(const Tensors&)>;

/** What differs between the two devices by more than `tolerance`, "" where nothing does. */
inline std::string differs(const Operation& operation, const Tensors& inputs, double tolerance = 1e-4) {
  Tensors outs[2], grads[2];
  Device* const places[] = {&cpu_device(), &opencl_device()};
  for (int side = 0; side < 2; ++side) {
    Tensors given, leaves, differentiable, weights;
    for (const Tensor& t : inputs) {
      given.push_back(t.defined() ? detach(to_device(t, *places[side])) : t);
      if (!t.defined() || !is_floating(t.dtype())) continue;
      if (side == 0) given.back() = clone(given.back());
      set_requires_grad(given.back(), true);
      leaves.push_back(given.back());
    }
    outs[side] = operation(given);
    int seed = 50;
    for (const Tensor& out : outs[side]) {
      if (&out.device() != places[side]) return text("a result lies on ", out.device().name());
      if (!out.requires_grad()) continue;
      differentiable.push_back(out);
      weights.push_back(to_device(noisy(out.sizes(), out.dtype(), ++seed), *places[side]));
    }
    if (!differentiable.empty()) grads[side] = grad(differentiable, weights, leaves, {}, true);
  }
  std::string found;
  const auto compare = [&](const char* what, const Tensors& a, const Tensors& b) {
    if (a.size() != b.size()) found += text(" as many ", what, "s are wanted");
    for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
      if (a[i].defined() != b[i].defined()) {
        found += text(" ", what, " ", i, " is on one side only");
        continue;
      }
      if (!a[i].defined()) continue;
      if (!(a[i].sizes() == b[i].sizes()) || a[i].dtype() != b[i].dtype())
        found += text(" ", what, " ", i, " is of another shape or type");
      else if (const double apart = difference(a[i], b[i]); !(apart <= tolerance))
        found += text(" ", what, " ", i, " is ", apart, " apart");
    }
  };
  compare("result", outs[0], outs[1]);
  compare("gradient", grads[0], grads[1]);
  return found;
}

/** Fails with what differs, or what is thrown, under the name of the operation. */
inline void check_alike(const char* name, const Operation& operation, const Tensors& inputs,
                        double tolerance = 1e-4) {
  std::string found;
  try {
    found = differs(operation, inputs, tolerance);
  } catch (const Error& error) {
    found = text(" ", error.what());
  }
  if (!found.empty()) check::fail(__FILE__, __LINE__, text(name, ":", found));
}

}  // namespace unroll
