// What the script asks of a tensor besides operations: geometry, contents, and the generators of random
// numbers.
#include <algorithm>
#include <cstring>
#include <variant>

#include "autograd/variable.h"
#include "binding/exports.h"
#include "binding/marshal.h"
#include "tensor/storage.h"

namespace unroll::binding {

namespace {

using Number = std::variant<bool, int64_t, double>;

std::string comma_separated(const Dims& dims) {
  std::string out;
  for (int64_t d : dims) out += (out.empty() ? "" : ",") + std::to_string(d);
  return out;
}

Tensor empty_tensor(const Dims& sizes, DType dtype, Device& device) { return empty(sizes, dtype, device); }
void free_tensor(int64_t handle) { free_handle(static_cast<int32_t>(handle)); }
std::string sizes(const Tensor& t) { return comma_separated(t.sizes()); }
std::string strides(const Tensor& t) { return comma_separated(t.strides()); }
int64_t dim(const Tensor& t) { return t.dim(); }
int64_t size(const Tensor& t, int64_t d) { return t.size(d); }
int64_t numel(const Tensor& t) { return t.numel(); }
int64_t offset(const Tensor& t) { return t.offset(); }
int64_t dtype(const Tensor& t) { return static_cast<int64_t>(t.dtype()); }
/** The place of t's device in devices(). */
int64_t device(const Tensor& t) { return t.device_type() == DeviceType::Cpu ? 0 : place_of(t.device()); }
bool is_contiguous(const Tensor& t) { return t.is_contiguous(); }
int64_t version(const Tensor& t) { return t.version(); }
int64_t storage_id(const Tensor& t) { return static_cast<int64_t>(t.storage().id()); }
int64_t storage_bytes(const Tensor& t) { return static_cast<int64_t>(t.storage().bytes()); }

Number item(const Tensor& t) {
  UNROLL_CHECK(t.numel() == 1, "a Tensor with ", t.numel(), " elements cannot be converted to Scalar");
  return visit_dtype(t.dtype(), [&](auto zero) -> Number {
    const auto value = only_element<decltype(zero)>(t);
    if constexpr (std::is_same_v<decltype(zero), bool>)
      return value;
    else if constexpr (std::is_integral_v<decltype(zero)>)
      return static_cast<int64_t>(value);
    else
      return static_cast<double>(value);
  });
}

// ------------------------------------------------------------------ bytes to and from the interpreter's
// memory

/** Gives the WebAssembly memory's current ArrayBuffer (it is another one after the memory has grown). */
thread_local napi_ref get_memory = nullptr;

napi_value bind_memory(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments(env, info);
    if (get_memory) napi_delete_reference(env, get_memory);
    napi_create_reference(env, arguments.value(), 1, &get_memory);
  } catch (...) {
    rethrow_in_script(env);
  }
  return nullptr;
}

/** `bytes` bytes of the interpreter's memory at `address`, checked against its size. */
char* interpreter_memory(napi_env env, int64_t address, int64_t bytes) {
  napi_value function, global, buffer;
  UNROLL_CHECK(get_memory, "internal: the interpreter's memory is not bound");
  napi_get_reference_value(env, get_memory, &function);
  napi_get_global(env, &global);
  UNROLL_CHECK(napi_call_function(env, global, function, 0, nullptr, &buffer) == napi_ok,
               "internal: no interpreter memory");
  void* start;
  size_t length;
  UNROLL_CHECK(napi_get_arraybuffer_info(env, buffer, &start, &length) == napi_ok,
               "internal: no interpreter memory");
  UNROLL_CHECK(address >= 0 && bytes >= 0 && static_cast<uint64_t>(address) <= length &&
                   static_cast<uint64_t>(bytes) <= length - static_cast<uint64_t>(address),
               "internal: ", bytes, " bytes at ", address, " are outside the interpreter's memory");
  return static_cast<char*>(start) + address;
}

/** copy_in(handle, address, bytes) and copy_out: between a contiguous tensor and the interpreter's memory. */
template <bool in>
napi_value copy_bytes(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments(env, info);
    const Tensor t = Read<Tensor>::from(arguments);
    const int64_t address = arguments.integer(), bytes = arguments.integer();
    UNROLL_CHECK(t.is_contiguous() && bytes == t.numel() * item_size(t.dtype()), "internal: ", bytes,
                 " bytes for a tensor of sizes ", t.sizes());
    if (bytes == 0) return nullptr;
    char* memory = interpreter_memory(env, address, bytes);
    if (in) {
      t.device().copy_in(t.storage().block(), t.byte_offset(), memory, static_cast<size_t>(bytes));
      t.mark_written();
    } else {
      t.device().copy_out(memory, t.storage().block(), t.byte_offset(), static_cast<size_t>(bytes));
    }
  } catch (...) {
    rethrow_in_script(env);
  }
  return nullptr;
}

// ------------------------------------------------------------------ generators

void manual_seed(Generator& generator, int64_t seed) { generator.manual_seed(static_cast<uint64_t>(seed)); }
std::string initial_seed(Generator& generator) { return std::to_string(generator.initial_seed()); }
int64_t make_generator() { return new_generator(); }
void drop_generator(int64_t handle) { free_generator(static_cast<int32_t>(handle)); }

Tensor get_rng_state(Generator& generator) {
  const std::vector<uint8_t> state = generator.get_state();
  Tensor out = empty({static_cast<int64_t>(state.size())}, DType::UInt8);
  std::memcpy(out.raw_data(), state.data(), state.size());
  return out;
}

void set_rng_state(Generator& generator, const Tensor& state) {
  UNROLL_CHECK_KIND(Type, state.dtype() == DType::UInt8 && state.is_contiguous(),
                    "RNG state must be a torch.ByteTensor");
  generator.set_state(state.data<uint8_t>(), static_cast<size_t>(state.numel()));
}

napi_value more(napi_env env, napi_callback_info) {
  try {
    std::deque<Tensor>& results = more_results();
    UNROLL_CHECK(!results.empty(), "internal: no more results");
    const Tensor next = std::move(results.front());
    results.pop_front();
    return write(env, next);
  } catch (...) {
    rethrow_in_script(env);
    return nullptr;
  }
}

}  // namespace

void export_tensors(napi_env env, napi_value exports) {
  export_all(env, exports,
             {{"empty", Bound<&empty_tensor>::call},
              {"free", Bound<&free_tensor>::call},
              UNROLL_EXPORT(sizes),
              UNROLL_EXPORT(strides),
              UNROLL_EXPORT(dim),
              UNROLL_EXPORT(size),
              UNROLL_EXPORT(numel),
              UNROLL_EXPORT(offset),
              UNROLL_EXPORT(dtype),
              UNROLL_EXPORT(device),
              UNROLL_EXPORT(is_contiguous),
              UNROLL_EXPORT(version),
              UNROLL_EXPORT(storage_id),
              UNROLL_EXPORT(storage_bytes),
              UNROLL_EXPORT(item),
              UNROLL_EXPORT(live_handles),
              UNROLL_EXPORT(set_default_dtype),
              UNROLL_EXPORT(manual_seed),
              UNROLL_EXPORT(initial_seed),
              {"new_generator", Bound<&make_generator>::call},
              {"free_generator", Bound<&drop_generator>::call},
              UNROLL_EXPORT(get_rng_state),
              UNROLL_EXPORT(set_rng_state),
              {"more", more},
              {"bindMemory", bind_memory},
              {"copy_in", copy_bytes<true>},
              {"copy_out", copy_bytes<false>}});
}

}  // namespace unroll::binding
