// The kernels of one device: compiled when they are first needed, kept in the user's cache folder.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "backend/opencl/api.h"

namespace unroll::opencl {

class ClDevice;

/** A file of kernels/, embedded when the engine is built. */
struct Source {
  const char* name;
  const char* text;
};
/** Ends with one whose name is null. */
extern const Source kSources[];

class Programs {
 public:
  explicit Programs(ClDevice& device) : device_(device) {}

  /**
   * The kernel `name` of kernels/`file`.cl, compiled with `options` ("-DT=float ..."). RuntimeError with the
   * compiler's log where it does not compile.
   */
  KernelObject kernel(const char* file, const char* name, const std::string& options);

 private:
  Program program(const char* file, const std::string& options);
  Program from_cache(const std::string& path);
  Program from_source(const char* file, const std::string& options);
  void keep(Program program, const std::string& path);

  ClDevice& device_;
  std::map<std::string, Program> programs_;
  std::map<std::string, KernelObject> kernels_;
};

}  // namespace unroll::opencl
