// Matrix products. Gradients: of the left operand, grad · right^T; of the right one, left^T · grad.
#include "autograd/variable.h"
#include "backend/products.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace unroll {

namespace {

void check_mm(const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(a.dim() == 2, "self must be a matrix");
  UNROLL_CHECK(b.dim() == 2, "mat2 must be a matrix");
  check_product(a, b);
}

/** Inner product of two vectors, as a scalar. */
Tensor dot(const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(a.dtype() == b.dtype(), "dot : expected both vectors to have same dtype, but found ",
               scalar_type_name(a.dtype()), " and ", scalar_type_name(b.dtype()));
  UNROLL_CHECK(a.numel() == b.numel(), "inconsistent tensor size, expected tensor ", a.sizes(), " and src ",
               b.sizes(), " to have the same number of elements, but got ", a.numel(), " and ", b.numel(),
               " elements respectively");
  return view(mm(unsqueeze(a, 0), unsqueeze(b, 1)), {});
}

/** Matrix times vector. */
Tensor mv(const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(a.size(1) == b.size(0), "size mismatch, got input (", a.size(0), "), mat (", a.size(0), "x",
               a.size(1), "), vec (", b.size(0), ")");
  UNROLL_CHECK(a.dtype() == b.dtype(), "addmv input tensors must have the same dtype, but got ",
               scalar_type_name(b.dtype()), ", ", scalar_type_name(a.dtype()), ", and ",
               scalar_type_name(b.dtype()));
  return squeeze_dim(mm(a, unsqueeze(b, 1)), 1);
}

/** All but the last `keep` dimensions. */
Dims leading(const Dims& sizes, int keep) {
  Dims out;
  for (int i = 0; i < sizes.size() - keep; ++i) out.push_back(sizes[i]);
  return out;
}

/** `batch` followed by the last two of t's dimensions. */
Dims with_matrix(Dims batch, int64_t rows, int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

/** Products of broadcast batches of matrices; a vector stands for a matrix of one row or column. */
Tensor batched(const Tensor& left, const Tensor& right) {
  const Tensor a = left.dim() == 1 ? unsqueeze(left, 0) : left,
               b = right.dim() == 1 ? unsqueeze(right, 1) : right;
  const Dims batch = broadcast_sizes(leading(a.sizes(), 2), leading(b.sizes(), 2));
  const int64_t matrices = numel_of(batch), M = a.size(-2), K = a.size(-1), N = b.size(-1);
  const Tensor flat_a = reshape(expand(a, with_matrix(batch, M, K)), {matrices, M, K});
  const Tensor flat_b = reshape(expand(b, with_matrix(batch, b.size(-2), N)), {matrices, b.size(-2), N});
  Dims sizes = batch;
  if (left.dim() > 1) sizes.push_back(M);
  if (right.dim() > 1) sizes.push_back(N);
  return view(bmm(flat_a, flat_b), sizes);
}

}  // namespace

Tensor mm(const Tensor& a, const Tensor& b) {
  check_mm(a, b);
  Tensor out = empty({a.size(0), b.size(1)}, a.dtype(), a.device());
  mm_kernel(a.device_type(), a, b, {}, out, false);
  if (needs_grad(a, b))
    record(out, "MmBackward0", {a, b}, [a = Saved(a), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
      return {self.needs(0) ? mm(g, transposed(b.get(self))) : Tensor(),
              self.needs(1) ? mm(transposed(a.get(self)), g) : Tensor()};
    });
  return out;
}

Tensor bmm(const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(a.dim() == 3, "batch1 must be a 3D tensor");
  UNROLL_CHECK(b.dim() == 3, "batch2 must be a 3D tensor");
  UNROLL_CHECK(a.size(0) == b.size(0) && a.size(2) == b.size(1),
               "Expected size for first two dimensions of batch2 tensor to be: [", a.size(0), ", ", a.size(2),
               "] but got: [", b.size(0), ", ", b.size(1), "].");
  UNROLL_CHECK(a.dtype() == b.dtype(), "expected scalar type ", scalar_type_name(a.dtype()), " but found ",
               scalar_type_name(b.dtype()));
  Tensor out = empty({a.size(0), a.size(1), b.size(2)}, a.dtype(), a.device());
  bmm_kernel(a.device_type(), a, b, out);
  if (needs_grad(a, b))
    record(out, "BmmBackward0", {a, b}, [a = Saved(a), b = Saved(b)](Node& self, const Tensor& g) -> Tensors {
      return {self.needs(0) ? bmm(g, transposed(b.get(self))) : Tensor(),
              self.needs(1) ? bmm(transposed(a.get(self)), g) : Tensor()};
    });
  return out;
}

Tensor matmul(const Tensor& a, const Tensor& b) {
  UNROLL_CHECK(a.dim() > 0 && b.dim() > 0, "both arguments to matmul need to be at least 1D, but they are ",
               a.dim(), "D and ", b.dim(), "D");
  if (a.dim() == 1 && b.dim() == 1) return dot(a, b);
  if (a.dim() == 2 && b.dim() == 1) return mv(a, b);
  if (a.dim() == 1 && b.dim() == 2) return squeeze_dim(mm(unsqueeze(a, 0), b), 0);
  if (a.dim() == 2 && b.dim() == 2) return mm(a, b);
  if (b.dim() > 2) return batched(a, b);
  // A batch times one matrix is one product of all rows.
  const Tensor rows = reshape(a, {numel_of(leading(a.sizes(), 1)), a.size(-1)});
  Dims sizes = leading(a.sizes(), 1);
  if (b.dim() == 2) sizes.push_back(b.size(1));
  return view(b.dim() == 1 ? mv(rows, b) : mm(rows, b), sizes);
}

namespace {

/** A factor of addmm in the arithmetic of dtype: integers take its whole part, as PyTorch does. */
Scalar factor(double value, DType dtype) {
  return is_floating(dtype) ? Scalar::of(value) : Scalar::of(static_cast<int64_t>(value));
}

Tensor scaled(const Tensor& t, double value) {
  return value == 1 ? t : mul_scalar(t, factor(value, t.dtype()));
}

/** t has nothing to broadcast but rows: gemm adds it on its way. */
bool is_row_bias(const Tensor& t, int64_t columns) {
  return t.dim() == 1 && t.size(0) == columns && t.is_contiguous();
}

}  // namespace

Tensor addmm(const Tensor& t, const Tensor& a, const Tensor& b, double beta, double alpha) {
  UNROLL_CHECK(t.dtype() == b.dtype(), "self and mat2 must have the same dtype, but got ",
               scalar_type_name(t.dtype()), " and ", scalar_type_name(b.dtype()));
  check_mm(a, b);
  const Dims sizes{a.size(0), b.size(1)};
  Tensor out = empty(sizes, a.dtype(), a.device());
  {
    GradMode off(false);
    const bool fused = beta == 1 && alpha == 1 && is_row_bias(t, sizes[1]);
    const Tensor expanded = fused ? Tensor() : expand(t, sizes);
    mm_kernel(a.device_type(), a, b, fused ? t : Tensor(), out, false);
    if (alpha != 1) mul_scalar_(out, factor(alpha, out.dtype()));
    if (!fused && beta != 0) add_(out, scaled(expanded, beta));
  }
  if (needs_grad({&t, &a, &b}))
    record(out, "AddmmBackward0", {t, a, b},
           [a = Saved(a), b = Saved(b), sizes_t = t.sizes(), beta, alpha](Node& self,
                                                                          const Tensor& g) -> Tensors {
             const Tensor g_product = scaled(g, alpha);
             return {self.needs(0) ? scaled(sum_to(g, sizes_t), beta) : Tensor(),
                     self.needs(1) ? mm(g_product, transposed(b.get(self))) : Tensor(),
                     self.needs(2) ? mm(transposed(a.get(self)), g_product) : Tensor()};
           });
  return out;
}

}  // namespace unroll
