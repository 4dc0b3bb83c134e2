// The time loops of the recurrent layers. The rows of the batch are independent through all time steps, so
// where each thread gets rows enough it takes them from the first step to the last with no barrier on the
// way; where the batch is too small for that, all threads share each step's product. The recurrent weight is
// packed once for all steps.
#include <cmath>
#include <vector>

#include "backend/cpu/gemm.h"
#include "backend/cpu/kernels/gates.h"
#include "backend/cpu/packed_cache.h"
#include "backend/cpu/threads.h"
#include "backend/recurrence.h"

namespace unroll {
namespace {

using namespace cpu;

void cell(const LstmCell<float>& c, int64_t n) { lstm_cell_f32(c, n); }
void cell(const LstmCell<double>& c, int64_t n) { lstm_cell_f64(c, n); }
void cell(const LstmCellBackward<float>& c, int64_t n) { lstm_cell_backward_f32(c, n); }
void cell(const LstmCellBackward<double>& c, int64_t n) { lstm_cell_backward_f64(c, n); }
void cell(const GruCell<float>& c, int64_t n) { gru_cell_f32(c, n); }
void cell(const GruCell<double>& c, int64_t n) { gru_cell_f64(c, n); }
void cell(const GruCellBackward<float>& c, int64_t n) { gru_cell_backward_f32(c, n); }
void cell(const GruCellBackward<double>& c, int64_t n) { gru_cell_backward_f64(c, n); }
void rnn_cell(float* h, int64_t n, bool relu) { rnn_cell_f32(h, n, relu); }
void rnn_cell(double* h, int64_t n, bool relu) { rnn_cell_f64(h, n, relu); }
void rnn_cell_backward(const float* h, const float* dh, float* d, int64_t n, bool relu) {
  rnn_cell_backward_f32(h, dh, d, n, relu);
}
void rnn_cell_backward(const double* h, const double* dh, double* d, int64_t n, bool relu) {
  rnn_cell_backward_f64(h, dh, d, n, relu);
}
void add_row(float* to, const float* from, int64_t n) { add_row_f32(to, from, n); }
void add_row(double* to, const double* from, int64_t n) { add_row_f64(to, from, n); }
double sum_of_squares(const float* x, int64_t n) { return sum_of_squares_f32(x, n); }
double sum_of_squares(const double* x, int64_t n) { return sum_of_squares_f64(x, n); }

/** Rows of the batch a thread takes through time at least: fewer do not pay for fetching the weight. */
constexpr int64_t kRowsPerThread = 8;
/** Multiply-adds, and units of a cell, below which another thread costs more than it brings. */
constexpr int64_t kWorkPerThread = 1 << 18, kUnitsPerThread = 1 << 12;

/** The product of one time step: c[B][ldc] (+)= a[B][lda] · packed. */
template <class T>
struct StepProduct {
  const T* a;
  int64_t lda;
  T* c;
  int64_t ldc;
  bool accumulate;
};

/**
 * Runs the steps of a layer. product_at(t) is step t's product with `packed`, cells(t, first, last) its cells
 * for those rows of the batch. Forward: t rises, the product comes first; backward: t falls, the cells come
 * first.
 */
template <class T, class ProductAt, class Cells>
void through_time(int64_t steps, int64_t batch, int64_t units, bool forward, const PackedMatrix<T>& packed,
                  ProductAt product_at, Cells cells) {
  const int64_t N = packed.N(), K = packed.K();
  if (batch >= kRowsPerThread * num_threads() || steps * N * K * batch < 2 * kWorkPerThread) {
    const int64_t grain = std::max(kRowsPerThread, kWorkPerThread / (steps * N * K + 1));
    return parallel_for(0, batch, grain, [&](int64_t first, int64_t last) {
      for (int64_t s = 0; s < steps; ++s) {
        const int64_t t = forward ? s : steps - 1 - s;
        const StepProduct<T> p = product_at(t);
        if (!forward) cells(t, first, last);
        gemm_packed_rows(false, first, last, N, K, p.a, p.lda, packed, p.c, p.ldc, p.accumulate);
        if (forward) cells(t, first, last);
      }
    });
  }
  const auto all_cells = [&](int64_t t) {
    parallel_for(0, batch, kUnitsPerThread / std::max<int64_t>(units, 1) + 1,
                 [&](int64_t first, int64_t last) { cells(t, first, last); });
  };
  for (int64_t s = 0; s < steps; ++s) {
    const int64_t t = forward ? s : steps - 1 - s;
    const StepProduct<T> p = product_at(t);
    if (!forward) all_cells(t);
    gemm_packed(false, batch, N, K, p.a, p.lda, packed, p.c, p.ldc, p.accumulate);
    if (forward) all_cells(t);
  }
}

/** Sums of squares by time step and row of the batch, each made by one thread; combined in order at the end.
 */
class ThroughTime {
 public:
  ThroughTime(const Tensor& norms, int64_t steps, int64_t batch)
      : norms_(norms), steps_(steps), batch_(batch), sums_(norms.defined() ? norms.numel() * batch : 0) {}

