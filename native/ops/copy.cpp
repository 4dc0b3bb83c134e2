// Copies, conversions and fills.
#include "autograd/variable.h"
#include "backend/kernels.h"
#include "ops/ops.h"
#include "ops/pointwise.h"
#include "telemetry/recorder.h"

namespace unroll {

Tensor widened(const Tensor& t) {
  if (!t.defined() || !is_half(t.dtype())) return t;
  const Dims strides = t.is_dense() ? t.strides() : contiguous_strides(t.sizes());
  Tensor wide = empty_strided(t.sizes(), strides, DType::Float32, t.device());
  copy_kernel(t.device_type(), wide, t);
  return wide;
}

void narrow(const Tensor& wide, const Tensor& into) {
  if (!wide.is_same(into)) copy_kernel(into.device_type(), into, wide);
}

namespace {

Tensor copied(const Tensor& t, const Dims& strides, DType dtype, const char* name) {
  Tensor out = empty_strided(t.sizes(), strides, dtype, t.device());
  copy_kernel(t.device_type(), out, t);
  if (needs_grad(t)) record(out, name, {t}, [](Node&, const Tensor& g) -> Tensors { return {g}; });
  return out;
}

/** A result for every element of which `source` (undefined: a constant) alone counts, and nothing of `old`.
 */
Tensor overwritten(const Tensor& old, const Tensor& source, const char* name, Tensor value) {
  record(value, name, {old, source}, [](Node&, const Tensor& g) -> Tensors { return {Tensor(), g}; });
  return value;
}

Tensor filled(const Tensor& self, const Scalar& value, const char* name) {
  in_place(
      self, false, [&] { fill_kernel(self.device_type(), self, value); },
      [&](const Tensor& old) {
        Tensor out = empty(self.sizes(), self.dtype(), self.device());
        fill_kernel(self.device_type(), out, value);
        return overwritten(old, Tensor(), name, std::move(out));
      });
  return self;
}

}  // namespace

Tensor clone(const Tensor& t) {
  return copied(t, result_strides(t.sizes(), {t}), t.dtype(), "CloneBackward0");
}

Tensor contiguous(const Tensor& t) {
  return t.is_contiguous() ? t : copied(t, contiguous_strides(t.sizes()), t.dtype(), "CloneBackward0");
}

Tensor to_dtype(const Tensor& t, DType dtype) {
  return t.dtype() == dtype ? t : copied(t, result_strides(t.sizes(), {t}), dtype, "ToCopyBackward0");
}

Tensor to_device(const Tensor& t, Device& device) {
  Device& from = t.device();
  if (&from == &device) return t;
  Tensor out;
  {
    GradMode off(false);
    const Tensor dense = t.is_dense() ? t : contiguous(t);
    out = empty_strided(t.sizes(), dense.strides(), t.dtype(), device);
    const size_t bytes = static_cast<size_t>(t.numel() * item_size(t.dtype()));
    std::vector<char> between(from.type() == DeviceType::Cpu || device.type() == DeviceType::Cpu ? 0 : bytes);
    char* const host = from.type() == DeviceType::Cpu     ? dense.raw_data()
                       : device.type() == DeviceType::Cpu ? out.raw_data()
                                                          : between.data();
    if (bytes && from.type() != DeviceType::Cpu)
      from.copy_out(host, dense.storage().block(), dense.byte_offset(), bytes);
    if (bytes && device.type() != DeviceType::Cpu) device.copy_in(out.storage().block(), 0, host, bytes);
  }
  if (needs_grad(t))
    record(out, "ToCopyBackward0", {t},
           [&from](Node&, const Tensor& g) -> Tensors { return {to_device(g, from)}; });
  return out;
}

Tensor copy_(const Tensor& self, const Tensor& other) {
  if (self.is_same(other)) return self;
  const Tensor source = to_device(other, self.device());
  check_writable(self, self.dtype(), {self, source});
  in_place(
      self, needs_grad(source), [&] { copy_kernel(self.device_type(), self, source); },
      [&](const Tensor& old) {
        Tensor out = empty(self.sizes(), self.dtype(), self.device());
        copy_kernel(self.device_type(), out, source);
        return overwritten(old, source, "CopyBackwards", std::move(out));
      });
  return self;
}

Tensor fill_(const Tensor& self, const Scalar& value) { return filled(self, value, "FillBackward0"); }

Tensor zero_(const Tensor& self) {
  recorder().note_clearing(self);
  return filled(self, Scalar::of(int64_t{0}), "ZeroBackward0");
}

}  // namespace unroll
