// Softmax and the losses over class indices: geometry, threads and checks around the row kernels.
#include "backend/cpu/kernels/softmax.h"

#include <vector>

#include "backend/cpu/threads.h"
#include "backend/layers.h"

namespace unroll {
namespace {

using namespace cpu;

/** The kernels by element type. */
template <class T>
struct Kernels;
template <>
struct Kernels<float> {
  static constexpr auto& rows = softmax_rows_f32;
  static constexpr auto& columns = softmax_columns_f32;
  static constexpr auto& rows_backward = softmax_rows_backward_f32;
  static constexpr auto& columns_backward = softmax_columns_backward_f32;
  static constexpr auto& row_loss = cross_entropy_row_f32;
  static constexpr auto& row_loss_backward = cross_entropy_row_backward_f32;
};
template <>
struct Kernels<double> {
  static constexpr auto& rows = softmax_rows_f64;
  static constexpr auto& columns = softmax_columns_f64;
  static constexpr auto& rows_backward = softmax_rows_backward_f64;
  static constexpr auto& columns_backward = softmax_columns_backward_f64;
  static constexpr auto& row_loss = cross_entropy_row_f64;
  static constexpr auto& row_loss_backward = cross_entropy_row_backward_f64;
};

/** Elements a thread takes at least. */
constexpr int64_t kGrain = 1 << 13;
/** Columns done together where the dimension is not the last one. */
constexpr int64_t kColumns = 64;

int64_t row_grain(int64_t n) { return kGrain / std::max<int64_t>(n, 1) + 1; }

/** Sizes around dimension dim: outer · n · inner. */
struct Around {
  int64_t outer = 1, n = 1, inner = 1;
  Around(const Tensor& t, int dim) {
    for (int i = 0; i < t.dim(); ++i) (i < dim ? outer : i == dim ? n : inner) *= t.sizes()[i];
  }
};

/** body(offset, columns) for every block of columns, on the threads that pay. */
template <class F>
void for_columns(const Around& a, F&& body) {
  const int64_t blocks = (a.inner + kColumns - 1) / kColumns;
  parallel_for(0, a.outer * blocks, row_grain(a.n * kColumns), [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t column = i % blocks * kColumns;
      body(i / blocks * a.n * a.inner + column, std::min(kColumns, a.inner - column));
    }
  });
}

const char* error_name(const Around& a, bool log) {
  if (a.inner == 1) return log ? "log_softmax_lastdim_kernel_impl" : "softmax_lastdim_kernel_impl";
  return log ? "log_softmax_kernel_impl" : "softmax_kernel_impl";
}

void softmax_cpu(const Tensor& in, const Tensor& out, int dim, bool log) {
  const Around a(in, dim);
  visit_floating(in.dtype(), error_name(a, log), [&]<class T>(T) {
    if (in.numel() == 0) return;
    const T* const x = in.data<T>();
    T* const y = out.data<T>();
    if (a.inner == 1)
      return parallel_for(0, a.outer, row_grain(a.n), [&](int64_t first, int64_t last) {
        Kernels<T>::rows(x + first * a.n, y + first * a.n, last - first, a.n, log);
      });
    for_columns(a, [&](int64_t offset, int64_t columns) {
      T scratch[2 * kColumns];
      Kernels<T>::columns(x + offset, y + offset, a.n, a.inner, columns, log, scratch);
    });
  });
}

void softmax_backward_cpu(const Tensor& grad, const Tensor& out, const Tensor& grad_in, int dim, bool log) {
  const Around a(out, dim);
  visit_floating(out.dtype(), error_name(a, log), [&]<class T>(T) {
    if (out.numel() == 0) return;
    const T* const g = grad.data<T>();
    const T* const y = out.data<T>();
    T* const gx = grad_in.data<T>();
    if (a.inner == 1)
      return parallel_for(0, a.outer, row_grain(a.n), [&](int64_t first, int64_t last) {
        const int64_t o = first * a.n;
        Kernels<T>::rows_backward(g + o, y + o, gx + o, last - first, a.n, log);
      });
    for_columns(a, [&](int64_t o, int64_t columns) {
      T scratch[kColumns];
      Kernels<T>::columns_backward(g + o, y + o, gx + o, a.n, a.inner, columns, log, scratch);
    });
  });
}

void class_counts_cpu(const Tensor& target, int64_t classes, const ClassLoss& loss, const Tensor& counts) {
  visit_floating(counts.dtype(), "nll_loss_out_frame", [&]<class T>(T) {
    const int64_t* const t = target.data<int64_t>();
    const T* const weight = loss.weight.defined() ? loss.weight.data<T>() : nullptr;
    T* const count = counts.data<T>();
    for (int64_t i = 0; i < target.numel(); ++i) {
      if (t[i] == loss.ignore_index) {
        count[i] = 0;
        continue;
      }
      UNROLL_CHECK_KIND(Index, t[i] >= 0 && t[i] < classes, "Target ", t[i], " is out of bounds.");
      count[i] = weight ? weight[t[i]] : T(1);
    }
  });
}

/** The rows of a class-index cross entropy, with what each counts. */
template <class T>
struct Rows {
  int64_t n, classes;
  const T* x;
  const T* weight;
  T weight_sum;
  double smoothing;
  const int64_t* target;
  const T* counts;
  int64_t ignore_index;

