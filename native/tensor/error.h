// Errors of the engine: a kind that becomes the same Python exception class PyTorch raises, and a message.
#pragma once

#include <cstdint>
#include <exception>
#include <sstream>
#include <string>
#include <utility>

namespace unroll {

/** The Python exception class an error becomes in the script. */
enum class ErrorKind : uint8_t {
  Runtime,
  Index,
  Type,
  Value,
  NotImplemented,
  OutOfMemory,
  LinAlg,
  Interrupt
};

/** The Python name of a kind: "RuntimeError", "IndexError", ... */
const char* error_kind_name(ErrorKind kind);

class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
  const char* what() const noexcept override { return message_.c_str(); }
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
  std::string message_;
};

/** An operation that works on the processor's memory was given a tensor on another device. */
class NotOnHost : public Error {
 public:
  explicit NotOnHost(const std::string& device)
      : Error(ErrorKind::NotImplemented, "this operation is not supported on " + device), device_(device) {}
  const std::string& device() const { return device_; }

 private:
  std::string device_;
};

/** The arguments written one after the other. */
template <class... A>
std::string text(const A&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

template <class... A>
[[noreturn]] void fail(ErrorKind kind, const A&... parts) {
  throw Error(kind, text(parts...));
}

}  // namespace unroll

/** Throws a RuntimeError with the message's parts when the condition does not hold. */
#define UNROLL_CHECK(condition, ...)                             \
  do {                                                           \
    if (!(condition)) [[unlikely]]                               \
      ::unroll::fail(::unroll::ErrorKind::Runtime, __VA_ARGS__); \
  } while (0)

/** The same with a kind: UNROLL_CHECK_KIND(Index, i < n, "index ", i, ...). */
#define UNROLL_CHECK_KIND(kind, condition, ...)               \
  do {                                                        \
    if (!(condition)) [[unlikely]]                            \
      ::unroll::fail(::unroll::ErrorKind::kind, __VA_ARGS__); \
  } while (0)
