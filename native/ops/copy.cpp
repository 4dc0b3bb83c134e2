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

Tensor copy_(const Tensor& self, const Tensor& source) {
  if (self.is_same(source)) return self;
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
