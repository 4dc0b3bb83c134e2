#include "tensor/tensor.h"

#include "autograd/variable.h"

namespace unroll {

TensorImpl::TensorImpl() = default;
TensorImpl::~TensorImpl() = default;

bool Tensor::is_contiguous() const {
  int64_t expected = 1;
  for (int i = dim() - 1; i >= 0; --i) {
    int64_t n = sizes()[i];
    if (n == 0) return true;
    if (n != 1 && strides()[i] != expected) return false;
    expected *= n;
  }
  return true;
}

bool Tensor::is_dense() const {
  if (numel() < 2) return true;
  const Dims order = by_stride(strides());
  int64_t expected = 1;
  for (int k = 0; k < dim(); ++k) {
    const int d = static_cast<int>(order[k]);
    const int64_t n = sizes()[d];
    if (n == 1) continue;
    if (strides()[d] != expected) return false;
    expected *= n;
  }
  return true;
}

void Tensor::mark_written() const {
  impl_->storage->mark_written();
  ++impl_->version->value;
}

Tensor empty_strided(const Dims& sizes, const Dims& strides, DType dtype, Device& device) {
  int64_t extent = 1, numel = 1;
  for (int i = 0; i < sizes.size(); ++i) {
    UNROLL_CHECK(sizes[i] >= 0, "Trying to create tensor with negative dimension ", sizes[i], ": ", sizes);
    extent += (sizes[i] - 1) * strides[i];
  }
  numel = numel_of(sizes);
  int64_t bytes = 0;
  UNROLL_CHECK(!__builtin_mul_overflow(numel ? extent : 0, item_size(dtype), &bytes), "the size in bytes of ",
               sizes, " overflows");
  auto impl = std::make_shared<TensorImpl>();
  impl->storage = std::make_shared<Storage>(device, static_cast<size_t>(bytes));
  impl->sizes = sizes;
  impl->strides = strides;
  impl->numel = numel;
  impl->dtype = dtype;
  impl->version = std::make_shared<VersionCounter>();
  return Tensor(std::move(impl));
}

Tensor empty(const Dims& sizes, DType dtype, Device& device) {
  return empty_strided(sizes, contiguous_strides(sizes), dtype, device);
}

Tensor alias(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset) {
  auto impl = std::make_shared<TensorImpl>();
  impl->storage = t.impl().storage;
  impl->sizes = sizes;
  impl->strides = strides;
  impl->offset = offset;
  impl->numel = numel_of(sizes);
  impl->dtype = t.dtype();
  impl->version = t.impl().version;
  return Tensor(std::move(impl));
}

Tensor detached(const Tensor& t, bool share_version) {
  Tensor out = alias(t, t.sizes(), t.strides(), t.offset());
  if (!share_version) out.impl().version = std::make_shared<VersionCounter>();
  return out;
}

}  // namespace unroll
