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
/** Multiply-adds, some 10 ms of them, after which the threads meet, so that a question need not wait long. */
constexpr int64_t kWorkPerStretch = int64_t{1} << 30;

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
void through_time(const TimeSteps& steps, int64_t units, bool forward, const PackedMatrix<T>& packed,
                  ProductAt product_at, Cells cells) {
  const int64_t N = packed.N(), K = packed.K(), count = steps.count(), batch = steps.batch();
  if (batch >= kRowsPerThread * num_threads() || steps.total() * N * K < 2 * kWorkPerThread) {
    const int64_t grain = std::max(kRowsPerThread, kWorkPerThread / (count * N * K + 1));
    const int64_t stretch = kWorkPerStretch / (batch * N * K + 1) + 1;
    for (int64_t begin = 0; begin < count; begin += stretch) {
      if (begin) between_steps();
      parallel_for(0, batch, grain, [&](int64_t first, int64_t last) {
        for (int64_t s = begin; s < std::min(begin + stretch, count); ++s) {
          const int64_t t = forward ? s : count - 1 - s, end = std::min(last, steps.rows(t));
          if (first >= end) continue;  // these sequences are over, or not begun
          const StepProduct<T> p = product_at(t);
          if (!forward) cells(t, first, end);
          gemm_packed_rows(false, first, end, N, K, p.a, p.lda, packed, p.c, p.ldc, p.accumulate);
          if (forward) cells(t, first, end);
        }
      });
    }
    return;
  }
  const auto all_cells = [&](int64_t t) {
    parallel_for(0, steps.rows(t), kUnitsPerThread / std::max<int64_t>(units, 1) + 1,
                 [&](int64_t first, int64_t last) { cells(t, first, last); });
  };
  for (int64_t s = 0; s < count; ++s) {
    const int64_t t = forward ? s : count - 1 - s;
    const StepProduct<T> p = product_at(t);
    if (!forward) all_cells(t);
    gemm_packed(false, steps.rows(t), N, K, p.a, p.lda, packed, p.c, p.ldc, p.accumulate);
    if (forward) all_cells(t);
    between_steps();
  }
}

/** Sums of squares by time step and row of the batch, each made by one thread; combined in order at the end.
 */
class ThroughTime {
 public:
  ThroughTime(const Tensor& norms, const TimeSteps& steps)
      : norms_(norms), steps_(steps), sums_(norms.defined() ? norms.numel() * steps.batch() : 0) {}

  template <class T>
  void note(int series, int64_t t, int64_t row, const T* derivative, int64_t units) {
    if (!sums_.empty()) sums_[place(series, t, row)] = sum_of_squares(derivative, units);
  }

  void finish() const {
    if (!norms_.defined()) return;
    double* const norms = norms_.data<double>();
    std::fill_n(norms, norms_.numel(), 0.0);
    for (int64_t series = 0; series < norms_.size(0); ++series)
      for (int64_t t = 0; t < steps_.count(); ++t)
        for (int64_t b = 0; b < steps_.rows(t); ++b)
          norms[series * steps_.count() + steps_.time(t, b)] += sums_[place(series, t, b)];
    for (int64_t i = 0; i < norms_.numel(); ++i) norms[i] = std::sqrt(norms[i]);
  }

 private:
  int64_t place(int64_t series, int64_t t, int64_t row) const {
    return (series * steps_.count() + t) * steps_.batch() + row;
  }
  Tensor norms_;
  const TimeSteps& steps_;
  std::vector<double> sums_;
};

template <class T>
const T* data_or_null(const Tensor& t) {
  return t.defined() ? t.data<T>() : nullptr;
}

void lstm_steps_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& hs,
                    const Tensor& cs, const Tensor& whole, const TimeSteps& steps) {
  const int64_t units = cs.size(1), width = 4 * units, state = hs.size(1);
  visit_floating(hs.dtype(), "lstm", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, true);
    const auto projection = w_hr.defined() ? packed_weight<T>(w_hr, true) : nullptr;
    T* const g = gates.data<T>();
    T* const h = hs.data<T>();
    T* const c = cs.data<T>();
    T* const m = projection ? whole.data<T>() : nullptr;
    through_time<T>(
        steps, units, true, *packed,
        [&](int64_t t) {
          return StepProduct<T>{h + steps.before(t) * state, state, g + steps.begin(t) * width, width, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          const int64_t begin = steps.begin(t), before = steps.before(t), after = steps.after(t);
          T* const out = m ? m + begin * units : h + after * state;
          for (int64_t b = first; b < last; ++b)
            cell(LstmCell<T>{g + (begin + b) * width, c + (before + b) * units, c + (after + b) * units,
                             out + b * units},
                 units);
          if (projection)
            gemm_packed_rows(false, first, last, state, units, out, units, *projection, h + after * state,
                             state, false);
        });
  });
}

