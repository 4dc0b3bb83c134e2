#include "tensor/error.h"

namespace unroll {

const char* error_kind_name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Runtime:
      return "RuntimeError";
    case ErrorKind::Index:
      return "IndexError";
    case ErrorKind::Type:
      return "TypeError";
    case ErrorKind::Value:
      return "ValueError";
    case ErrorKind::NotImplemented:
      return "NotImplementedError";
    case ErrorKind::OutOfMemory:
      return "MemoryError";
    case ErrorKind::LinAlg:
      return "_LinAlgError";
    case ErrorKind::Interrupt:
      return "KeyboardInterrupt";
  }
  return "RuntimeError";
}

}  // namespace unroll