  template <class T>
  void note(int series, int64_t t, int64_t row, const T* derivative, int64_t units) {
    if (!sums_.empty()) sums_[(series * steps_ + t) * batch_ + row] = sum_of_squares(derivative, units);
  }

  void finish() const {
    if (!norms_.defined()) return;
    double* const norms = norms_.data<double>();
    for (int64_t i = 0; i < norms_.numel(); ++i) {
      double sum = 0;
      for (int64_t b = 0; b < batch_; ++b) sum += sums_[i * batch_ + b];
      norms[i] = std::sqrt(sum);
    }
  }

 private:
  Tensor norms_;
  int64_t steps_, batch_;
  std::vector<double> sums_;
};

/** Sizes of a layer from hs (T + 1, B, H). */
struct Sizes {
  int64_t steps, batch, units, state;
  explicit Sizes(const Tensor& hs)
      : steps(hs.size(0) - 1), batch(hs.size(1)), units(hs.size(2)), state(batch * units) {}
};

void lstm_steps_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& hs, const Tensor& cs) {
  const Sizes n(hs);
  visit_floating(hs.dtype(), "lstm", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, true);
    T* const g = gates.data<T>();
    T* const h = hs.data<T>();
    T* const c = cs.data<T>();
    const int64_t width = 4 * n.units;
    through_time<T>(
        n.steps, n.batch, n.units, true, *packed,
        [&](int64_t t) {
          return StepProduct<T>{h + t * n.state, n.units, g + t * n.batch * width, width, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t r = t * n.batch + first; r < t * n.batch + last; ++r) {
            const int64_t before = r * n.units, after = before + n.state;
            cell(LstmCell<T>{g + r * width, c + before, c + after, h + after}, n.units);
          }
        });
  });
}

void lstm_steps_backward_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& cs,
                             const Tensor& grad_out, const Tensor& dh_tensor, const Tensor& dc_tensor,
                             const Tensor& dgates, const Tensor& norms) {
  const Sizes n(cs);
  visit_floating(cs.dtype(), "lstm", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, false);
    const T* const g = gates.data<T>();
    const T* const c = cs.data<T>();
    const T* const out = grad_out.defined() ? grad_out.data<T>() : nullptr;
    T* const dh = dh_tensor.data<T>();
    T* const dc = dc_tensor.data<T>();
    T* const dg = dgates.data<T>();
    const Tensor dc_totals = empty({n.batch, n.units}, cs.dtype());
    T* const dc_total = dc_totals.data<T>();
    const int64_t width = 4 * n.units;
    ThroughTime noted(norms, n.steps, n.batch);
    through_time<T>(
        n.steps, n.batch, n.units, false, *packed,
        [&](int64_t t) {
          return StepProduct<T>{dg + t * n.batch * width, width, dh, n.units, false};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b) {
            const int64_t r = t * n.batch + b, before = r * n.units, here = b * n.units;
            if (out) add_row(dh + here, out + before, n.units);
            cell(LstmCellBackward<T>{g + r * width, c + before, c + before + n.state, dh + here, dc + here,
                                     dc_total + here, dg + r * width},
                 n.units);
            noted.note(0, t, b, dh + here, n.units);
            noted.note(1, t, b, dc_total + here, n.units);
          }
        });
    noted.finish();
  });
}

