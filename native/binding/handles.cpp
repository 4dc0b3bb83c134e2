#include "binding/handles.h"

#include <memory>
#include <vector>

namespace unroll::binding {

namespace {

/** Slots addressed by small integers from 1, reused after they are freed. */
template <class T>
struct Table {
  std::vector<T> slots = std::vector<T>(1);  // 0 is nobody
  std::vector<int32_t> unused;

  int32_t add(T value) {
    if (unused.empty()) {
      slots.push_back(std::move(value));
      return static_cast<int32_t>(slots.size()) - 1;
    }
    const int32_t handle = unused.back();
    unused.pop_back();
    slots[static_cast<size_t>(handle)] = std::move(value);
    return handle;
  }
  T& at(int32_t handle, const char* what) {
    UNROLL_CHECK(
        handle > 0 && static_cast<size_t>(handle) < slots.size() && slots[static_cast<size_t>(handle)],
        "internal: no ", what, " has the handle ", handle);
    return slots[static_cast<size_t>(handle)];
  }
  T take(int32_t handle, const char* what) {
    T value = std::move(at(handle, what));
    slots[static_cast<size_t>(handle)] = T{};
    unused.push_back(handle);
    return value;
  }
};

Table<std::shared_ptr<TensorImpl>>& tensors() {
  static Table<std::shared_ptr<TensorImpl>> table;
  return table;
}

Table<std::unique_ptr<Generator>>& generators() {
  static Table<std::unique_ptr<Generator>> table;
  return table;
}

}  // namespace

int32_t handle_of(const Tensor& tensor) {
  if (!tensor.defined()) return 0;
  int32_t& handle = tensor.impl().handle;
  if (handle == 0) handle = tensors().add(tensor.ptr());
  return handle;
}

Tensor tensor_of(int32_t handle) { return handle == 0 ? Tensor() : Tensor(tensors().at(handle, "tensor")); }

void free_handle(int32_t handle) {
  std::shared_ptr<TensorImpl> impl = tensors().take(handle, "tensor");
  impl->handle = 0;
}

int64_t live_handles() { return static_cast<int64_t>(tensors().slots.size() - tensors().unused.size()) - 1; }

Generator& generator_of(int32_t handle) {
  return handle == 0 ? default_generator() : *generators().at(handle, "generator");
}

int32_t new_generator() { return generators().add(std::make_unique<Generator>()); }

void free_generator(int32_t handle) { generators().take(handle, "generator"); }

}  // namespace unroll::binding
