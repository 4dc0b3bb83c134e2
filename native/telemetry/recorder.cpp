#include "telemetry/recorder.h"

#include <chrono>
#include <cmath>
#include <thread>

#include "autograd/variable.h"
#include "backend/readings.h"
#include "ops/ops.h"
#include "telemetry/logged_histograms.h"
#include "telemetry/mailbox.h"
#include "telemetry/record.h"

namespace unroll {

namespace {

// Histograms that make a record: some 500 kB, well within the ring.
constexpr size_t kTogether = 640;

void put_vectors(RecordWriter& record, const std::vector<std::pair<uint32_t, std::vector<float>>>& vectors) {
  record.put(static_cast<uint32_t>(vectors.size()));
  for (const auto& [id, values] : vectors) {
    record.put(id);
    record.put(static_cast<uint32_t>(values.size()));
    record.put_floats(values);
  }
}

double wall_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

Recorder& recorder() {
  static Recorder the_recorder;
  return the_recorder;
}

// ------------------------------------------------------------------ notes

void Recorder::note_backward(const Tensors& roots) {
  mailbox().gradients_change();
  if (!enabled_) return;
  through_time_.begin_backward();
  ++backwards_;
  has_loss_ = roots.size() == 1 && roots[0].numel() == 1;
  if (has_loss_) read_later(roots[0], [this](double value) { loss_ = value; });
}

void Recorder::note_clearing(const Tensor& gradient) {
  hand_steps_.note_clearing(gradient);
  mailbox().gradients_change();
}

void Recorder::note_through_time(int64_t module, int64_t call, const std::string& series,
                                 const Tensor& norms) {
  if (enabled_ && module != 0) through_time_.note(module, call, series, norms);
}

void Recorder::note_states(int64_t module, const Tensor& initial, const Tensor& last) {
  if (enabled_ && module != 0) through_time_.note_states(module, initial, last);
}

void Recorder::note_clip(const Tensor& total_norm, double threshold, const Tensor& compared) {
  if (!enabled_) return;
  has_clip_ = true;
  clip_threshold_ = threshold;
  read_later(total_norm, [this](double value) { clip_total_ = value; });
  read_later(compared, [this, threshold](double value) { clip_acted_ = !(value <= threshold); });
}

void Recorder::note_scalar(const std::string& tag, double value) {
  if (enabled_) add(coming_, tag, value);
}

void Recorder::write_scalar(const std::string& tag, double value, int64_t step) {
  if (!enabled_) return;
  Scalars one;
  add(one, tag, value);
  write_scalars(RecordKind::Scalars, one, step);
}

void Recorder::write_histogram(const std::string& tag, const std::vector<float>& bins, int64_t step) {
  if (enabled_) write_histograms({{tag_id(tag), bins}}, step);
}

void Recorder::write_text(const std::string& tag, const std::string& text, int64_t step) {
  if (enabled_) write_event(tag + ": " + text, step);
}

void Recorder::note_event(const std::string& event) {
  if (enabled_) write_event(event);
}

void Recorder::name_parameters(int64_t optimizer, const Tensors& parameters,
                               const std::vector<std::string>& names) {
  UNROLL_CHECK(parameters.size() == names.size(), "got ", parameters.size(), " parameters and ", names.size(),
               " names");
  // Of optimizers whose parameters the script has let go of, nothing is kept.
  std::erase_if(parameters_, [](const auto& entry) {
    const std::vector<Named>& named = entry.second.named;
    return std::all_of(named.begin(), named.end(),
                       [](const Named& each) { return each.parameter->handle == 0; });
  });
  std::vector<Named>& mine = parameters_[optimizer].named;
  mine.clear();
  for (size_t i = 0; i < names.size(); ++i) mine.push_back({parameters[i].ptr(), names[i]});
}

Recorder::UpdateSums& Recorder::note_update(const Tensor& parameter) {
  return updates_[parameter.ptr().get()] = {};
}

std::vector<Recorder::Named> Recorder::named_parameters() const {
  std::vector<Named> all;
  for (const auto& [optimizer, mine] : parameters_)
    all.insert(all.end(), mine.named.begin(), mine.named.end());
  return all;
}

Tensor Recorder::parameter(const std::string& name) const {
  for (const auto& [optimizer, mine] : parameters_)
    for (const Named& named : mine.named)
      if (named.name == name) return Tensor(named.parameter);
  return Tensor();
}

// ------------------------------------------------------------------ records

uint32_t Recorder::tag_id(const std::string& tag) {
  auto [entry, is_new] = tags_.try_emplace(tag, static_cast<uint32_t>(tags_.size() + 1));
  if (is_new) {
    RecordWriter record(RecordKind::Name);
    record.put(entry->second);
    record.put_text(tag);
    write(record.finish());
  }
  return entry->second;
}

void Recorder::add(Scalars& to, const std::string& tag, double value) {
  to.values.emplace_back(tag_id(tag), static_cast<float>(value));
}

// No point of a curve is lost: a full ring is waited for. The reader only copies bytes and writes a file.
void Recorder::write(const std::vector<uint8_t>& record) {
  UNROLL_CHECK(record.size() <= ring_.capacity(), "a step's record of ", record.size(),
               " bytes is larger than the ring of ", ring_.capacity());
  while (!ring_.write(record.data(), record.size()) && !closed_)
    std::this_thread::sleep_for(std::chrono::microseconds(200));
}

void Recorder::write_event(const std::string& text, int64_t step) {
  RecordWriter record(RecordKind::Event);
  record.put(wall_time());
  record.put(step_number(step));
  record.put_text(text);
  write(record.finish());
}

size_t Recorder::write_histograms(const Vectors& histograms, int64_t step) {
  RecordWriter record(RecordKind::Histograms);
  record.put(wall_time());
  record.put(step_number(step));
  put_vectors(record, histograms);
  write(record.finish());
  return record.finish().size();
}

size_t Recorder::write_scalars(RecordKind kind, const Scalars& scalars, int64_t step) {
  RecordWriter record(kind);
  record.put(wall_time());
  record.put(step_number(step));
  record.put(static_cast<uint32_t>(scalars.values.size()));
  for (const auto& [id, value] : scalars.values) {
    record.put(id);
    record.put(value);
  }
  put_vectors(record, scalars.vectors);
  write(record.finish());
  return record.finish().size();
}

// Told once, until it is finite again.
void Recorder::note_finite(const std::string& what, bool is_finite, const std::string& where) {
  if (is_finite)
    nonfinite_.erase(what);
  else if (nonfinite_.insert(what).second)
    write_event("event/nonfinite: " + what + where);
}

void Recorder::add_through_time(Scalars& step, bool whole) {
  for (ThroughTime::Joined& joined : through_time_.take()) {
    const std::string tag =
        text("bptt/", through_time_.name_of(joined.module), "/", joined.layer, "/", joined.state);
    const int64_t at = first_nonfinite(joined);
    note_finite(tag, at < 0, text(" at time step ", at, " of ", joined.norms.size()));
    if (whole) step.vectors.emplace_back(tag_id(tag), std::move(joined.norms));
  }
}

// A verdict's number is written where it is another than before, to two digits.
void Recorder::add_verdicts(Scalars& step) {
  const auto add_changed = [&](const std::string& tag, double value) {
    if (std::isfinite(value) && value != 0) {
      const double unit = std::pow(10, std::floor(std::log10(std::fabs(value))) - 1);
      value = std::fabs(value) < 10 * unit ? value : std::round(value / unit) * unit;
    }
    const auto [known, is_new] = found_.try_emplace(tag, value);
    if (!is_new && known->second == value) return;
    known->second = value;
    add(step, "verdict/" + tag, value);
  };
  for (const ThroughTime::Finding& finding : through_time_.findings())
    add_changed(finding.tag, finding.value);
  if (has_clipped_) add_changed("clipped", clipped_.mean());
  for (const std::string& change : through_time_.changes()) write_event("event/verdict: " + change);
}

// Of an optimizer of the script's own, which tells nothing. A parameter without a gradient is not updated.
void Recorder::measure_own_updates(const Owned& owned) {
  GradMode off(false);
  for (const Named& named : owned.named) {
    const Tensor parameter(named.parameter);
    if (!parameter.grad().defined() || updates_.count(named.parameter.get())) continue;
    UpdateSums& sums = note_update(parameter);
    sums.has_update = false;
    square_sum_later(parameter.grad(), sums.grad);
    square_sum_later(parameter, sums.weight);
  }
}

void Recorder::add_parameters(Scalars& step, const Owned& owned, bool whole) {
  double grad_total = 0;
  for (const Named& named : owned.named) {
    const auto found = updates_.find(named.parameter.get());
    if (found == updates_.end()) continue;
    const UpdateSums& sums = found->second;
    grad_total += sums.grad;
    note_finite("grad/" + named.name, std::isfinite(sums.grad));
    note_finite("weight/" + named.name, std::isfinite(sums.weight));
    if (!whole) continue;
    add(step, "grad/" + named.name, std::sqrt(sums.grad));
    add(step, "weight/" + named.name, std::sqrt(sums.weight));
    if (sums.has_update) add(step, "update/" + named.name, std::sqrt(sums.update));
  }
  // The optimizer sees the gradients after clipping.
  add(step, "grad/total", has_clip_ ? clip_total_ : std::sqrt(grad_total));
  add(step, "grad/total_clipped", std::sqrt(grad_total));
  if (has_clip_) add(step, "grad/clip_threshold", clip_threshold_);
}

void Recorder::measure_distributions(const std::vector<Named>& parameters) {
  GradMode off(false);
  Tensors tensors;
  distributions_.clear();
  const auto add_one = [&](const std::string& tag, const Tensor& tensor) {
    tensors.push_back(tensor);
    distributions_.emplace_back("histogram/" + tag, std::vector<float>());
  };
  for (const Named& named : parameters) {
    const Tensor parameter(named.parameter);
    add_one("weight/" + named.name, parameter);
    if (parameter.grad().defined()) add_one("grad/" + named.name, parameter.grad());
  }
  logged_histograms(
      tensors, [this](size_t i, std::vector<float> bins) { distributions_[i].second = std::move(bins); });
}

void Recorder::write_distributions() {
  size_t bytes = 0;
  Vectors some;
  for (auto& [tag, bins] : distributions_) {
    if (!bins.empty()) some.emplace_back(tag_id(tag), std::move(bins));
    if (some.size() < kTogether) continue;
    bytes += write_histograms(some);
    some.clear();
  }
  distributions_.clear();
  if (!some.empty()) bytes += write_histograms(some);
  if (histograms_.wrote(bytes)) write_scalar("log/histogram_every", static_cast<double>(histograms_.every()));
}

void Recorder::end_hand_step() {
  settle();
  for (const HandSteps::Updated& each : hand_steps_.updated())
    updates_[each.leaf.get()] = {{each.grad, each.weight, 0}, false};
  end_step(0);
}

void Recorder::end_step(int64_t optimizer) {
  ++steps_;
  updating_ = false;
  Owned& owned = parameters_[optimizer];
  const bool distributes = enabled_ && histograms_.takes(owned.steps + 1);
  if (enabled_) {
    measure_own_updates(owned);
    if (distributes) measure_distributions(owned.named);
    settle();
  }
  hand_steps_.begin_step();
  if (!enabled_) return;
  ++owned.steps;
  const bool whole = whole_.takes(owned.steps);
  Scalars step = std::move(coming_);
  coming_ = {};
  if (has_loss_) {
    add(step, "loss/train", loss_);
    note_finite("loss/train", std::isfinite(loss_));
  }
  if (backwards_ > 1) add(step, "backwards", static_cast<double>(backwards_));
  add_parameters(step, owned, whole);
  has_clipped_ = has_clipped_ || has_clip_;
  clipped_.add(has_clip_ && clip_acted_);
  add_through_time(step, whole);
  add_verdicts(step);
  const double now = wall_time();
  if (last_end_ > 0 && now > last_end_) add(step, "speed/steps_per_s", 1 / (now - last_end_));
  last_end_ = now;
  if (whole) add(step, "memory/allocated", static_cast<double>(cpu_device().memory().allocated));
  const size_t bytes = write_scalars(RecordKind::Step, step);
  if (whole && whole_.wrote(bytes)) write_scalar("log/whole_every", static_cast<double>(whole_.every()));
  if (distributes) write_distributions();
  updates_.clear();
  has_loss_ = has_clip_ = false;
  backwards_ = 0;
}

}  // namespace unroll