void gru_steps_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& b_hn, const Tensor& hs) {
  const Sizes n(hs);
  visit_floating(hs.dtype(), "gru", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, true);
    const std::vector<T> none(b_hn.defined() ? 0 : n.units);
    const T* const bias = b_hn.defined() ? b_hn.data<T>() : none.data();
    T* const g = gates.data<T>();
    T* const h = hs.data<T>();
    const int64_t width = 4 * n.units;
    // The state's part of n starts from its bias.
    parallel_for(0, n.steps * n.batch, kUnitsPerThread / std::max<int64_t>(n.units, 1) + 1,
                 [&](int64_t first, int64_t last) {
                   for (int64_t r = first; r < last; ++r)
                     std::copy_n(bias, n.units, g + r * width + 2 * n.units);
                 });
    through_time<T>(
        n.steps, n.batch, n.units, true, *packed,
        [&](int64_t t) {
          return StepProduct<T>{h + t * n.state, n.units, g + t * n.batch * width, width, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t r = t * n.batch + first; r < t * n.batch + last; ++r) {
            const int64_t before = r * n.units;
            cell(GruCell<T>{g + r * width, h + before, h + before + n.state}, n.units);
          }
        });
  });
}

void gru_steps_backward_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& hs, const Tensor& grad_out,
                            const Tensor& dh_tensor, const Tensor& dgates, const Tensor& norms) {
  const Sizes n(hs);
  visit_floating(hs.dtype(), "gru", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, false);
    const T* const g = gates.data<T>();
    const T* const h = hs.data<T>();
    const T* const out = grad_out.defined() ? grad_out.data<T>() : nullptr;
    T* const dh = dh_tensor.data<T>();
    T* const dg = dgates.data<T>();
    const int64_t width = 4 * n.units;
    ThroughTime noted(norms, n.steps, n.batch);
    through_time<T>(
        n.steps, n.batch, n.units, false, *packed,
        [&](int64_t t) {
          return StepProduct<T>{dg + t * n.batch * width, width, dh, n.units, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b) {
            const int64_t r = t * n.batch + b, before = r * n.units, here = b * n.units;
            if (out) add_row(dh + here, out + before, n.units);
            noted.note(0, t, b, dh + here, n.units);
            cell(GruCellBackward<T>{g + r * width, h + before, dh + here, dg + r * width}, n.units);
          }
        });
    noted.finish();
  });
}

void rnn_steps_cpu(const Tensor& hs, const Tensor& w_hh, bool relu) {
  const Sizes n(hs);
  visit_floating(hs.dtype(), "rnn", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, true);
    T* const h = hs.data<T>();
    through_time<T>(
        n.steps, n.batch, n.units, true, *packed,
        [&](int64_t t) {
          return StepProduct<T>{h + t * n.state, n.units, h + (t + 1) * n.state, n.units, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b) rnn_cell(h + (t + 1) * n.state + b * n.units, n.units, relu);
        });
  });
}

void rnn_steps_backward_cpu(const Tensor& hs, const Tensor& w_hh, const Tensor& grad_out,
                            const Tensor& dh_tensor, const Tensor& dgates, const Tensor& norms, bool relu) {
  const Sizes n(hs);
  visit_floating(hs.dtype(), "rnn", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, false);
    const T* const h = hs.data<T>();
    const T* const out = grad_out.defined() ? grad_out.data<T>() : nullptr;
    T* const dh = dh_tensor.data<T>();
    T* const dg = dgates.data<T>();
    ThroughTime noted(norms, n.steps, n.batch);
    through_time<T>(
        n.steps, n.batch, n.units, false, *packed,
        [&](int64_t t) {
          return StepProduct<T>{dg + t * n.state, n.units, dh, n.units, false};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b) {
            const int64_t before = (t * n.batch + b) * n.units, here = b * n.units;
            if (out) add_row(dh + here, out + before, n.units);
            noted.note(0, t, b, dh + here, n.units);
            rnn_cell_backward(h + before + n.state, dh + here, dg + before, n.units, relu);
          }
        });
    noted.finish();
  });
}

const KernelOn<DeviceType::Cpu> lstm_on_cpu{lstm_steps_kernel, lstm_steps_cpu};
const KernelOn<DeviceType::Cpu> lstm_backward_on_cpu{lstm_steps_backward_kernel, lstm_steps_backward_cpu};
const KernelOn<DeviceType::Cpu> gru_on_cpu{gru_steps_kernel, gru_steps_cpu};
const KernelOn<DeviceType::Cpu> gru_backward_on_cpu{gru_steps_backward_kernel, gru_steps_backward_cpu};
const KernelOn<DeviceType::Cpu> rnn_on_cpu{rnn_steps_kernel, rnn_steps_cpu};
const KernelOn<DeviceType::Cpu> rnn_backward_on_cpu{rnn_steps_backward_kernel, rnn_steps_backward_cpu};

}  // namespace
}  // namespace unroll
