#include "binding/marshal.h"

#include <cmath>
#include <new>

#include "backend/cpu/denormals.h"
#include "telemetry/control.h"
#include "telemetry/mailbox.h"

namespace unroll::binding {

namespace {

void expect(napi_status status, const char* what) {
  UNROLL_CHECK_KIND(Type, status == napi_ok, "internal: expected ", what);
}

}  // namespace

std::deque<Tensor>& more_results() {
  thread_local std::deque<Tensor> results;
  return results;
}

void throw_in_script(napi_env env, ErrorKind kind, const char* message) {
  napi_value text, name, error;
  napi_create_string_utf8(env, message, NAPI_AUTO_LENGTH, &text);
  napi_create_error(env, nullptr, text, &error);
  napi_create_string_utf8(env, error_kind_name(kind), NAPI_AUTO_LENGTH, &name);
  napi_set_named_property(env, error, "name", name);
  napi_throw(env, error);
}

void rethrow_in_script(napi_env env, napi_callback_info info) {
  try {
    throw;
  } catch (const NotOnHost& error) {
    void* name = nullptr;
    if (info) napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &name);
    const std::string message = name ? text("the operation '", static_cast<const char*>(name),
                                            "' is not supported on ", error.device())
                                     : error.what();
    throw_in_script(env, error.kind(), message.c_str());
  } catch (const Error& error) {
    throw_in_script(env, error.kind(), error.what());
  } catch (const std::bad_alloc&) {
    throw_in_script(env, ErrorKind::OutOfMemory, "out of memory");
  } catch (const std::exception& error) {
    throw_in_script(env, ErrorKind::Runtime, error.what());
  } catch (...) {
    throw_in_script(env, ErrorKind::Runtime, "internal: an unknown exception in the engine");
  }
}

void operation_boundary() {
  mailbox().serve();
  if (take_interrupt()) fail(ErrorKind::Interrupt, "");
}

static_assert(sizeof(cpu::FlushDenormals) <= 8);
CallScope::CallScope() { new (flush_) cpu::FlushDenormals; }
CallScope::~CallScope() { reinterpret_cast<cpu::FlushDenormals*>(flush_)->~FlushDenormals(); }

// ------------------------------------------------------------------ arguments

Arguments::Arguments(napi_env env, napi_callback_info info) : env_(env) {
  expect(napi_get_cb_info(env, info, &count_, first_, nullptr, nullptr), "a call");
  if (count_ <= std::size(first_)) return;
  many_.resize(count_);
  expect(napi_get_cb_info(env, info, &count_, many_.data(), nullptr, nullptr), "a call");
  values_ = many_.data();
}

napi_value Arguments::value() {
  UNROLL_CHECK_KIND(Type, at_ < count_, "internal: ", count_, " arguments are too few");
  return values_[at_++];
}

void Arguments::finish() const {
  UNROLL_CHECK_KIND(Type, at_ == count_, "internal: ", count_, " arguments where ", at_, " are taken");
}

bool Arguments::is_absent() {
  if (at_ >= count_) return true;
  napi_valuetype type;
  expect(napi_typeof(env_, values_[at_], &type), "a value");
  return type == napi_undefined || type == napi_null;
}

double Arguments::number() {
  napi_value v = value();
  double d;
  if (napi_get_value_double(env_, v, &d) == napi_ok) return d;
  int64_t i;
  bool lossless;
  expect(napi_get_value_bigint_int64(env_, v, &i, &lossless), "a number");
  return static_cast<double>(i);
}

int64_t Arguments::integer() {
  napi_value v = value();
  double d;
  if (napi_get_value_double(env_, v, &d) == napi_ok) {
    UNROLL_CHECK_KIND(Type, d == std::trunc(d) && std::fabs(d) < 0x1p63, "expected an integer, got ", d);
    return static_cast<int64_t>(d);
  }
  bool flag;
  if (napi_get_value_bool(env_, v, &flag) == napi_ok) return flag;
  int64_t i;
  bool lossless;
  expect(napi_get_value_bigint_int64(env_, v, &i, &lossless), "an integer");
  if (lossless) return i;
  uint64_t u;  // seeds are unsigned
  expect(napi_get_value_bigint_uint64(env_, v, &u, &lossless), "an integer");
  UNROLL_CHECK(lossless, "Overflow when unpacking long");
  return static_cast<int64_t>(u);
}

bool Arguments::boolean() {
  napi_value v = value();
  bool flag;
  if (napi_get_value_bool(env_, v, &flag) == napi_ok) return flag;
  double d;
  expect(napi_get_value_double(env_, v, &d), "a bool");
  return d != 0;
}

std::string Arguments::string() {
  napi_value v = value();
  size_t length;
  expect(napi_get_value_string_utf8(env_, v, nullptr, 0, &length), "a string");
  std::string out(length, '\0');
  expect(napi_get_value_string_utf8(env_, v, out.data(), length + 1, &length), "a string");
  return out;
}

// ------------------------------------------------------------------ results

napi_value write(napi_env env, bool value) {
  napi_value out;
  expect(napi_get_boolean(env, value, &out), "a result");
  return out;
}

napi_value write(napi_env env, double value) {
  napi_value out;
  expect(napi_create_double(env, value, &out), "a result");
  return out;
}

napi_value write(napi_env env, int64_t value) {
  napi_value out;
  if (std::llabs(value) <= int64_t{1} << 53)
    expect(napi_create_int64(env, value, &out), "a result");
  else
    expect(napi_create_bigint_int64(env, value, &out), "a result");
  return out;
}

napi_value write(napi_env env, const std::string& value) {
  napi_value out;
  expect(napi_create_string_utf8(env, value.data(), value.size(), &out), "a result");
  return out;
}

napi_value write(napi_env env, const Tensor& value) {
  napi_value out;
  expect(napi_create_int32(env, handle_of(value), &out), "a result");
  return out;
}

napi_value write(napi_env env, const Tensors& value) {
  more_results().assign(value.begin() + (value.empty() ? 0 : 1), value.end());
  return write(env, value.empty() ? Tensor() : value.front());
}

void export_all(napi_env env, napi_value exports, const std::vector<Export>& functions) {
  for (const Export& each : functions) {
    napi_value function;
    expect(napi_create_function(env, each.name, NAPI_AUTO_LENGTH, each.function, const_cast<char*>(each.name),
                                &function),
           "a function");
    expect(napi_set_named_property(env, exports, each.name, function), "a function");
  }
}

}  // namespace unroll::binding
