// A tensor: sizes, strides and an offset into a storage, with its place in the autograd graph.
// `Tensor` is a counted reference to a TensorImpl; copying one copies the reference.
#pragma once

#include <memory>
#include <vector>

#include "tensor/dims.h"
#include "tensor/dtype.h"
#include "tensor/registry.h"
#include "tensor/storage.h"

namespace unroll {

struct AutogradMeta;
class Node;

/** Counts in-place writes as autograd sees them: shared by a base, its views and detach()ed aliases, not by
 * `.data`. */
struct VersionCounter {
  uint32_t value = 0;
};

struct TensorImpl {
  TensorImpl();
  ~TensorImpl();
  std::shared_ptr<Storage> storage;
  Dims sizes, strides;
  int64_t offset = 0;  // in elements
  int64_t numel = 0;
  DType dtype = DType::Float32;
  int32_t handle = 0;  // the script's handle to this tensor, 0 where it has none
  std::shared_ptr<VersionCounter> version;
  std::unique_ptr<AutogradMeta> autograd;  // none until the tensor takes part
};

class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(std::shared_ptr<TensorImpl> impl) : impl_(std::move(impl)) {}

  bool defined() const { return impl_ != nullptr; }
  TensorImpl& impl() const { return *impl_; }
  const std::shared_ptr<TensorImpl>& ptr() const { return impl_; }
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }

  const Dims& sizes() const { return impl_->sizes; }
  const Dims& strides() const { return impl_->strides; }
  int dim() const { return impl_->sizes.size(); }
  int64_t size(int64_t dim) const { return impl_->sizes[wrap_dim(dim, this->dim())]; }
  int64_t numel() const { return impl_->numel; }
  DType dtype() const { return impl_->dtype; }
  int64_t offset() const { return impl_->offset; }
  Storage& storage() const { return *impl_->storage; }
  Device& device() const { return impl_->storage->device(); }
  DeviceType device_type() const { return device().type(); }
  bool is_contiguous() const;
  /** Every element of the memory spanned is used exactly once, in whatever order of dimensions. */
  bool is_dense() const;

  /** The first element. The caller says the type; reading another dtype's tensor is an internal error. */
  template <class T>
  T* data() const {
    UNROLL_CHECK(DTypeOf<T>::value == dtype(), "internal: ", dtype_name(dtype()), " tensor read as ",
                 dtype_name(DTypeOf<T>::value));
    return reinterpret_cast<T*>(raw_data());
  }
  char* raw_data() const { return impl_->storage->data() + impl_->offset * item_size(impl_->dtype); }
  /** Where the first element lies in the storage. */
  size_t byte_offset() const { return static_cast<size_t>(impl_->offset * item_size(impl_->dtype)); }

  /** Called after every in-place write: moves the storage's write counter and autograd's version. */
  void mark_written() const;
  uint32_t version() const { return impl_->version->value; }

  // --- autograd (autograd/variable.h has the rest)
  bool requires_grad() const;
  bool is_leaf() const;
  Tensor grad() const;

 private:
  std::shared_ptr<TensorImpl> impl_;
};

using Tensors = std::vector<Tensor>;

/** The first element, wherever it lies: from a device other than the processor it is waited for. */
template <class T>
T only_element(const Tensor& t) {
  if (t.device_type() == DeviceType::Cpu) [[likely]]
    return *t.data<T>();
  T value;
  t.device().copy_out(&value, t.storage().block(), t.byte_offset(), sizeof value);
  return value;
}

/** Kernels that widen get a float32 copy of a 16-bit tensor (dense strides stay), written back at the end. */
Tensor widened(const Tensor& t);
void narrow(const Tensor& wide, const Tensor& into);
template <>
struct Widened<const Tensor&> {
  const Tensor& given;
  Tensor value;
  explicit Widened(const Tensor& t) : given(t), value(widened(t)) {}
  void finish() const { narrow(value, given); }
  static bool is_half(const Tensor& t) { return t.defined() && unroll::is_half(t.dtype()); }
};
template <>
struct Widened<const Tensors&> {
  const Tensors& given;
  Tensors value;
  explicit Widened(const Tensors& all) : given(all) {
    for (const Tensor& t : all) value.push_back(widened(t));
  }
  void finish() const {
    for (size_t i = 0; i < given.size(); ++i) narrow(value[i], given[i]);
  }
  static bool is_half(const Tensors& all) {
    return std::any_of(all.begin(), all.end(), Widened<const Tensor&>::is_half);
  }
};

/** A fresh contiguous tensor, contents uninitialised. Negative sizes are a RuntimeError. */
Tensor empty(const Dims& sizes, DType dtype = DType::Float32, Device& device = cpu_device());
/** The same with given strides (they must not overlap). */
Tensor empty_strided(const Dims& sizes, const Dims& strides, DType dtype, Device& device);
/** Another view of t's storage with no place in the graph; shares the version counter. */
Tensor alias(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset);
/** An alias with t's own geometry. `share_version` false is PyTorch's `.data`. */
Tensor detached(const Tensor& t, bool share_version = true);

}  // namespace unroll
