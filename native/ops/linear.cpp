// input · weight^T + bias. Leading dimensions of the input are rows of one matrix product.
#include "autograd/variable.h"
#include "backend/products.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace unroll {

namespace {

/** PyTorch's name for the last function in the graph of a linear of this shape. */
const char* name_of(int input_dim, bool has_bias) {
  if (input_dim == 2) return has_bias ? "AddmmBackward0" : "MmBackward0";
  return has_bias ? "ViewBackward0" : "UnsafeViewBackward0";
}

}  // namespace

Tensor linear(const Tensor& input, const Tensor& weight, const OptionalTensor& bias) {
  UNROLL_CHECK(input.dim() > 0 && weight.dim() > 0,
               "both arguments to linear need to be at least 1D, but they are ", input.dim(), "D and ",
               weight.dim(), "D");
  UNROLL_CHECK(weight.dim() <= 2, "t() expects a tensor with <= 2 dimensions, but self is ", weight.dim(),
               "D");
  if (weight.dim() == 1) {
    const Tensor product = matmul(input, weight);
    return bias.defined() ? add(product, bias) : product;
  }
  const int64_t out_features = weight.size(0);
  Dims sizes = input.sizes();
  sizes[input.dim() - 1] = out_features;
  Tensor out;
  {
    GradMode off(false);
    const Tensor rows = as_rows(input), columns = transposed(weight);
    UNROLL_CHECK(!bias.defined() || bias.dtype() == weight.dtype(),
                 "self and mat2 must have the same dtype, but got ", scalar_type_name(bias.dtype()), " and ",
                 scalar_type_name(weight.dtype()));
    check_product(rows, columns);
    out = empty({rows.size(0), out_features}, input.dtype(), input.device());
    const bool fused =
        bias.defined() && bias.dim() == 1 && bias.size(0) == out_features && bias.is_contiguous();
    const Tensor expanded = bias.defined() && !fused ? expand(bias, out.sizes()) : Tensor();
    mm_kernel(input.device_type(), rows, columns, fused ? bias : Tensor(), out, false);
    if (expanded.defined()) add_(out, expanded);
    if (input.dim() != 2) out = alias(out, sizes, contiguous_strides(sizes), 0);
  }
  if (needs_grad({&input, &weight, &bias}))
    record(out, name_of(input.dim(), bias.defined()), {input, weight, bias},
           [input = Saved(input), weight = Saved(weight), has_bias = bias.defined(),
            bias_sizes = bias.defined() ? bias.sizes() : Dims()](Node& self, const Tensor& grad) -> Tensors {
             const Tensor g = as_rows(grad);
             Tensors grads(3);
             if (self.needs(0)) {
               const Tensor x = input.get(self);
               grads[0] = mm(g, weight.get(self));
               if (x.dim() != 2) grads[0] = view(grads[0], x.sizes());
             }
             if (self.needs(1)) grads[1] = mm(transposed(g), as_rows(input.get(self)));
             if (has_bias && self.needs(2)) grads[2] = sum_to(g, bias_sizes);
             return grads;
           });
  return out;
}

}  // namespace unroll
