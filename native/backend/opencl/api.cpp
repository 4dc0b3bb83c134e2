#include "backend/opencl/api.h"

#include <dlfcn.h>

#include <cstdlib>

#include "tensor/error.h"

namespace unroll::opencl {

namespace {

const char* status_name(Status status) {
  switch (status) {
    case kDeviceNotFound:
      return "no device";
    case -2:
      return "the device is not available";
    case kMemoryObjectFailure:
    case kOutOfResources:
      return "out of the device's resources";
    case kOutOfHostMemory:
      return "out of the host's memory";
    case -11:
      return "a program could not be built";
    case -36:
      return "the device is lost";
    case -54:
      return "a work-group of this size is not possible";
    case -61:
      return "a buffer of this size is not possible";
    case kPlatformNotFound:
      return "no driver";
    default:
      return "an error";
  }
}

template <class Function>
bool find(void* library, const char* name, Function& function, std::string& absence) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (!function) absence = std::string("the OpenCL loader has no ") + name;
  return function != nullptr;
}

Loader load() {
  Loader out;
  const char* chosen = std::getenv("UNROLL_OPENCL");
  const std::string name = chosen && *chosen ? chosen : "libOpenCL.so.1";
  void* const library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    out.absence = "no OpenCL loader (" + name + ") is installed";
    return out;
  }
  Api& a = out.api;
  std::string& absence = out.absence;
  static_cast<void>(find(library, "clGetPlatformIDs", a.get_platforms, absence) &&
                    find(library, "clGetPlatformInfo", a.get_platform_info, absence) &&
                    find(library, "clGetDeviceIDs", a.get_devices, absence) &&
                    find(library, "clGetDeviceInfo", a.get_device_info, absence) &&
                    find(library, "clCreateContext", a.create_context, absence) &&
                    find(library, "clCreateCommandQueue", a.create_queue, absence) &&
                    find(library, "clCreateBuffer", a.create_buffer, absence) &&
                    find(library, "clReleaseMemObject", a.release_memory, absence) &&
                    find(library, "clCreateProgramWithSource", a.create_program, absence) &&
                    find(library, "clCreateProgramWithBinary", a.create_program_from_binary, absence) &&
                    find(library, "clBuildProgram", a.build_program, absence) &&
                    find(library, "clGetProgramBuildInfo", a.get_build_info, absence) &&
                    find(library, "clGetProgramInfo", a.get_program_info, absence) &&
                    find(library, "clReleaseProgram", a.release_program, absence) &&
                    find(library, "clCreateKernel", a.create_kernel, absence) &&
                    find(library, "clSetKernelArg", a.set_kernel_argument, absence) &&
                    find(library, "clEnqueueNDRangeKernel", a.enqueue_kernel, absence) &&
                    find(library, "clEnqueueReadBuffer", a.enqueue_read, absence) &&
                    find(library, "clEnqueueWriteBuffer", a.enqueue_write, absence) &&
                    find(library, "clEnqueueCopyBuffer", a.enqueue_copy, absence) &&
                    find(library, "clEnqueueFillBuffer", a.enqueue_fill, absence) &&
                    find(library, "clFlush", a.flush, absence) &&
                    find(library, "clFinish", a.finish, absence));
  return out;
}

}  // namespace

const Loader& loader() {
  static const Loader the_loader = load();
  return the_loader;
}

void check(Status status, const char* call) {
  UNROLL_CHECK(status == kSuccess, "OpenCL: ", call, ": ", status_name(status), " (", status, ")");
}

}  // namespace unroll::opencl
