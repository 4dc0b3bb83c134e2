// The greatest and the least, over everything or along one dimension, with the places where they stand.
#include "autograd/variable.h"
#include "ops/geometry.h"
#include "ops/ops.h"
#include "ops/reduction.h"

namespace unroll {

namespace {

// Elements equal to the result share the gradient evenly, as PyTorch's max over everything has it.
Tensor shared_among_equal(const Tensor& g, const Tensor& t, const Tensor& result) {
  const Tensor is_equal = only_element<bool>(isnan(result)) ? isnan(t) : eq(t, result);
  const Tensor count = to_dtype(sum(is_equal, {}, false), t.dtype());
  return mul(div(g, count), to_dtype(is_equal, t.dtype()));
}

Tensor extreme_of_all(const Tensor& t, bool largest) {
  const char* name = largest ? "max" : "min";
  UNROLL_CHECK(t.numel() > 0, name, "(): Expected reduction dim to be specified for input.numel() == 0. ",
               "Specify the reduction dim with the 'dim' argument.");
  const Reducible ready(t, {});
  Tensor out = ready.output(t.dtype());
  extreme_kernel(t.device_type(), out, Tensor(), ready.in, ready.shape, largest);
  if (needs_grad(t))
    record(out, largest ? "MaxBackward1" : "MinBackward1", {t},
           [t = Saved(t), out = Saved::output(out)](Node& self, const Tensor& g) -> Tensors {
             return {shared_among_equal(g, t.get(self), out.get(self))};
           });
  return out;
}

void check_reduced_size(const Tensor& t, int dim, const char* name) {
  UNROLL_CHECK_KIND(Index, t.dim() == 0 || t.sizes()[dim] > 0, name, "(): Expected reduction dim ", dim,
                    " to have non-zero size.");
}

Tensor2 extreme_along(const Tensor& t, int64_t dim, bool keepdim, bool largest) {
  const int d = wrap_dim(dim, t.dim());
  check_reduced_size(t, d, largest ? "max" : "min");
  const Reducible ready(t, {d});
  const Tensor values = ready.output(t.dtype()), indices = ready.output(DType::Int64);
  extreme_kernel(t.device_type(), values, indices, ready.in, ready.shape, largest);
  Tensor2 out{ready.finished(values, keepdim), ready.finished(indices, keepdim)};
  if (needs_grad(t))
    record(std::get<0>(out), largest ? "MaxBackward0" : "MinBackward0", {t},
           [index = Saved(std::get<1>(out)), d, sizes = t.sizes()](Node& self, const Tensor& g) -> Tensors {
             const Tensor at = with_reduced_dims(index.get(self), sizes, {d});
             return {scatter_add(zeros_beside(g, sizes), d, at, with_reduced_dims(g, sizes, {d}))};
           });
  return out;
}

Tensor position_of_extreme(const Tensor& t, std::optional<int64_t> dim, bool keepdim, bool largest) {
  const char* name = largest ? "argmax" : "argmin";
  Dims dims;
  if (dim) {
    dims = {wrap_dim(*dim, t.dim())};
    check_reduced_size(t, static_cast<int>(dims[0]), name);
  } else {
    UNROLL_CHECK_KIND(Index, t.numel() > 0, name,
                      "(): Expected reduction dim to be specified for input.numel() == 0.");
  }
  // Positions in the flattened tensor are counted row by row, however it lies in memory.
  const Tensor in = dim ? t : contiguous(detach(t));
  const Reducible ready(in, dims);
  Tensor indices = ready.output(DType::Int64);
  extreme_kernel(t.device_type(), Tensor(), indices, ready.in, ready.shape, largest);
  return ready.finished(indices, keepdim);
}

}  // namespace

Tensor max(const Tensor& t) { return extreme_of_all(t, true); }
Tensor min(const Tensor& t) { return extreme_of_all(t, false); }
Tensor2 max_dim(const Tensor& t, int64_t dim, bool keepdim) { return extreme_along(t, dim, keepdim, true); }
Tensor2 min_dim(const Tensor& t, int64_t dim, bool keepdim) { return extreme_along(t, dim, keepdim, false); }
Tensor argmax(const Tensor& t, std::optional<int64_t> dim, bool keepdim) {
  return position_of_extreme(t, dim, keepdim, true);
}
Tensor argmin(const Tensor& t, std::optional<int64_t> dim, bool keepdim) {
  return position_of_extreme(t, dim, keepdim, false);
}

}  // namespace unroll
