// The time loops of the recurrent layers: one kernel a step, forward and backward.
#include <cmath>
#include <functional>

#include "backend/kernels.h"
#include "backend/opencl/launch.h"
#include "backend/products.h"
#include "backend/readings.h"
#include "backend/recurrence.h"
#include "backend/reduce.h"
#include "ops/ops.h"

namespace unroll::opencl {
namespace {

Tensor rows_of(const Tensor& t, int64_t first, int64_t count) {
  return t.defined() ? alias(t, {count, t.size(1)}, t.strides(), t.offset() + first * t.strides()[0]) : t;
}

void multiply(const Tensor& a, const Tensor& b, const Tensor& out, bool accumulate) {
  mm_kernel(DeviceType::OpenCl, a, b, {}, out, accumulate);
}

/** Sums of squares by series, time step and row of the batch, made on the device in parts of a row. */
class ThroughTime {
 public:
  /** `norms` are filled once the sums are read; no row of theirs has more than `blocks` parts. */
  ThroughTime(ClDevice& device, const Tensor& norms, const TimeSteps& steps, int64_t blocks)
      : count_(steps.count()), batch_(steps.batch()), blocks_(blocks) {
    if (!norms.defined()) return;
    squares_ =
        room_for_reading(device, norms.size(0) * series_step(),
                         [norms, steps](const std::vector<double>& squares) { join(norms, steps, squares); });
    parts_ = empty({squares_.numel(), blocks}, squares_.dtype(), device);
    // A row that has ended leaves none.
    device.fill_zero(parts_.storage().block(), static_cast<size_t>(parts_.byte_offset()),
                     static_cast<size_t>(parts_.numel() * item_size(parts_.dtype())));
  }
  bool is_wanted() const { return squares_.defined(); }
  int64_t blocks() const { return blocks_; }
  /** Where the parts of step t's rows go; a further series lies series_step() rows on. */
  Tensor at(int64_t t) const {
    return is_wanted()
               ? alias(parts_, {batch_, blocks_}, {blocks_, 1}, parts_.offset() + t * batch_ * blocks_)
               : Tensor();
  }
  int64_t series_step() const { return count_ * batch_; }
  /** Adds the parts up, after the last step. */
  void finish() const {
    if (is_wanted())
      reduce_kernel(DeviceType::OpenCl, Reduction::Sum, squares_, parts_, {squares_.numel(), blocks_, 1}, 0);
  }

