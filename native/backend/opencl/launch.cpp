#include "backend/opencl/launch.h"

#include <algorithm>
#include <limits>

#include "backend/opencl/programs.h"

namespace unroll::opencl {

ClDevice& device_of(const Tensor& t) {
  UNROLL_CHECK(t.device_type() == DeviceType::OpenCl,
               "Expected all tensors to be on the same device, but found at least two devices, one of them ",
               t.device().name(), "!");
  return static_cast<ClDevice&>(t.device());
}

std::string type_name(DType dtype, const ClDevice& device) {
  switch (dtype) {
    case DType::Bool:
    case DType::UInt8:
      return "uchar";
    case DType::Int8:
      return "char";
    case DType::Int16:
      return "short";
    case DType::Int32:
      return "int";
    case DType::Int64:
      return "long";
    case DType::Float32:
      return "float";
    case DType::Float64:
      UNROLL_CHECK_KIND(NotImplemented, device.has_float64(), "float64 is not supported on ", device.name(),
                        ": ", device.description(), " does not compute in it");
      return "double";
    case DType::Float16:
    case DType::BFloat16:
      break;
  }
  fail(ErrorKind::NotImplemented, dtype_name(dtype), " is not supported on ", device.name());
}

int narrow(int64_t value) {
  UNROLL_CHECK_KIND(NotImplemented,
                    value <= std::numeric_limits<int>::max() && value >= std::numeric_limits<int>::min(),
                    "tensors of more than 2^31 - 1 elements are not supported on OpenCL devices");
  return static_cast<int>(value);
}

/** More would only wait for each other. */
static constexpr int64_t kMostGroups = 256;

static int64_t blocks(int64_t n, int64_t size) { return (n + size - 1) / size; }

int64_t sweep_groups(const ClDevice& device, int64_t n) {
  return std::min(kMostGroups, blocks(n, static_cast<int64_t>(device.group_size())));
}

/** A team's rows in common.cl: what keeps its sums in the local memory that every device has. */
static int64_t team_rows(DType dtype) { return item_size(dtype) > 4 ? 2 : 4; }

/** How the teams of a work-group lie in common.cl. */
struct Teams {
  explicit Teams(const ClDevice& device) {
    const auto group = static_cast<int64_t>(device.group_size()),
               teams = group / std::min<int64_t>(group, 32);
    down = teams > 1 ? 2 : 1;
    across = teams / down;
  }
  int64_t down, across;
};

int64_t dot_blocks(const ClDevice& device, int64_t columns) {
  return blocks(columns, 4 * Teams(device).across);
}

int count_of(const Tensor& t) { return narrow(t.numel()); }

Options::Options(const ClDevice& device, DType dtype) {
  const bool has_float64 = device.has_float64();
  set("T", type_name(dtype, device));
  set("HAS_FLOAT64", has_float64);
  set("ACC", !is_floating(dtype) ? "long" : has_float64 ? "double" : "float");
  set("ROWS", team_rows(dtype));
  set("GROUP", static_cast<int64_t>(device.group_size()));
  set("TILE", static_cast<int64_t>(device.tile()));
}

Options& Options::set(const char* name, const std::string& value) {
  text_ += std::string("-D") + name + "=" + value + " ";
  return *this;
}

Launch::Launch(ClDevice& device, const char* file, const char* kernel, const Options& options)
    : device_(device), kernel_(device.programs().kernel(file, kernel, options.text())) {}

Launch& Launch::bytes(const void* value, size_t size) {
  check(device_.api().set_kernel_argument(kernel_, count_++, size, value), "clSetKernelArg");
  return *this;
}

Launch& Launch::tensor(const Tensor& t) {
  Memory memory = nullptr;
  int32_t first = 0;
  if (t.defined()) {
    UNROLL_CHECK(&device_of(t) == &device_,
                 "Expected all tensors to be on the same device, but found at least two devices, ",
                 device_.name(), " and ", t.device().name(), "!");
    memory = static_cast<Memory>(t.storage().block());
    first = narrow(t.offset());
  }
  bytes(&memory, sizeof memory);
  return bytes(&first, sizeof first);
}

Launch& Launch::integer(int64_t value) {
  const int32_t narrowed = narrow(value);
  return bytes(&narrowed, sizeof narrowed);
}

Launch& Launch::number(const Scalar& value, DType dtype) {
  return visit_computed(dtype, [&](auto type) -> Launch& {
    const auto converted = value.to<decltype(type)>();
    return bytes(&converted, sizeof converted);
  });
}

Launch& Launch::fault() {
  const Memory memory = device_.fault();
  return bytes(&memory, sizeof memory);
}

void Launch::enqueue(uint32_t dims, const size_t* global, const size_t* local) {
  ++device_.counters.launches;
  check(device_.api().enqueue_kernel(device_.queue(), kernel_, dims, nullptr, global, local, 0, nullptr,
                                     nullptr),
        "clEnqueueNDRangeKernel");
}

void Launch::run(int64_t items) {
  if (items == 0) return;
  const size_t group = device_.group_size(),
               global = (static_cast<size_t>(items) + group - 1) / group * group;
  enqueue(1, &global, &group);
}

void Launch::run_groups(int64_t groups) {
  if (groups == 0) return;
  const size_t group = device_.group_size(), global = static_cast<size_t>(groups) * group;
  enqueue(1, &global, &group);
}

void Launch::run_dots(DType dtype, int64_t columns, int64_t rows) {
  const Teams teams(device_);
  const size_t group = device_.group_size();
  const size_t global[] = {static_cast<size_t>(blocks(columns, teams.across)) * group,
                           static_cast<size_t>(blocks(rows, teams.down * team_rows(dtype)))};
  const size_t local[] = {group, 1};
  enqueue(2, global, local);
}

void Launch::run_tiles(int64_t columns, int64_t rows, int64_t batch) {
  const size_t tile = device_.tile(), group[] = {tile, tile, 1};
  const auto whole = [&](int64_t n) { return (static_cast<size_t>(n) + tile - 1) / tile * tile; };
  const size_t global[] = {whole(columns), whole(rows), static_cast<size_t>(batch)};
  enqueue(3, global, group);
}

}  // namespace unroll::opencl
