// The time loops of the recurrent layers: at each step one kernel forward, and one and a product backward.
#include <cmath>

#include "backend/kernels.h"
#include "backend/opencl/launch.h"
#include "backend/products.h"
#include "backend/recurrence.h"
#include "ops/ops.h"

namespace unroll::opencl {
namespace {

Tensor rows_of(const Tensor& t, int64_t first, int64_t count) {
  return t.defined() ? alias(t, {count, t.size(1)}, t.strides(), t.offset() + first * t.strides()[0]) : t;
}
void multiply(const Tensor& a, const Tensor& b, const Tensor& out, bool accumulate) {
  mm_kernel(DeviceType::OpenCl, a, b, {}, out, accumulate);
}

void refuse_projection(const Tensor& w_hr) {
  UNROLL_CHECK_KIND(NotImplemented, !w_hr.defined(),
                    "the operation 'lstm' with proj_size is not supported on ", w_hr.device().name());
}

/** Sums of squares by series, time step and row of the batch, made on the device and read once at the end. */
class ThroughTime {
 public:
  ThroughTime(ClDevice& device, const Tensor& norms, const TimeSteps& steps) : norms_(norms), steps_(steps) {
    if (!norms.defined()) return;
    squares_ = sums_on(device, {norms.size(0), steps.count(), steps.batch()});
    device.fill_zero(squares_.storage().block(), 0, squares_.storage().bytes());
  }
  bool is_wanted() const { return norms_.defined(); }
  /** Where step t's rows go; a further series lies series_step() elements on. */
  Tensor at(int64_t t) const {
    return is_wanted() ? alias(squares_, {steps_.batch()}, {1}, t * steps_.batch()) : Tensor();
  }
  int64_t series_step() const { return steps_.count() * steps_.batch(); }
  void finish() const {
    if (!is_wanted()) return;
    const std::vector<double> squares = read_sums(squares_);
    double* const norms = norms_.data<double>();
    std::fill_n(norms, norms_.numel(), 0.0);
    for (int64_t s = 0; s < norms_.size(0); ++s)
      for (int64_t t = 0; t < steps_.count(); ++t)
        for (int64_t b = 0; b < steps_.rows(t); ++b)
          norms[s * steps_.count() + steps_.time(t, b)] +=
              squares[static_cast<size_t>(s * series_step() + t * steps_.batch() + b)];
    for (int64_t i = 0; i < norms_.numel(); ++i) norms[i] = std::sqrt(norms[i]);
  }

 private:
  Tensor norms_, squares_;
  const TimeSteps& steps_;
};

Options options_of(ClDevice& device, DType dtype, bool norms, bool has_out) {
  return Options(device, dtype)
      .set("TILE", static_cast<int64_t>(device.tile()))
      .set("NORMS", norms)
      .set("HAS_OUT", has_out);
}

/** A work-item for each of `rows` rows and `units` units, in blocks. */
void run_blocks(Launch& launch, const ClDevice& device, int64_t rows, int64_t units) {
  const size_t tile = device.tile();
  const auto blocks = [&](int64_t n) { return (static_cast<size_t>(n) + tile - 1) / tile; };
  launch.run_tiles({blocks(units), blocks(rows), 1}, {tile, tile, 1});
}

void lstm_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& hs,
                 const Tensor& cs, const Tensor&, const TimeSteps& steps) {
  refuse_projection(w_hr);
  ClDevice& device = device_of(gates);
  const Options options = options_of(device, hs.dtype(), false, false);
  for (int64_t t = 0; t < steps.count(); ++t) {
    const int64_t rows = steps.rows(t), units = cs.size(1);
    Launch launch(device, "recurrent", "lstm", options);
    launch.integer(rows)
        .integer(units)
        .tensor(rows_of(hs, steps.before(t), rows))
        .tensor(w_hh)
        .tensor(rows_of(gates, steps.begin(t), rows))
        .tensor(rows_of(cs, steps.before(t), rows))
        .tensor(rows_of(cs, steps.after(t), rows))
        .tensor(rows_of(hs, steps.after(t), rows));
    run_blocks(launch, device, rows, units);
  }
}

void lstm_backward_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& cs,
                          const Tensor& grad_out, const Tensor& dh, const Tensor& dc, const Tensor& dgates,
                          const Tensor&, const Tensor& norms, const TimeSteps& steps) {
  refuse_projection(w_hr);
  ClDevice& device = device_of(gates);
  const ThroughTime noted(device, norms, steps);
  const Options options = options_of(device, cs.dtype(), noted.is_wanted(), grad_out.defined());
  for (int64_t t = steps.count() - 1; t >= 0; --t) {
    const int64_t rows = steps.rows(t), begin = steps.begin(t);
    const Tensor here = rows_of(dgates, begin, rows);
    Launch(device, "recurrent", "lstm_backward", options)
        .integer(cs.size(1))
        .integer(noted.series_step())
        .tensor(rows_of(gates, begin, rows))
        .tensor(rows_of(cs, steps.before(t), rows))
        .tensor(rows_of(cs, steps.after(t), rows))
        .tensor(rows_of(grad_out, begin, rows))
        .tensor(dh)
        .tensor(dc)
        .tensor(here)
        .tensor(noted.at(t))
        .run_groups(rows);
    multiply(here, w_hh, rows_of(dh, 0, rows), false);
  }
  noted.finish();
}