 private:
  static void join(const Tensor& norms, const TimeSteps& steps, const std::vector<double>& squares) {
    double* const out = norms.data<double>();
    std::fill_n(out, norms.numel(), 0.0);
    for (int64_t s = 0; s < norms.size(0); ++s)
      for (int64_t t = 0; t < steps.count(); ++t)
        for (int64_t b = 0; b < steps.rows(t); ++b)
          out[s * steps.count() + steps.time(t, b)] +=
              squares[static_cast<size_t>((s * steps.count() + t) * steps.batch() + b)];
    for (int64_t i = 0; i < norms.numel(); ++i) out[i] = std::sqrt(out[i]);
  }
  Tensor squares_, parts_;
  int64_t count_, batch_, blocks_;
};

/** What a program is compiled for. */
struct Kind {
  bool has_norms = false, has_out = false, is_projected = false, is_relu = false;
  Options options(const Tensor& t) const {
    return Options(device_of(t), t.dtype())
        .set("NORMS", has_norms)
        .set("HAS_OUT", has_out)
        .set("IS_PROJECTED", is_projected)
        .set("RELU", is_relu);
  }
};

/** What a cell's kernel is given at a time step besides the states and the weight. */
using AtStep = std::function<void(Launch& launch, int64_t t)>;

/** hs (N + B, P): each step's states from those before it, a work-item for each row and unit; whole (N, H)
 * with w_hr (P, H) has them before their projection. */
struct Forward {
  const Tensor &hs, &w_hh;
  int64_t units;
  bool is_relu = false;
  Tensor w_hr = {}, whole = {};
};

void run_steps(const char* cell, const Forward& f, const TimeSteps& steps, const AtStep& rest) {
  const Options options = Kind{.is_relu = f.is_relu}.options(f.hs);
  const int64_t state = f.hs.size(1);
  for (int64_t t = 0; t < steps.count(); ++t) {
    const int64_t rows = steps.rows(t);
    const Tensor after = rows_of(f.hs, steps.after(t), rows);
    const Tensor out = f.w_hr.defined() ? rows_of(f.whole, steps.begin(t), rows) : after;
    Launch launch(device_of(f.hs), "recurrent", cell, options);
    launch.integer(rows)
        .integer(f.units)
        .integer(state)
        .tensor(rows_of(f.hs, steps.before(t), rows))
        .tensor(f.w_hh)
        .tensor(out);
    rest(launch, t);
    launch.run_dots(f.hs.dtype(), f.units, rows);
    if (f.w_hr.defined())
      multiply(out, alias(f.w_hr, {f.units, state}, {1, f.units}, f.w_hr.offset()), after, false);
  }
}

/** A backward pass through time: what all cells have, and the gates whose gradient goes through the weight.
 */
struct Backward {
  const Tensor &w_hh, &grad_out, &dh, &dgates, &norms;
  int64_t units;
  int64_t through;   // columns of dgates
  bool accumulates;  // dh holds a part already
  bool is_relu = false;
  Tensor w_hr = {}, dhs = {};  // of projected states
};

/** As recurrent.cl has it. */
struct Part {
  int32_t rows, units, x_rows, x_step, length;
  int32_t series_step, blocks;
};

/** The first `rows` rows of w laid out anew along the sums, so that a product with them reads neighbours. */
Tensor along(const Tensor& w, int64_t rows) { return contiguous(transpose(rows_of(w, 0, rows), 0, 1)); }

/** From the last step to the first, each with the product that brings it what reaches its states later. */
void run_steps_backward(const char* cell, const Backward& b, const TimeSteps& steps, const AtStep& rest) {
  ClDevice& device = device_of(b.dh);
  const bool is_projected = b.w_hr.defined();
  const int64_t state = b.dh.size(1);
  const ThroughTime noted(device, b.norms, steps, dot_blocks(device, std::max(b.units, state)));
  const Options options =
      Kind{noted.is_wanted(), b.grad_out.defined(), is_projected, b.is_relu}.options(b.dh);
  const Options of_cell = is_projected ? Kind{noted.is_wanted(), false, true}.options(b.dh) : options;
  const Tensor through = along(b.w_hh, b.through),
               projection = is_projected ? along(b.w_hr, state) : Tensor();
  for (int64_t t = steps.count() - 1; t >= 0; --t) {
    const int64_t rows = steps.rows(t), begin = steps.begin(t);
    const int64_t rows_after = t + 1 < steps.count() ? steps.rows(t + 1) : 0;
    const auto launch = [&](const char* kernel, const Options& of, int64_t units, const Tensor& x,
                            int64_t x_rows, const Tensor& columns) {
      Launch made(device, "recurrent", kernel, of);
      const int64_t x_step = x.strides()[0];
      made.plain(Part{narrow(rows), narrow(units), narrow(x_rows), narrow(x_step), narrow(columns.size(1)),
                      narrow(noted.series_step()), narrow(noted.blocks())});
      made.tensor(x)
          .tensor(columns)
          .tensor(rows_of(b.grad_out, begin, rows))
          .tensor(b.dh)
          .tensor(noted.at(t));
      return made;
    };
    const Tensor later = rows_after ? rows_of(b.dgates, steps.begin(t + 1), rows_after) : b.dgates;
    const Tensor totals = rows_of(b.dhs, begin, rows);
    if (is_projected)
      launch("total", options, state, later, rows_after, through)
          .tensor(totals)
          .run_dots(b.dh.dtype(), (state + 3) / 4, rows);
    Launch step = is_projected ? launch(cell, of_cell, b.units, totals, rows, projection)
                               : launch(cell, options, b.units, later, rows_after, through);
    step.tensor(rows_of(b.dgates, begin, rows));
    rest(step, t);
    step.run_dots(b.dh.dtype(), (b.units + 3) / 4, rows);
  }
  const Tensor first = rows_of(b.dgates, 0, steps.rows(0));
  multiply(alias(first, {steps.rows(0), b.through}, first.strides(), first.offset()),
           transpose(through, 0, 1), b.dh, b.accumulates);
  noted.finish();
}

void lstm_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& hs,
                 const Tensor& cs, const Tensor& whole, const TimeSteps& steps) {
  const Forward pass{.hs = hs, .w_hh = w_hh, .units = cs.size(1), .w_hr = w_hr, .whole = whole};
  run_steps("lstm", pass, steps, [&](Launch& launch, int64_t t) {
    const int64_t rows = steps.rows(t);
    launch.tensor(rows_of(gates, steps.begin(t), rows))
        .tensor(rows_of(cs, steps.before(t), rows))
        .tensor(rows_of(cs, steps.after(t), rows));
  });
}

void lstm_backward_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& cs,
                          const Tensor& grad_out, const Tensor& dh, const Tensor& dc, const Tensor& dgates,
                          const Tensor& dhs, const Tensor& norms, const TimeSteps& steps) {
  Backward pass{w_hh, grad_out, dh, dgates, norms, cs.size(1), dgates.size(1), false};
  pass.w_hr = w_hr;
  pass.dhs = dhs;
  run_steps_backward("lstm_backward", pass, steps, [&](Launch& launch, int64_t t) {
    const int64_t rows = steps.rows(t);
    launch.tensor(dc)
        .tensor(rows_of(gates, steps.begin(t), rows))
        .tensor(rows_of(cs, steps.before(t), rows))
        .tensor(rows_of(cs, steps.after(t), rows));
  });
}

