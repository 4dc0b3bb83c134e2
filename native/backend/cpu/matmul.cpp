// Matrix products of tensors: strides become the gemm's leading dimensions, or a copy where they cannot.
#include "backend/cpu/gemm.h"
#include "backend/cpu/threads.h"
#include "backend/products.h"
#include "ops/ops.h"

namespace unroll {
namespace {

using namespace cpu;

/** A matrix as gemm takes it; `copy` keeps the memory alive where t's own strides do not fit. */
template <class T>
struct Operand {
  const T* data;
  int64_t ld;
  bool transposed;
  Tensor copy;
};

Tensor copied(const Tensor& t) {
  Tensor out = empty(t.sizes(), t.dtype(), t.device());
  copy_kernel(t.device_type(), out, t);
  return out;
}

/** The matrix in t's last two dimensions, which start `offset` elements into it. */
template <class T>
Operand<T> operand(const Tensor& t, int64_t offset = 0) {
  const int d = t.dim() - 2;
  const int64_t rows = t.sizes()[d], columns = t.sizes()[d + 1];
  const int64_t row_stride = t.strides()[d], column_stride = t.strides()[d + 1];
  const T* data = t.data<T>() + offset;
  if ((column_stride == 1 || columns == 1) && (row_stride >= columns || rows == 1))
    return {data, std::max(row_stride, columns), false, {}};
  if ((row_stride == 1 || rows == 1) && (column_stride >= rows || columns == 1))
    return {data, std::max(column_stride, rows), true, {}};
  Tensor copy = copied(alias(t, {rows, columns}, {row_stride, column_stride}, t.offset() + offset));
  return {copy.data<T>(), columns, false, copy};
}

/** Integer products, which gemm does not know: exact in any order. */
template <class T>
void multiply_integers(const Operand<T>& a, const Operand<T>& b, int64_t M, int64_t N, int64_t K,
                       const T* bias, T* c, int64_t ldc, bool accumulate) {
  const int64_t a_row = a.transposed ? 1 : a.ld, a_column = a.transposed ? a.ld : 1;
  const int64_t b_row = b.transposed ? 1 : b.ld, b_column = b.transposed ? b.ld : 1;
  // In unsigned arithmetic, where wrapping around is defined, as PyTorch's integers do.
  for (int64_t i = 0; i < M; ++i)
    for (int64_t j = 0; j < N; ++j) {
      uint64_t sum = accumulate ? static_cast<uint64_t>(c[i * ldc + j]) : 0;
      if (bias) sum += static_cast<uint64_t>(bias[j]);
      for (int64_t k = 0; k < K; ++k)
        sum += static_cast<uint64_t>(a.data[i * a_row + k * a_column]) *
               static_cast<uint64_t>(b.data[k * b_row + j * b_column]);
      c[i * ldc + j] = static_cast<T>(sum);
    }
}

template <class T>
void multiply(const Operand<T>& a, const Operand<T>& b, int64_t M, int64_t N, int64_t K, const T* bias, T* c,
              int64_t ldc, bool accumulate) {
  if constexpr (std::is_floating_point_v<T>)
    gemm(a.transposed, b.transposed, M, N, K, a.data, a.ld, b.data, b.ld, c, ldc, accumulate, bias);
  else
    multiply_integers(a, b, M, N, K, bias, c, ldc, accumulate);
}

template <class F>
void visit_products(DType dtype, F&& f) {
  UNROLL_CHECK_KIND(NotImplemented, dtype != DType::Bool, "\"addmm_impl_cpu_\" not implemented for 'Bool'");
  visit_computed(dtype, [&]<class T>(T zero) {
    if constexpr (!std::is_same_v<T, bool>) f(zero);
  });
}

void mm_cpu(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out, bool accumulate) {
  visit_products(out.dtype(), [&]<class T>(T) {
    const int64_t M = out.size(0), N = out.size(1), K = a.size(1);
    if (M == 0 || N == 0) return;
    multiply(operand<T>(a), operand<T>(b), M, N, K, bias.defined() ? bias.data<T>() : nullptr, out.data<T>(),
             M == 1 ? N : out.strides()[0], accumulate);
  });
}

/** Multiply-adds of one matrix above which gemm's own threads serve better than one matrix a thread. */
constexpr int64_t kLargeProduct = int64_t{1} << 22;

void bmm_cpu(const Tensor& a, const Tensor& b, const Tensor& out) {
  visit_products(out.dtype(), [&]<class T>(T) {
    const int64_t batch = out.size(0), M = out.size(1), N = out.size(2), K = a.size(2);
    if (batch == 0 || M == 0 || N == 0) return;
    const int64_t work = M * N * std::max<int64_t>(K, 1);
    const int64_t grain = work >= kLargeProduct ? batch : (int64_t{1} << 16) / work + 1;
    parallel_for(0, batch, grain, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i)
        multiply(operand<T>(a, i * a.strides()[0]), operand<T>(b, i * b.strides()[0]), M, N, K,
                 static_cast<const T*>(nullptr), out.data<T>() + i * M * N, N, false);
    });
  });
}

const KernelOn<DeviceType::Cpu> mm_on_cpu{mm_kernel, mm_cpu};
const KernelOn<DeviceType::Cpu> bmm_on_cpu{bmm_kernel, bmm_cpu};

}  // namespace
}  // namespace unroll
