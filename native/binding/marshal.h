// How a C++ function becomes a function of the addon: arguments are read one after the other by their C++
// types, the result is written by its own. Flat on purpose: numbers and strings only, since an object
// crossing from Python would become a proxy that somebody has to destroy.
//
//   Tensor           a handle (0: undefined)          Scalar       two arguments: kind (0 bool, 1 int, 2
//   float), value Dims, vectors    their length, then the elements  optional<T>  undefined or null where
//   absent DType            its number                       RnnOptions   its fields in order several results
//   the first is returned; more() gives one after the other
//
// Plain Node-API instead of node-addon-api's wrappers here: this is the path of every small operation of a
// script.
#pragma once

#include <napi.h>

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "binding/handles.h"
#include "ops/ops.h"

namespace unroll::binding {

/** The results after the first of the last call on this thread. */
std::deque<Tensor>& more_results();
/** Throws `error` as a JavaScript Error whose name is the Python class's. */
void throw_in_script(napi_env env, ErrorKind kind, const char* message);
/** What happens between operations: readers are answered, an interrupt that was asked for is raised. */
void operation_boundary();
/** Turns a C++ exception in flight into the script's; `info` of the call tells the operation's name. */
void rethrow_in_script(napi_env env, napi_callback_info info = nullptr);
/** Flushes denormals for the duration of one call from the script. */
class CallScope;

/** Reads a call's arguments in order. */
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info);
  napi_env env() const { return env_; }
  bool is_absent();  // the next argument is undefined, null or not there
  double number();
  int64_t integer();
  bool boolean();
  std::string string();
  napi_value value();
  void skip() { ++at_; }
  bool is_over() const { return at_ >= count_; }
  /** Everything has been read: a wrong number of arguments is the caller's error. */
  void finish() const;

 private:
  napi_env env_;
  size_t count_ = 24, at_ = 0;
  napi_value first_[24];
  std::vector<napi_value> many_;
  const napi_value* values_ = first_;
};

template <class T>
struct Read;
template <>
struct Read<bool> {
  static bool from(Arguments& a) { return a.boolean(); }
};
template <>
struct Read<double> {
  static double from(Arguments& a) { return a.number(); }
};
template <>
struct Read<int64_t> {
  static int64_t from(Arguments& a) { return a.integer(); }
};
template <>
struct Read<std::string> {
  static std::string from(Arguments& a) { return a.string(); }
};
template <>
struct Read<Tensor> {
  static Tensor from(Arguments& a) { return tensor_of(static_cast<int32_t>(a.integer())); }
};
template <>
struct Read<DType> {
  static DType from(Arguments& a) {
    const int64_t code = a.integer();
    UNROLL_CHECK(code >= 0 && code < kDTypes, "internal: no dtype has the number ", code);
    return static_cast<DType>(code);
  }
};
template <>
struct Read<Scalar> {
  static Scalar from(Arguments& a) {
    switch (a.integer()) {
      case 0:
        return Scalar::of(a.boolean());
      case 1:
        return Scalar::of(a.integer());
      default:
        return Scalar::of(a.number());
    }
  }
};
template <class T>
struct Read<std::optional<T>> {
  static std::optional<T> from(Arguments& a) {
    if (!a.is_absent()) return Read<T>::from(a);
    a.skip();
    if constexpr (std::is_same_v<T, Scalar>) a.skip();
    return std::nullopt;
  }
};
template <class T>
struct Read<std::vector<T>> {
  static std::vector<T> from(Arguments& a) {
    std::vector<T> values(static_cast<size_t>(a.integer()));
    for (T& value : values) value = Read<T>::from(a);
    return values;
  }
};
template <>
struct Read<Dims> {
  static Dims from(Arguments& a) {
    Dims dims;
    for (int64_t n = a.integer(); n > 0; --n) dims.push_back(a.integer());
    return dims;
  }
};
template <>
struct Read<RnnOptions> {
  static RnnOptions from(Arguments& a) {
    RnnOptions o;
    o.has_biases = a.boolean();
    o.num_layers = a.integer();
    o.dropout = a.number();
    o.training = a.boolean();
    o.batch_first = a.boolean();
    o.is_bidirectional = a.boolean();
    o.has_projections = a.boolean();
    o.batch_sizes = Read<Tensor>::from(a);
    o.module = a.integer();
    return o;
  }
};
/** A device by its place in devices(), as the last argument; 0 or none is the processor, without looking for
 * others. */
template <>
struct Read<Device> {
  static std::reference_wrapper<Device> from(Arguments& a) {
    const int64_t i = a.is_over() ? 0 : a.integer();
    return i == 0 ? cpu_device() : *devices().at(static_cast<size_t>(i));
  }
};
/** Generators are passed by reference: read into a pointer, handed on as what it points to. */
template <>
struct Read<Generator> {
  static std::reference_wrapper<Generator> from(Arguments& a) {
    return generator_of(static_cast<int32_t>(a.integer()));
  }
};

napi_value write(napi_env env, bool value);
napi_value write(napi_env env, double value);
napi_value write(napi_env env, int64_t value);  // a BigInt beyond 2^53
napi_value write(napi_env env, const std::string& value);
napi_value write(napi_env env, const Tensor& value);
napi_value write(napi_env env, const Tensors& value);
template <class... T>
napi_value write(napi_env env, const std::variant<T...>& value) {
  return std::visit([env](const auto& held) { return write(env, held); }, value);
}
template <class... T>
napi_value write(napi_env env, const std::tuple<T...>& value) {
  return write(env, std::apply([](const auto&... each) { return Tensors{each...}; }, value));
}

class CallScope {
 public:
  CallScope();
  ~CallScope();
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  unsigned char flush_[8];
};

template <auto function>
struct Bound;
template <class R, class... A, R (*function)(A...)>
struct Bound<function> {
  static napi_value call(napi_env env, napi_callback_info info) {
    try {
      CallScope scope;
      operation_boundary();
      Arguments arguments(env, info);
      // Braces: evaluated from left to right.
      auto values = std::tuple<decltype(Read<std::remove_cvref_t<A>>::from(arguments))...>{
          Read<std::remove_cvref_t<A>>::from(arguments)...};
      arguments.finish();
      if constexpr (std::is_void_v<R>) {
        std::apply(function, values);
        return nullptr;
      } else {
        return write(env, std::apply(function, values));
      }
    } catch (...) {
      rethrow_in_script(env, info);
      return nullptr;
    }
  }
};

/** One function of the addon. */
struct Export {
  const char* name;
  napi_callback function;
};
#define UNROLL_EXPORT(function)                             \
  ::unroll::binding::Export {                               \
#function, ::unroll::binding::Bound < &function> ::call \
  }

void export_all(napi_env env, napi_value exports, const std::vector<Export>& functions);

}  // namespace unroll::binding
