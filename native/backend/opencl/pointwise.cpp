// Pointwise operations, copies, conversions and fills: one kernel, compiled for each operation and the types
// it meets.
#include <cstring>
#include <optional>

#include "backend/kernels.h"
#include "backend/opencl/launch.h"
#include "ops/ops.h"
#include "tensor/iterator.h"

namespace unroll::opencl {
namespace {

/** The shape as pointwise.cl has it; strides of the output first. */
struct Shape {
  int32_t sizes[kMaxDims];
  int32_t strides[Iterator::kOperands][kMaxDims];
};

/** What pointwise.cl calls the operation. */
const char* function_name(PointwiseOp op) {
  switch (op) {
    case PointwiseOp::GeluErf:
      return "gelu_erf";
    case PointwiseOp::GeluTanh:
      return "gelu_tanh";
    case PointwiseOp::GeluErfGrad:
      return "gelu_erf_backward";
    case PointwiseOp::GeluTanhGrad:
      return "gelu_tanh_backward";
    case PointwiseOp::Relu:
      return "relu";
    default:
      return pointwise_name(op);
  }
}

/** Whether pointwise.cl has it for elements of this type: integers have no sine, floats no bits. */
bool is_computed_in(PointwiseOp op, DType type) {
  const bool any_type = gives_bool(op) || op == PointwiseOp::Add || op == PointwiseOp::Mul ||
                        op == PointwiseOp::Maximum || op == PointwiseOp::Minimum || op == PointwiseOp::Where;
  if (any_type) return true;
  const bool of_bits = (op >= PointwiseOp::Gcd && op <= PointwiseOp::BitXor) || op == PointwiseOp::BitNot;
  if (of_bits) {
    const bool shifts = op == PointwiseOp::ShiftLeft || op == PointwiseOp::ShiftRight;
    const bool of_bools = !shifts && op != PointwiseOp::Gcd && op != PointwiseOp::Lcm;
    return !is_floating(type) && (type != DType::Bool || of_bools);
  }
  if (is_floating(type)) return true;
  const bool any_number = (op >= PointwiseOp::FloorDiv && op <= PointwiseOp::Pow) ||
                          op == PointwiseOp::Addcmul || op == PointwiseOp::Clamp ||
                          (op >= PointwiseOp::Neg && op <= PointwiseOp::Sign) || op == PointwiseOp::Relu ||
                          op == PointwiseOp::ReluGrad;
  return any_number && type != DType::Bool;
}

/** A tensor without dimensions on the processor stands for its number, as in PyTorch. */
std::optional<Scalar> number_of(const Operand& operand) {
  const Tensor* t = operand.tensor();
  if (!t) return operand.number();
  if (t->dim() != 0 || t->device_type() != DeviceType::Cpu) return std::nullopt;
  return visit_computed(t->dtype(), [&](auto type) -> Scalar {
    using T = decltype(type);
    if constexpr (std::is_same_v<T, bool>)
      return Scalar::of(*t->data<T>());
    else if constexpr (std::is_integral_v<T>)
      return Scalar::of(static_cast<int64_t>(*t->data<T>()));
    else
      return Scalar::of(static_cast<double>(*t->data<T>()));
  });
}

bool is_special(const std::string& function) {
  for (const char* each : {"erfinv", "digamma", "polygamma", "i0", "i1"})
    if (function == each) return true;
  return false;
}

void elementwise(const std::string& function, bool has_condition, DType compute, bool is_bool_result,
                 const Tensor& out, const Operands& operands, const Numbers& numbers) {
  if (out.numel() == 0) return;
  ClDevice& device = device_of(out);
  Options options(device, compute);
  options.set("OP", "op_" + function);
  options.set("OUT", type_name(out.dtype(), device));
  options.set("OUT_IS_BOOL", is_bool_result || out.dtype() == DType::Bool);
  options.set("FLOATING", is_floating(compute));
  options.set("IS_BOOL", compute == DType::Bool);
  options.set("CONDITION", has_condition);
  options.set("IS_SPECIAL", is_special(function));  // which take long to compile

  std::optional<Scalar> values[3];
  Iterator iterator(out.sizes());
  iterator.add(nullptr, out.sizes(), out.strides(), 1);
  constexpr const char* names[] = {"A", "B", "C"};
  for (int i = 0; i < 3; ++i) {
    if (i < operands.size())
      values[i] = number_of(operands[i]);
    else
      values[i] = Scalar::of(int64_t{0});
    if (values[i]) {
      iterator.add(nullptr, {}, {}, 0);
      continue;
    }
    const Tensor& t = *operands[i].tensor();
    options.set(names[i], type_name(t.dtype(), device));
    iterator.add(nullptr, t.sizes(), t.strides(), 1);
  }
  iterator.arrange();
  options.set("RANK", iterator.rank());
  Shape shape{};
  for (int d = 0; d < iterator.rank(); ++d) {
    shape.sizes[d] = narrow(iterator.size(d));
    for (int k = 0; k < Iterator::kOperands; ++k) shape.strides[k][d] = narrow(iterator.stride(k, d));
  }

  Launch launch(device, "pointwise", "pointwise", options);
  launch.integer(count_of(out)).plain(shape).tensor(out);
  for (int i = 0; i < 3; ++i) {
    if (values[i])
      launch.number(*values[i], compute);
    else
      launch.tensor(*operands[i].tensor());
  }
  launch.number(Scalar::of(numbers.x), compute)
      .number(Scalar::of(numbers.y), compute)
      .fault()
      .run(out.numel());
}

void pointwise_opencl(PointwiseOp op, DType compute, const Tensor& out, const Operands& operands,
                      const Numbers& numbers) {
  UNROLL_CHECK_KIND(NotImplemented, is_computed_in(op, compute), "the operation '", pointwise_name(op),
                    "' is not supported on ", out.device().name(), " for ", dtype_name(compute));
  elementwise(function_name(op), op == PointwiseOp::Where, compute, gives_bool(op), out, operands, numbers);
}

void copy_opencl(const Tensor& to, const Tensor& from) {
  ClDevice& device = device_of(to);
  const bool is_plain = to.dtype() == from.dtype() && to.is_contiguous() && from.is_contiguous() &&
                        to.sizes() == from.sizes() && &from.storage() != &to.storage();
  if (!is_plain) return elementwise("copy", false, from.dtype(), false, to, {from}, {});
  if (to.numel() == 0) return;
  UNROLL_CHECK(&device_of(from) == &device,
               "Expected all tensors to be on the same device, but found at least two ", "devices, ",
               device.name(), " and ", from.device().name(), "!");
  check(device.api().enqueue_copy(device.queue(), static_cast<Memory>(from.storage().block()),
                                  static_cast<Memory>(to.storage().block()), from.byte_offset(),
                                  to.byte_offset(), static_cast<size_t>(to.numel() * item_size(to.dtype())),
                                  0, nullptr, nullptr),
        "clEnqueueCopyBuffer");
}

void fill_opencl(const Tensor& self, const Scalar& value) {
  elementwise("copy", false, self.dtype(), false, self, {value}, {});
}

const KernelOn<DeviceType::OpenCl> pointwise_on_opencl{pointwise_kernel, pointwise_opencl};
const KernelOn<DeviceType::OpenCl> copy_on_opencl{copy_kernel, copy_opencl};
const KernelOn<DeviceType::OpenCl> fill_on_opencl{fill_kernel, fill_opencl};

}  // namespace
}  // namespace unroll::opencl