void lstm_steps_backward_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& cs,
                             const Tensor& grad_out, const Tensor& dh_tensor, const Tensor& dc_tensor,
                             const Tensor& dgates, const Tensor& dhs, const Tensor& norms,
                             const TimeSteps& steps) {
  const int64_t units = cs.size(1), width = 4 * units, state = dh_tensor.size(1);
  visit_floating(cs.dtype(), "lstm", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, false);
    const auto projection = w_hr.defined() ? packed_weight<T>(w_hr, false) : nullptr;
    const T* const g = gates.data<T>();
    const T* const c = cs.data<T>();
    const T* const out = data_or_null<T>(grad_out);
    T* const dh = dh_tensor.data<T>();
    T* const dc = dc_tensor.data<T>();
    T* const dg = dgates.data<T>();
    const Tensor dc_totals = empty({steps.batch(), units}, cs.dtype());
    const Tensor dm_rows = projection ? empty({steps.batch(), units}, cs.dtype()) : dh_tensor;
    T* const dc_total = dc_totals.data<T>();
    T* const dm = dm_rows.data<T>();  // the gradient of the states before their projection
    ThroughTime noted(norms, steps);
    through_time<T>(
        steps, units, false, *packed,
        [&](int64_t t) {
          return StepProduct<T>{dg + steps.begin(t) * width, width, dh, state, false};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          const int64_t begin = steps.begin(t), before = steps.before(t), after = steps.after(t);
          for (int64_t b = first; b < last; ++b) {
            if (out) add_row(dh + b * state, out + (begin + b) * state, state);
            noted.note(0, t, b, dh + b * state, state);
          }
          if (projection) {
            std::copy(dh + first * state, dh + last * state,
                      dhs.template data<T>() + (begin + first) * state);
            gemm_packed_rows(false, first, last, units, state, dh, state, *projection, dm, units, false);
          }
          for (int64_t b = first; b < last; ++b) {
            const int64_t r = begin + b, here = b * units;
            cell(LstmCellBackward<T>{g + r * width, c + (before + b) * units, c + (after + b) * units,
                                     dm + here, dc + here, dc_total + here, dg + r * width},
                 units);
            noted.note(1, t, b, dc_total + here, units);
          }
        });
    noted.finish();
  });
}

void gru_steps_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& b_hn, const Tensor& hs,
                   const TimeSteps& steps) {
  const int64_t units = hs.size(1), width = 4 * units;
  visit_floating(hs.dtype(), "gru", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, true);
    const std::vector<T> none(b_hn.defined() ? 0 : units);
    const T* const bias = b_hn.defined() ? b_hn.data<T>() : none.data();
    T* const g = gates.data<T>();
    T* const h = hs.data<T>();
    // The state's part of n starts from its bias.
    parallel_for(0, steps.total(), kUnitsPerThread / std::max<int64_t>(units, 1) + 1,
                 [&](int64_t first, int64_t last) {
                   for (int64_t r = first; r < last; ++r) std::copy_n(bias, units, g + r * width + 2 * units);
                 });
    through_time<T>(
        steps, units, true, *packed,
        [&](int64_t t) {
          return StepProduct<T>{h + steps.before(t) * units, units, g + steps.begin(t) * width, width, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b)
            cell(GruCell<T>{g + (steps.begin(t) + b) * width, h + (steps.before(t) + b) * units,
                            h + (steps.after(t) + b) * units},
                 units);
        });
  });
}

void gru_steps_backward_cpu(const Tensor& gates, const Tensor& w_hh, const Tensor& hs, const Tensor& grad_out,
                            const Tensor& dh_tensor, const Tensor& dgates, const Tensor& norms,
                            const TimeSteps& steps) {
  const int64_t units = hs.size(1), width = 4 * units;
  visit_floating(hs.dtype(), "gru", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, false);
    const T* const g = gates.data<T>();
    const T* const h = hs.data<T>();
    const T* const out = data_or_null<T>(grad_out);
    T* const dh = dh_tensor.data<T>();
    T* const dg = dgates.data<T>();
    ThroughTime noted(norms, steps);
    through_time<T>(
        steps, units, false, *packed,
        [&](int64_t t) {
          return StepProduct<T>{dg + steps.begin(t) * width, width, dh, units, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b) {
            const int64_t r = steps.begin(t) + b, here = b * units;
            if (out) add_row(dh + here, out + r * units, units);
            noted.note(0, t, b, dh + here, units);
            cell(GruCellBackward<T>{g + r * width, h + (steps.before(t) + b) * units, dh + here,
                                    dg + r * width},
                 units);
          }
        });
    noted.finish();
  });
}

void rnn_steps_cpu(const Tensor& hs, const Tensor& w_hh, bool relu, const TimeSteps& steps) {
  const int64_t units = hs.size(1);
  visit_floating(hs.dtype(), "rnn", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, true);
    T* const h = hs.data<T>();
    through_time<T>(
        steps, units, true, *packed,
        [&](int64_t t) {
          return StepProduct<T>{h + steps.before(t) * units, units, h + steps.after(t) * units, units, true};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b) rnn_cell(h + (steps.after(t) + b) * units, units, relu);
        });
  });
}

void rnn_steps_backward_cpu(const Tensor& hs, const Tensor& w_hh, const Tensor& grad_out,
                            const Tensor& dh_tensor, const Tensor& dgates, const Tensor& norms, bool relu,
                            const TimeSteps& steps) {
  const int64_t units = hs.size(1);
  visit_floating(hs.dtype(), "rnn", [&]<class T>(T) {
    const auto packed = packed_weight<T>(w_hh, false);
    const T* const h = hs.data<T>();
    const T* const out = data_or_null<T>(grad_out);
    T* const dh = dh_tensor.data<T>();
    T* const dg = dgates.data<T>();
    ThroughTime noted(norms, steps);
    through_time<T>(
        steps, units, false, *packed,
        [&](int64_t t) {
          return StepProduct<T>{dg + steps.begin(t) * units, units, dh, units, false};
        },
        [&](int64_t t, int64_t first, int64_t last) {
          for (int64_t b = first; b < last; ++b) {
            const int64_t r = (steps.begin(t) + b) * units, here = b * units;
            if (out) add_row(dh + here, out + r, units);
            noted.note(0, t, b, dh + here, units);
            rnn_cell_backward(h + (steps.after(t) + b) * units, dh + here, dg + r, units, relu);
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
