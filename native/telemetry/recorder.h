// What is measured at every step (a step is one optimizer.step()) and how it leaves the trainer: as records
// (telemetry/record.h) in a bounded ring that another thread drains.
//
// The trainer's side calls, in the order a training loop does:
//   note_states(...)          from each call of a recurrent module that takes part in the graph
//   note_backward(roots)      the loss; forgets the through-time vectors of an earlier backward
//   note_through_time(...)    from the recurrent kernels while they run backwards
//   note_clip(...)            from clip_grad_norm_ and clip_grad_value_
//   note_update(...)          from the optimizer's sweep over each parameter
//   end_step(...)             when the optimizer is done
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "backend/kernels.h"
#include "telemetry/hand_steps.h"
#include "telemetry/record.h"
#include "telemetry/ring.h"
#include "telemetry/thinning.h"
#include "telemetry/through_time.h"
#include "tensor/tensor.h"

namespace unroll {

class Recorder {
 public:
  explicit Recorder(size_t ring_bytes = size_t{1} << 22) : ring_(ring_bytes) {}

  /** Off: nothing is computed or written; the training itself is bit for bit the same. */
  void set_enabled(bool enabled) { enabled_ = enabled; }
  bool enabled() const { return enabled_; }
  /**
   * Every how many steps of an optimizer the distributions of its weights and gradients are written,
   * "histogram/weight/<name>" and "histogram/grad/<name>"; 0: never.
   */
  void set_histogram_every(int64_t steps) { histograms_ = Thinning(steps, kHistogramBytes); }

  /** The reader's side; any other thread, one at a time: as Ring::drain, into room for `capacity()` bytes. */
  size_t drain(uint8_t* to) { return ring_.drain(to); }
  size_t capacity() const { return ring_.capacity(); }
  /** A reader is gone for good: writing stops instead of waiting for room. */
  void close() { closed_ = true; }

  void note_backward(const Tensors& roots);
  /** What lies in the storage is about to be set to zero, or let go of: it may be a gradient. */
  void note_clearing(const Tensor& gradient);

  /** A number for one forward call of a recurrent module; calls of one module are joined in this order. */
  int64_t next_call() { return ++calls_; }
  /**
   * 2-norms of the total derivative of the loss by the state at every time step of one call: (T,) of float64
   * on the processor, filled by the step's end.
   * `series`: "l0/h", "l1_reverse/c", ...; module 0 is nobody's.
   */
  void note_through_time(int64_t module, int64_t call, const std::string& series, const Tensor& norms);
  /** A module's call: the state it began with and the one it ended with (whether windows carry their state).
   */
  void note_states(int64_t module, const Tensor& initial, const Tensor& last);
  /** Under which name a module's vectors appear: "bptt/<name>/l0/h". */
  void name_module(int64_t module, const std::string& name) { through_time_.name_module(module, name); }

  /**
   * The norm before clipping, the max_norm or clip_value in force, and what of the gradients is compared with
   * it: clipping acts where that is not at most the threshold.
   */
  void note_clip(const Tensor& total_norm, double threshold, const Tensor& compared);
  /** A scalar that joins the coming step's record ("lr/0"). */
  void note_scalar(const std::string& tag, double value);
  /** A scalar written at once ("loss/eval", "epoch"), at the last step's number where `step` is negative. */
  void write_scalar(const std::string& tag, double value, int64_t step = -1);
  /** Left edge, right edge and count of each bin, written at once; `step` as above. */
  void write_histogram(const std::string& tag, const std::vector<float>& bins, int64_t step);
  /** A text of the script's own, written at once; `step` as above. */
  void write_text(const std::string& tag, const std::string& text, int64_t step);

  /** Something that happened, at the last step's number: "event/paused: after step 7". */
  void note_event(const std::string& event);

