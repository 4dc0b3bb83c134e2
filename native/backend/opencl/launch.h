// One kernel on its way to the queue: compiled for the types at hand, given its arguments in order, and run.
#pragma once

#include <string>

#include "backend/opencl/device.h"
#include "backend/readings.h"
#include "tensor/tensor.h"

namespace unroll::opencl {

/** The device that t lies on. RuntimeError in PyTorch's words where t lies elsewhere than `device` or on the
 * processor.
 */
ClDevice& device_of(const Tensor& t);
/** How kernels name a dtype. NotImplemented error where the device does not compute in it. */
std::string type_name(DType dtype, const ClDevice& device);
/** numel, which kernels count in 32 bits; NotImplemented error beyond. */
int count_of(const Tensor& t);
int narrow(int64_t value);
/** The work-groups of a sweep over n elements, whose items each take several where there are many. */
int64_t sweep_groups(const ClDevice& device, int64_t n);
/** The work-groups side by side that make `columns` columns of common.cl's DOTS, four a team. */
int64_t dot_blocks(const ClDevice& device, int64_t columns);

/** What a program is compiled with: "-DNAME=VALUE ...". */
class Options {
 public:
  /** T is `dtype`, of which a team of DOTS makes ROWS rows; ACC, HAS_FLOAT64, GROUP and TILE are the
   * device's. */
  Options(const ClDevice& device, DType dtype);
  Options& set(const char* name, const std::string& value);
  Options& set(const char* name, int64_t value) { return set(name, std::to_string(value)); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class Launch {
 public:
  Launch(ClDevice& device, const char* file, const char* kernel, const Options& options);
  /** Its buffer and the place of its first element; an undefined tensor is a null pointer. */
  Launch& tensor(const Tensor& t);
  Launch& integer(int64_t value);
  /** `value` as the floating or integral `dtype`. */
  Launch& number(const Scalar& value, DType dtype);
  template <class Struct>
  Launch& plain(const Struct& value) {
    return bytes(&value, sizeof value);
  }
  /** Where a kernel reports an element it cannot compute. */
  Launch& fault();
  /** At least `items` work-items; a kernel is told how many. */
  void run(int64_t items);
  /** `groups` work-groups of GROUP items. */
  void run_groups(int64_t groups);
  /** Work-groups for `rows` by so many columns of which each team of common.cl's DOTS makes one. */
  void run_dots(DType dtype, int64_t columns, int64_t rows);
  /** At least `columns` by `rows` work-items in work-groups of TILE by TILE, `batch` times. */
  void run_tiles(int64_t columns, int64_t rows, int64_t batch = 1);

 private:
  Launch& bytes(const void* value, size_t size);
  void enqueue(uint32_t dims, const size_t* global, const size_t* local);

  ClDevice& device_;
  KernelObject kernel_;
  uint32_t count_ = 0;
};

}  // namespace unroll::opencl
