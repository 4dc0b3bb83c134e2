#include "ops/pointwise.h"

#include "tensor/iterator.h"

namespace unroll {

DType result_type(const Tensor& a, const Tensor& b) {
  if ((a.dim() == 0) == (b.dim() == 0)) return promote_types(a.dtype(), b.dtype());
  const DType high = a.dim() ? a.dtype() : b.dtype(), low = a.dim() ? b.dtype() : a.dtype();
  if (is_floating(high)) return high;
  return high == DType::Bool || is_floating(low) ? promote_types(high, low) : high;
}

Dims broadcast_sizes(const Operands& operands) {
  Dims sizes;
  bool is_first = true;
  for (int i = 0; i < operands.size(); ++i) {
    const Tensor* t = operands[i].tensor();
    if (!t) continue;
    if (is_first)
      sizes = t->sizes();
    else if (!(sizes == t->sizes()))
      sizes = broadcast_sizes(sizes, t->sizes());
    is_first = false;
  }
  return sizes;
}

Dims result_strides(const Dims& sizes, const Operands& operands) {
  bool all_contiguous = true;
  for (int i = 0; i < operands.size(); ++i) {
    const Tensor* t = operands[i].tensor();
    all_contiguous &= !t || t->is_contiguous();
  }
  if (all_contiguous) return contiguous_strides(sizes);
  Iterator iterator(sizes);
  for (int i = 0; i < operands.size(); ++i)
    if (const Tensor* t = operands[i].tensor()) iterator.add(nullptr, t->sizes(), t->strides(), 1);
  int order[kMaxDims];
  iterator.memory_order(order);
  Dims strides(sizes.size(), 1);
  int64_t next = 1;
  for (int i = sizes.size() - 1; i >= 0; --i) {
    strides[order[i]] = next;
    next *= std::max<int64_t>(sizes[order[i]], 1);
  }
  return strides;
}

namespace {

/** Numbers, and tensors without dimensions on the processor, go with any device. */
Device& device_of(const Operands& operands) {
  Device* device = nullptr;
  for (int i = 0; i < operands.size(); ++i) {
    const Tensor* t = operands[i].tensor();
    if (!t || (t->dim() == 0 && t->device_type() == DeviceType::Cpu)) continue;
    UNROLL_CHECK(!device || device == &t->device(),
                 "Expected all tensors to be on the same device, but found at least two "
                 "devices, ",
                 device->name(), " and ", t->device().name(), "!");
    device = &t->device();
  }
  return device ? *device : cpu_device();
}

/** First and last byte of its storage that t reaches. */
std::pair<int64_t, int64_t> reach(const Tensor& t) {
  const int64_t item = item_size(t.dtype()), first = t.offset() * item;
  int64_t last = first + item - 1;
  for (int i = 0; i < t.dim(); ++i) last += (t.sizes()[i] - 1) * t.strides()[i] * item;
  return {first, last};
}

bool shares_part(const Tensor& self, const Tensor& t) {
  if (&self.storage() != &t.storage() || self.numel() == 0 || t.numel() == 0 || self.is_same(t)) return false;
  if (self.offset() == t.offset() && self.sizes() == t.sizes() && self.strides() == t.strides()) return false;
  if (!self.is_dense() || !t.is_dense()) return false;
  const auto [self_first, self_last] = reach(self);
  const auto [first, last] = reach(t);
  return self_first <= last && first <= self_last;
}

}  // namespace

Tensor pointwise(PointwiseOp op, DType compute, const Operands& operands, const Numbers& numbers) {
  Device& device = device_of(operands);
  const Dims sizes = broadcast_sizes(operands);
  Tensor out =
      empty_strided(sizes, result_strides(sizes, operands), gives_bool(op) ? DType::Bool : compute, device);
  pointwise_kernel(device.type(), op, compute, out, operands, numbers);
  return out;
}

void check_writable(const Tensor& self, DType compute, const Operands& operands) {
  device_of(operands);
  const bool loses = is_floating(compute) ? !is_floating(self.dtype())
                                          : compute != DType::Bool && self.dtype() == DType::Bool;
  UNROLL_CHECK(!loses, "result type ", scalar_type_name(compute),
               " can't be cast to the desired output type ", scalar_type_name(self.dtype()));
  const Dims sizes = broadcast_sizes(operands);
  UNROLL_CHECK(sizes == self.sizes(), "output with shape ", self.sizes(),
               " doesn't match the broadcast shape ", sizes);
  for (int i = 0; i < operands.size(); ++i) {
    const Tensor* t = operands[i].tensor();
    UNROLL_CHECK(!t || !shares_part(self, *t),
                 "unsupported operation: some elements of the input tensor and the written-to tensor refer "
                 "to a single memory "
                 "location. Please clone() the tensor before performing the operation.");
  }
}

Tensor pointwise_(const Tensor& self, bool others_need_grad, PointwiseOp op, DType compute,
                  const Operands& operands, const Numbers& numbers,
                  const std::function<Tensor(const Tensor& old)>& functional) {
  check_writable(self, compute, operands);
  in_place(
      self, others_need_grad,
      [&] { pointwise_kernel(self.device_type(), op, compute, self, operands, numbers); }, functional);
  return self;
}

}  // namespace unroll
