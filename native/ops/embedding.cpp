// Rows of a table by index.
#include "autograd/variable.h"
#include "backend/layers.h"
#include "ops/ops.h"
#include "ops/repeated_rows.h"

namespace unroll {

namespace {

/** The rows of weight (V, E) by indices, as a tensor (indices' sizes, E). */
Tensor rows_of(const Tensor& weight, const Tensor& indices) {
  Dims sizes = indices.sizes();
  sizes.push_back(weight.size(1));
  Tensor out = empty(sizes, weight.dtype(), weight.device());
  GradMode off(false);
  embedding_kernel(weight.device_type(), contiguous(weight), contiguous(indices), out);
  return out;
}

/** grad (indices' sizes, E) added up into a table (V, E) by indices; itself differentiable in grad. */
Tensor table_gradient(const Tensor& grad, const Tensor& indices, const Dims& table, int64_t padding_idx) {
  Tensor out = empty(table, grad.dtype(), grad.device());
  {
    GradMode off(false);
    embedding_backward_kernel(grad.device_type(), contiguous(grad), contiguous(indices), padding_idx, out);
  }
  if (needs_grad(grad))
    record(out, "EmbeddingDenseBackwardBackward0", {grad},
           [indices = Saved(indices), padding_idx](Node& self, const Tensor& g) -> Tensors {
             const Tensor index = indices.get(self), rows = embedding(g, index, -1);
             if (padding_idx < 0) return {rows};
             const Tensor is_padding = eq(index, full({}, Scalar::of(padding_idx), index.dtype()));
             return {masked_fill(rows, unsqueeze(is_padding, -1), Scalar::of(0.0))};
           });
  return out;
}

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx) {
  UNROLL_CHECK(weight.dim() == 2, "'weight' must be 2-D");
  UNROLL_CHECK(indices.dtype() == DType::Int64 || indices.dtype() == DType::Int32,
               "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, "
               "Int; but got "
               "torch.",
               scalar_type_name(indices.dtype()), "Tensor instead (while checking arguments for embedding)");
  Tensor out = rows_of(weight, indices);
  if (!needs_grad(weight)) return out;
  const auto node =
      std::make_shared<EmbeddingNode>(weight, indices, padding_idx, [](Node& self, Tensors grads) -> Tensors {
        const auto& node = static_cast<EmbeddingNode&>(self);
        return {table_gradient(grads[0], node.indices.get(self), node.table, node.padding_idx)};
      });
  set_history(out, node);
  return out;
}

}  // namespace unroll
