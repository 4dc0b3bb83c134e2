// A library that is looked for when the program runs, by the name that the loader knows or another from the
// environment.
#pragma once

#include <dlfcn.h>

#include <cstdlib>
#include <string>

namespace unroll::opencl {

class SharedLibrary {
 public:
  /** Opens the library that the environment's `variable` names, else `usual`. It is never closed. */
  SharedLibrary(const char* variable, const char* usual) {
    const char* chosen = std::getenv(variable);
    name_ = chosen && *chosen ? chosen : usual;
    handle_ = dlopen(name_.c_str(), RTLD_NOW | RTLD_LOCAL);
  }
  bool is_there() const { return handle_ != nullptr; }
  const std::string& name() const { return name_; }
  /** Whether the library has such a function, which `function` becomes. */
  template <class Function>
  bool find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(dlsym(handle_, name));
    return function != nullptr;
  }

 private:
  std::string name_;
  void* handle_;
};

}  // namespace unroll::opencl
