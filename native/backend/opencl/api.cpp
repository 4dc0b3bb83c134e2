#include "backend/opencl/api.h"

#include "backend/opencl/shared_library.h"
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

Loader load() {
  Loader out;
  const SharedLibrary library("UNROLL_OPENCL", "libOpenCL.so.1");
  if (!library.is_there()) {
    out.absence = "no OpenCL loader (" + library.name() + ") is installed";
    return out;
  }
  Api& a = out.api;
  const auto find = [&](const char* name, auto& function) {
    const bool is_there = library.find(name, function);
    if (!is_there) out.absence = std::string("the OpenCL loader has no ") + name;
    return is_there;
  };
  static_cast<void>(
      find("clGetPlatformIDs", a.get_platforms) && find("clGetPlatformInfo", a.get_platform_info) &&
      find("clGetDeviceIDs", a.get_devices) && find("clGetDeviceInfo", a.get_device_info) &&
      find("clCreateContext", a.create_context) && find("clCreateCommandQueue", a.create_queue) &&
      find("clCreateBuffer", a.create_buffer) && find("clReleaseMemObject", a.release_memory) &&
      find("clCreateProgramWithSource", a.create_program) &&
      find("clCreateProgramWithBinary", a.create_program_from_binary) &&
      find("clBuildProgram", a.build_program) && find("clGetProgramBuildInfo", a.get_build_info) &&
      find("clGetProgramInfo", a.get_program_info) && find("clReleaseProgram", a.release_program) &&
      find("clCreateKernel", a.create_kernel) && find("clSetKernelArg", a.set_kernel_argument) &&
      find("clEnqueueNDRangeKernel", a.enqueue_kernel) && find("clEnqueueReadBuffer", a.enqueue_read) &&
      find("clEnqueueWriteBuffer", a.enqueue_write) && find("clEnqueueCopyBuffer", a.enqueue_copy) &&
      find("clEnqueueFillBuffer", a.enqueue_fill) && find("clFlush", a.flush) && find("clFinish", a.finish));
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
