// An OpenCL loader that times every kernel: the installed one but for a queue that takes the time and a table
// that is written once enough launches have been made.
//
//   c++ -O2 -shared -fPIC -o kernel_times.so kernel_times.cpp -Wl,--no-as-needed -lOpenCL
//   LD_PRELOAD=./kernel_times.so UNROLL_OPENCL=./kernel_times.so KERNEL_TIMES=table.txt bin/unroll run
//   --device gpu ...
//
// KERNEL_TIMES_AFTER launches (2000) go by first, KERNEL_TIMES_COUNT (4000) are timed. LD_PRELOAD is for
// CLBlast's own.
#include <dlfcn.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

namespace {

constexpr uint64_t kProfiling = 1 << 1;
constexpr uint32_t kFunctionName = 0x1190, kStart = 0x1282, kEnd = 0x1283;

template <class Function>
Function installed(Function, const char* name) {
  static void* const library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
  return reinterpret_cast<Function>(dlsym(library, name));
}

long number(const char* name, long otherwise) {
  const char* text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

struct Made {
  std::string kernel;
  void* event;
  double host_us;
};
std::vector<Made> made;
long launches = 0;

}  // namespace

extern "C" int32_t clGetKernelInfo(void* kernel, uint32_t what, size_t bytes, void* to, size_t* size);
extern "C" int32_t clGetEventProfilingInfo(void* event, uint32_t what, size_t bytes, void* to, size_t* size);
extern "C" int32_t clFinish(void* queue);

extern "C" void* clCreateCommandQueue(void* context, void* device, uint64_t properties, int32_t* status) {
  return installed(clCreateCommandQueue, "clCreateCommandQueue")(context, device, properties | kProfiling,
                                                                 status);
}

namespace {

/** Microseconds on the device, in between and of the host, by kernel. */
void write_table(void* queue) {
  struct Sum {
    long count = 0;
    double device = 0, gap = 0, host = 0;
  };
  clFinish(queue);
  std::map<std::string, Sum> sums;
  uint64_t before = 0;
  Sum all;
  for (const Made& one : made) {
    uint64_t start = 0, end = 0;
    clGetEventProfilingInfo(one.event, kStart, sizeof start, &start, nullptr);
    clGetEventProfilingInfo(one.event, kEnd, sizeof end, &end, nullptr);
    const double gap = before ? (static_cast<double>(start) - static_cast<double>(before)) / 1e3 : 0;
    for (Sum* sum : {&sums[one.kernel], &all}) {
      ++sum->count;
      sum->device += static_cast<double>(end - start) / 1e3;
      sum->gap += gap;
      sum->host += one.host_us;
    }
    before = end;
  }
  std::vector<std::pair<std::string, Sum>> rows(sums.begin(), sums.end());
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.second.device > b.second.device; });
  rows.emplace_back("all", all);
  std::FILE* const file = std::fopen(std::getenv("KERNEL_TIMES"), "w");
  if (!file) return;
  std::fprintf(file, "%7s %12s %12s %12s %12s  kernel\n", "count", "device, us", "us each", "gap before",
               "enqueue");
  for (const auto& [name, sum] : rows) {
    const auto n = static_cast<double>(sum.count);
    std::fprintf(file, "%7ld %12.1f %12.2f %12.2f %12.2f  %s\n", sum.count, sum.device, sum.device / n,
                 sum.gap / n, sum.host / n, name.c_str());
  }
  std::fclose(file);
}

}  // namespace

extern "C" int32_t clEnqueueNDRangeKernel(void* queue, void* kernel, uint32_t dims, const size_t* offset,
                                          const size_t* global, const size_t* local, uint32_t waits,
                                          const void* events, void* event) {
  static const auto enqueue = installed(clEnqueueNDRangeKernel, "clEnqueueNDRangeKernel");
  static const long after = number("KERNEL_TIMES_AFTER", 2000), count = number("KERNEL_TIMES_COUNT", 4000);
  const long place = launches++ - after;
  if (event || place < 0 || place >= count)
    return enqueue(queue, kernel, dims, offset, global, local, waits, events, event);
  Made one;
  const auto begin = std::chrono::steady_clock::now();
  const int32_t status = enqueue(queue, kernel, dims, offset, global, local, waits, events, &one.event);
  one.host_us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
  char name[128] = "?";
  clGetKernelInfo(kernel, kFunctionName, sizeof name, name, nullptr);
  one.kernel = name;
  for (uint32_t d = 0; d < dims; ++d)
    one.kernel += (d ? " x " : " ") + std::to_string(global[d]) + "/" + std::to_string(local ? local[d] : 0);
  made.push_back(one);
  if (place == count - 1) write_table(queue);
  return status;
}
