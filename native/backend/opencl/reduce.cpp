// Reductions: a work-group a result where there are few of many elements, else a work-item; in two launches
// where so few would leave most of a device idle.
#include "backend/reduce.h"

#include "backend/kernels.h"
#include "backend/opencl/launch.h"

namespace unroll::opencl {
namespace {

/** Results side by side from which on work-items read neighbours, and elements too few for a work-group. */
constexpr int64_t kWide = 64, kShort = 64;
/** Elements of a result from which on it is made in parts, of one work-group each or one work-item. */
constexpr int64_t kLongRow = int64_t{1} << 15, kLongColumn = 512;
/** What fills a device: work-groups and work-items. */
constexpr int64_t kGroups = 256, kItems = int64_t{1} << 15;

void reduce_opencl(Reduction op, const Tensor& out, const Tensor& in, const ReduceShape& s,
                   double parameter) {
  ClDevice& device = device_of(in);
  const bool is_truth = op == Reduction::Any || op == Reduction::All;
  Options options(device, in.dtype());
  options.set("REDUCE", static_cast<int64_t>(op));
  options.set("IN", type_name(in.dtype(), device)).set("OUT", type_name(out.dtype(), device));
  options.set("IS_TRUTH", is_truth);
  const DType parameter_type = sum_type(device);
  options.set("PARAMETER", type_name(parameter_type, device));
  const int64_t results = s.outer * s.inner;
  narrow(s.outer * s.reduced * s.inner);
  if (results == 0) return;
  const Scalar given = Scalar::of(parameter);
  // An empty tensor has no buffer: out's stands for it, from which nothing is read.
  const Tensor& from = in.numel() ? in : out;
  const bool is_columns = s.inner >= kWide || s.reduced < kShort;
  const bool is_long = s.reduced >= (is_columns ? kLongColumn : kLongRow);
  const int64_t parts = (is_columns ? kItems : kGroups) / results;
  if (is_long && parts > 1 && op != Reduction::Var) {
    const int64_t count = std::min(parts, s.reduced / 32), step = (s.reduced + count - 1) / count;
    const DType type = is_floating(in.dtype()) ? sum_type(device) : DType::Int64;
    const Tensor sums = empty({count, results}, type, device);
    Launch launch(device, "reduce", is_columns ? "column_parts" : "row_parts", options);
    launch.integer(results).integer(s.reduced).integer(s.inner).integer(step).integer(count);
    launch.tensor(sums).tensor(from).number(given, parameter_type);
    if (is_columns)
      launch.run(count * results);
    else
      launch.run_groups(count * results);
    Launch(device, "reduce", "merge", options)
        .integer(results)
        .integer(s.reduced)
        .integer(count)
        .tensor(out)
        .tensor(sums)
        .number(given, parameter_type)
        .run_groups(results);
    return;
  }
  if (is_columns)
    return Launch(device, "reduce", "columns", options)
        .integer(results)
        .integer(s.reduced)
        .integer(s.inner)
        .tensor(out)
        .tensor(from)
        .number(given, parameter_type)
        .run(results);
  Launch(device, "reduce", "rows", options)
      .integer(s.reduced)
      .integer(s.inner)
      .tensor(out)
      .tensor(from)
      .number(given, parameter_type)
      .run_groups(results);
}

void extreme_opencl(const Tensor& values, const Tensor& indices, const Tensor& in, const ReduceShape& s,
                    bool largest) {
  ClDevice& device = device_of(in);
  Options options(device, in.dtype());
  options.set("LARGEST", largest).set("HAS_VALUES", values.defined()).set("HAS_INDICES", indices.defined());
  narrow(in.numel());
  Launch(device, "extreme", "extreme", options)
      .integer(s.outer * s.inner)
      .integer(s.reduced)
      .integer(s.inner)
      .tensor(values)
      .tensor(indices)
      .tensor(in)
      .run(s.outer * s.inner);
}

const KernelOn<DeviceType::OpenCl> reduce_on_opencl{reduce_kernel, reduce_opencl};
const KernelOn<DeviceType::OpenCl> extreme_on_opencl{extreme_kernel, extreme_opencl};

}  // namespace
}  // namespace unroll::opencl