void gru_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& b_hn, const Tensor& hs,
                const TimeSteps& steps) {
  // The state's part of n starts from its bias.
  const int64_t units = hs.size(1);
  const Tensor of_state = alias(gates, {steps.total(), units}, gates.strides(), gates.offset() + 2 * units);
  if (b_hn.defined())
    copy_kernel(DeviceType::OpenCl, of_state, alias(b_hn, of_state.sizes(), {0, 1}, b_hn.offset()));
  else
    fill_kernel(DeviceType::OpenCl, of_state, Scalar::of(0.0));
  run_steps("gru", {.hs = hs, .w_hh = w_hh, .units = units}, steps,
            [&](Launch& launch, int64_t t) { launch.tensor(rows_of(gates, steps.begin(t), steps.rows(t))); });
}

void gru_backward_opencl(const Tensor& gates, const Tensor& w_hh, const Tensor& hs, const Tensor& grad_out,
                         const Tensor& dh, const Tensor& dgates, const Tensor& norms,
                         const TimeSteps& steps) {
  const Backward pass{w_hh, grad_out, dh, dgates, norms, hs.size(1), 3 * hs.size(1), true};
  run_steps_backward("gru_backward", pass, steps, [&](Launch& launch, int64_t t) {
    const int64_t rows = steps.rows(t);
    launch.tensor(rows_of(gates, steps.begin(t), rows)).tensor(rows_of(hs, steps.before(t), rows));
  });
}

void rnn_opencl(const Tensor& hs, const Tensor& w_hh, bool relu, const TimeSteps& steps) {
  run_steps("rnn", {.hs = hs, .w_hh = w_hh, .units = hs.size(1), .is_relu = relu}, steps,
            [](Launch&, int64_t) {});
}

void rnn_backward_opencl(const Tensor& hs, const Tensor& w_hh, const Tensor& grad_out, const Tensor& dh,
                         const Tensor& dgates, const Tensor& norms, bool relu, const TimeSteps& steps) {
  const Backward pass{w_hh, grad_out, dh, dgates, norms, hs.size(1), hs.size(1), false, relu};
  run_steps_backward("rnn_backward", pass, steps, [&](Launch& launch, int64_t t) {
    launch.tensor(rows_of(hs, steps.after(t), steps.rows(t)));
  });
}

const KernelOn<DeviceType::OpenCl> lstm_on_opencl{lstm_steps_kernel, lstm_opencl};
const KernelOn<DeviceType::OpenCl> lstm_backward_on_opencl{lstm_steps_backward_kernel, lstm_backward_opencl};
const KernelOn<DeviceType::OpenCl> gru_on_opencl{gru_steps_kernel, gru_opencl};
const KernelOn<DeviceType::OpenCl> gru_backward_on_opencl{gru_steps_backward_kernel, gru_backward_opencl};
const KernelOn<DeviceType::OpenCl> rnn_on_opencl{rnn_steps_kernel, rnn_opencl};
const KernelOn<DeviceType::OpenCl> rnn_backward_on_opencl{rnn_steps_backward_kernel, rnn_backward_opencl};

}  // namespace
}  // namespace unroll::opencl