void gru_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& b_hn, const Tensor& hs,
                const TimeSteps& steps) {
  ClDevice& device = device_of(gates);
  const int64_t units = hs.size(1);
  const Options options = options_of(device, hs.dtype(), false, false);
  // The state's part of n starts from its bias.
  const Tensor of_state = alias(gates, {steps.total(), units}, gates.strides(), gates.offset() + 2 * units);
  if (b_hn.defined())
    copy_kernel(DeviceType::OpenCl, of_state, alias(b_hn, of_state.sizes(), {0, 1}, b_hn.offset()));
  else
    fill_kernel(DeviceType::OpenCl, of_state, Scalar::of(0.0));
  for (int64_t t = 0; t < steps.count(); ++t) {
    const int64_t rows = steps.rows(t);
    Launch launch(device, "recurrent", "gru", options);
    launch.integer(rows)
        .integer(units)
        .tensor(rows_of(hs, steps.before(t), rows))
        .tensor(w_hh)
        .tensor(rows_of(gates, steps.begin(t), rows))
        .tensor(rows_of(hs, steps.after(t), rows));
    run_blocks(launch, device, rows, units);
  }
}

void gru_backward_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& hs, const Tensor& grad_out,
                         const Tensor& dh, const Tensor& dgates, const Tensor& norms,
                         const TimeSteps& steps) {
  ClDevice& device = device_of(gates);
  const int64_t units = hs.size(1);
  const ThroughTime noted(device, norms, steps);
  const Options options = options_of(device, hs.dtype(), noted.is_wanted(), grad_out.defined());
  for (int64_t t = steps.count() - 1; t >= 0; --t) {
    const int64_t rows = steps.rows(t), begin = steps.begin(t);
    const Tensor here = rows_of(dgates, begin, rows);
    Launch(device, "recurrent", "gru_backward", options)
        .integer(units)
        .integer(noted.series_step())
        .tensor(rows_of(gates, begin, rows))
        .tensor(rows_of(hs, steps.before(t), rows))
        .tensor(rows_of(grad_out, begin, rows))
        .tensor(dh)
        .tensor(here)
        .tensor(noted.at(t))
        .run_groups(rows);
    multiply(alias(here, {rows, 3 * units}, here.strides(), here.offset()), w_hh, rows_of(dh, 0, rows), true);
  }
  noted.finish();
}

void rnn_opencl(const Tensor& hs, const Tensor& w_hh, bool relu, const TimeSteps& steps) {
  ClDevice& device = device_of(hs);
  const Options options = options_of(device, hs.dtype(), false, false);
  for (int64_t t = 0; t < steps.count(); ++t) {
    const int64_t rows = steps.rows(t), units = hs.size(1);
    Launch launch(device, "recurrent", "rnn", options);
    launch.integer(rows)
        .integer(units)
        .integer(relu)
        .tensor(rows_of(hs, steps.before(t), rows))
        .tensor(w_hh)
        .tensor(rows_of(hs, steps.after(t), rows));
    run_blocks(launch, device, rows, units);
  }
}

void rnn_backward_opencl(const Tensor& hs, const Tensor& w_hh, const Tensor& grad_out, const Tensor& dh,
                         const Tensor& dgates, const Tensor& norms, bool relu, const TimeSteps& steps) {
  ClDevice& device = device_of(hs);
  const ThroughTime noted(device, norms, steps);
  const Options options = options_of(device, hs.dtype(), noted.is_wanted(), grad_out.defined());
  for (int64_t t = steps.count() - 1; t >= 0; --t) {
    const int64_t rows = steps.rows(t), begin = steps.begin(t);
    const Tensor here = rows_of(dgates, begin, rows);
    Launch(device, "recurrent", "rnn_backward", options)
        .integer(hs.size(1))
        .integer(noted.series_step())
        .integer(relu)
        .tensor(rows_of(hs, steps.after(t), rows))
        .tensor(rows_of(grad_out, begin, rows))
        .tensor(dh)
        .tensor(here)
        .tensor(noted.at(t))
        .run_groups(rows);
    multiply(here, w_hh, rows_of(dh, 0, rows), false);
  }
  noted.finish();
}

const KernelOn<DeviceType::OpenCl> lstm_on_opencl{lstm_steps_kernel, lstm_opencl};
const KernelOn<DeviceType::OpenCl> lstm_backward_on_opencl{lstm_steps_backward_kernel, lstm_backward_opencl};
const KernelOn<DeviceType::OpenCl> gru_on_opencl{gru_steps_kernel, gru_opencl};
const KernelOn<DeviceType::OpenCl> gru_backward_on_opencl{gru_steps_backward_kernel, gru_backward_opencl};
const KernelOn<DeviceType::OpenCl> rnn_on_opencl{rnn_steps_kernel, rnn_opencl};
const KernelOn<DeviceType::OpenCl> rnn_backward_on_opencl{rnn_steps_backward_kernel, rnn_backward_opencl};

}  // namespace
}  // namespace unroll::opencl