  /** The names under which an optimizer's parameters appear: "grad/<name>", "weight/<name>", "update/<name>".
   */
  void name_parameters(int64_t optimizer, const Tensors& parameters, const std::vector<std::string>& names);
  struct UpdateSums : SquareSums {
    bool has_update = true;  // not where the script updates by hand: the weights before are gone
  };
  /** Where the sums go that the optimizer's own sweep over a parameter gathers (ops/optim.cpp), by the step's
   * end. */
  UpdateSums& note_update(const Tensor& parameter);
  /** An optimizer begins to update its parameters, or has broken off: between the two they are of no step. */
  void set_updating(bool updating) { updating_ = updating; }
  bool updating() const { return updating_; }
  /** Writes the step's record. */
  void end_step(int64_t optimizer);
  /** Steps that no optimizer ends. */
  HandSteps& hand_steps() { return hand_steps_; }
  /** Writes the record of such a step, where one has ended; its parameters are named as of optimizer 0. */
  void end_hand_step();

  /** Steps ended so far. */
  int64_t steps() const { return steps_; }

  struct Named {
    std::shared_ptr<TensorImpl> parameter;
    std::string name;
  };
  /** An optimizer's parameters under their names, optimizer after optimizer. */
  std::vector<Named> named_parameters() const;
  /** The parameter of that name, undefined where there is none. */
  Tensor parameter(const std::string& name) const;

 private:
  /** Under their tags. */
  using Vectors = std::vector<std::pair<uint32_t, std::vector<float>>>;
  struct Scalars {
    std::vector<std::pair<uint32_t, float>> values;
    Vectors vectors;
  };
  /** An optimizer's parameters, and how many steps it has ended. */
  struct Owned {
    std::vector<Named> named;
    int64_t steps = 0;
  };
  static constexpr uint64_t kWholeBytes = uint64_t{64} << 20, kHistogramBytes = uint64_t{32} << 20;
  uint32_t tag_id(const std::string& tag);
  void add(Scalars& to, const std::string& tag, double value);
  void write(const std::vector<uint8_t>& record);
  void write_event(const std::string& text, int64_t step = -1);
  /** Asks for the distributions of all parameters and their gradients, to be had once settle() has read. */
  void measure_distributions(const std::vector<Named>& parameters);
  void write_distributions();
  /** These return the record's bytes. */
  size_t write_histograms(const Vectors& histograms, int64_t step = -1);
  size_t write_scalars(RecordKind kind, const Scalars& scalars, int64_t step = -1);
  double step_number(int64_t step) const { return static_cast<double>(step < 0 ? steps_ : step); }
  void add_through_time(Scalars& step, bool whole);
  void add_verdicts(Scalars& step);
  void note_finite(const std::string& what, bool is_finite, const std::string& where = "");
  void measure_own_updates(const Owned& owned);
  void add_parameters(Scalars& step, const Owned& owned, bool whole);

  Ring ring_;
  std::atomic<bool> closed_{false};
  bool enabled_ = false;
  bool updating_ = false;
  int64_t calls_ = 0, steps_ = 0;
  double loss_ = 0, clip_total_ = 0, clip_threshold_ = 0;
  bool has_loss_ = false, has_clip_ = false, clip_acted_ = false;
  int64_t backwards_ = 0;
  double last_end_ = 0;  // wall time, s
  // Steps whose record carries the series of single parameters and of the gradient through time, too.
  Thinning whole_{1, kWholeBytes};
  Thinning histograms_{0, kHistogramBytes};
  ThroughTime through_time_;
  Recent clipped_;                                 // of the last steps: 1 where clipping acted
  bool has_clipped_ = false;                       // the script clips at all
  std::unordered_map<std::string, double> found_;  // the verdicts' numbers as last written
  std::unordered_set<std::string> nonfinite_;      // what is not finite, and has been told
  std::unordered_map<std::string, uint32_t> tags_;
  Scalars coming_;
  std::map<int64_t, Owned> parameters_;  // by optimizer
  std::unordered_map<const TensorImpl*, UpdateSums> updates_;
  std::vector<std::pair<std::string, std::vector<float>>> distributions_;  // by tag: their bins
  HandSteps hand_steps_;
};

/** The trainer's recorder. */
Recorder& recorder();

}  // namespace unroll