  Rows(const Tensor& logits, const Tensor& target, const Tensor& counts, const ClassLoss& loss)
      : n(logits.size(0)),
        classes(logits.size(1)),
        x(logits.data<T>()),
        weight(loss.weight.defined() ? loss.weight.data<T>() : nullptr),
        weight_sum(static_cast<T>(classes)),
        smoothing(loss.label_smoothing),
        target(target.data<int64_t>()),
        counts(counts.data<T>()),
        ignore_index(loss.ignore_index) {
    if (!weight) return;
    double sum = 0;
    for (int64_t c = 0; c < classes; ++c) sum += weight[c];
    weight_sum = static_cast<T>(sum);
  }

  bool is_ignored(int64_t r) const { return target[r] == ignore_index; }

  CrossEntropyRow<T> row(int64_t r, T scale) const {
    if (is_ignored(r)) return {0, 0, 0, scale};
    return {target[r], static_cast<T>((1 - smoothing) * counts[r]),
            static_cast<T>(smoothing / static_cast<double>(classes)), scale};
  }
};

void cross_entropy_cpu(const Tensor& logits, const Tensor& target, const Tensor& counts,
                       const ClassLoss& loss, const Tensor& losses, const Tensor& lse) {
  visit_floating(logits.dtype(), "log_softmax_lastdim_kernel_impl", [&]<class T>(T) {
    const Rows<T> rows(logits, target, counts, loss);
    T* const out = losses.data<T>();
    T* const l = lse.data<T>();
    parallel_for(0, rows.n, row_grain(rows.classes), [&](int64_t first, int64_t last) {
      for (int64_t r = first; r < last; ++r) {
        if (rows.is_ignored(r)) {
          out[r] = l[r] = 0;
          continue;
        }
        out[r] =
            Kernels<T>::row_loss(rows.x + r * rows.classes, rows.classes, rows.row(r, 1), rows.weight, l + r);
      }
    });
  });
}

void cross_entropy_backward_cpu(const Tensor& logits, const Tensor& target, const Tensor& counts,
                                const ClassLoss& loss, const Tensor& lse, const Tensor& scale,
                                const Tensor& grad_logits) {
  visit_floating(logits.dtype(), "log_softmax_lastdim_kernel_impl", [&]<class T>(T) {
    const Rows<T> rows(logits, target, counts, loss);
    const T* const l = lse.data<T>();
    const T* const s = scale.data<T>();
    T* const grad = grad_logits.data<T>();
    parallel_for(0, rows.n, row_grain(rows.classes), [&](int64_t first, int64_t last) {
      for (int64_t r = first; r < last; ++r)
        Kernels<T>::row_loss_backward(rows.x + r * rows.classes, rows.classes, rows.row(r, s[r]), rows.weight,
                                      rows.weight_sum, l[r], grad + r * rows.classes);
    });
  });
}

const KernelOn<DeviceType::Cpu> softmax_on_cpu{softmax_kernel, softmax_cpu};
const KernelOn<DeviceType::Cpu> softmax_backward_on_cpu{softmax_backward_kernel, softmax_backward_cpu};
const KernelOn<DeviceType::Cpu> class_counts_on_cpu{class_counts_kernel, class_counts_cpu};
const KernelOn<DeviceType::Cpu> cross_entropy_on_cpu{cross_entropy_kernel, cross_entropy_cpu};
const KernelOn<DeviceType::Cpu> cross_entropy_backward_on_cpu{cross_entropy_backward_kernel,
                                                              cross_entropy_backward_cpu};

}  // namespace
}  // namespace unroll
