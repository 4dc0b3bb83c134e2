// What the trainer's side notes for the run's record, and what it asks of the machine.
#include <algorithm>

#include "backend/cpu/isa.h"
#include "backend/cpu/threads.h"
#include "binding/exports.h"
#include "binding/marshal.h"
#include "telemetry/control.h"
#include "telemetry/description.h"
#include "telemetry/mailbox.h"
#include "telemetry/recorder.h"
#include "telemetry/snapshot.h"

namespace unroll::binding {

namespace {

bool recording() { return recorder().enabled(); }
void name_module(int64_t module, const std::string& name) { recorder().name_module(module, name); }
void name_parameters(int64_t optimizer, const Tensors& parameters, const std::vector<std::string>& names) {
  recorder().name_parameters(optimizer, parameters, names);
}
void set_updating(bool updating) { recorder().set_updating(updating); }
void end_step(int64_t optimizer) {
  recorder().end_step(optimizer);
  end_of_step(true);
}
/** The factor on the next step's rates; negative where something is wanted first: see `wanted`. */
double next_step() { return go_on() ? learning_rate_scale() : -1; }
void hand_steps_off() { recorder().hand_steps().set_enabled(false); }
/** How many leaves take part in a step that the script has made by hand; 0 where none has ended. */
int64_t hand_step() { return static_cast<int64_t>(recorder().hand_steps().updated().size()); }
/** The handle under which the script has one of them; 0 where it has it no more. */
int64_t hand_leaf(int64_t i) {
  return recorder().hand_steps().updated().at(static_cast<size_t>(i)).leaf->handle;
}
void name_hand_leaves(const std::vector<std::string>& names) {
  Tensors leaves;
  for (const HandSteps::Updated& each : recorder().hand_steps().updated()) leaves.emplace_back(each.leaf);
  recorder().name_parameters(0, leaves, names);
}
void end_hand_step() {
  recorder().end_hand_step();
  end_of_step(false);
}
void note_clip(const Tensor& total_norm, double threshold, const Tensor& compared) {
  recorder().note_clip(total_norm, threshold, compared);
}
void note_scalar(const std::string& tag, double value) { recorder().note_scalar(tag, value); }
void write_scalar(const std::string& tag, double value) { recorder().write_scalar(tag, value); }
void write_scalar_at(const std::string& tag, double value, int64_t step) {
  recorder().write_scalar(tag, value, step);
}
void write_histogram(const std::string& tag, const std::vector<double>& bins, int64_t step) {
  recorder().write_histogram(tag, std::vector<float>(bins.begin(), bins.end()), step);
}
void write_text(const std::string& tag, const std::string& text, int64_t step) {
  recorder().write_text(tag, text, step);
}
int64_t num_threads() { return cpu::num_threads(); }
void set_num_threads(int64_t count) {
  UNROLL_CHECK(count >= 1 && count <= 1024, "set_num_threads expects a positive integer");
  cpu::set_num_threads(static_cast<int>(count));
}
std::string isa() { return cpu::name(cpu::isa()); }
/** The run's device other than the processor as its place in devices(); 0 where there is none. */
int64_t accelerator_device() { return accelerator() ? place_of(*accelerator()) : 0; }
std::string device_description(Device& device) { return device.description(); }
int64_t device_total_memory(Device& device) { return device.total_memory(); }
int64_t device_allocated(Device& device) { return device.memory().allocated; }
int64_t device_reserved(Device& device) { return device.memory().reserved; }
int64_t device_peak(Device& device) { return device.memory().peak; }
void device_empty_cache(Device& device) { device.empty_cache(); }
void device_synchronise(Device& device) { device.synchronise(); }
int64_t memory_allocated() { return cpu_device().memory().allocated; }
/** What readers want of the script's side, kinds and names one after the other. */
std::vector<Mailbox::Wanted> now_wanted;
int64_t wanted() {
  now_wanted = mailbox().wanted();
  return static_cast<int64_t>(now_wanted.size());
}
int64_t wanted_kind(int64_t i) { return static_cast<int64_t>(now_wanted.at(static_cast<size_t>(i)).first); }
std::string wanted_name(int64_t i) { return now_wanted.at(static_cast<size_t>(i)).second; }
void offer(int64_t kind, const std::string& name, const OptionalTensor& tensor) {
  mailbox().offer({static_cast<Question::Of>(kind), name}, tensor);
}
void forget_buffers() { mailbox().forget_buffers(); }
void show_buffer(const std::string& name, const Tensor& tensor) { mailbox().show_buffer(name, tensor); }
int64_t snapshot(const std::string& path) { return write_snapshot(path); }

}  // namespace

void export_trainer(napi_env env, napi_value exports) {
  export_all(env, exports,
             {UNROLL_EXPORT(recording),
              UNROLL_EXPORT(name_module),
              UNROLL_EXPORT(name_parameters),
              UNROLL_EXPORT(set_updating),
              UNROLL_EXPORT(end_step),
              UNROLL_EXPORT(next_step),
              UNROLL_EXPORT(hand_steps_off),
              UNROLL_EXPORT(hand_step),
              UNROLL_EXPORT(hand_leaf),
              UNROLL_EXPORT(name_hand_leaves),
              UNROLL_EXPORT(end_hand_step),
              UNROLL_EXPORT(note_clip),
              UNROLL_EXPORT(note_progress),
              UNROLL_EXPORT(note_scalar),
              UNROLL_EXPORT(write_scalar),
              UNROLL_EXPORT(write_scalar_at),
              UNROLL_EXPORT(write_histogram),
              UNROLL_EXPORT(write_text),
              UNROLL_EXPORT(num_threads),
              UNROLL_EXPORT(set_num_threads),
              UNROLL_EXPORT(isa),
              UNROLL_EXPORT(memory_allocated),
              {"accelerator", Bound<&accelerator_device>::call},
              UNROLL_EXPORT(device_description),
              UNROLL_EXPORT(device_total_memory),
              UNROLL_EXPORT(device_allocated),
              UNROLL_EXPORT(device_reserved),
              UNROLL_EXPORT(device_peak),
              UNROLL_EXPORT(device_empty_cache),
              UNROLL_EXPORT(device_synchronise),
              UNROLL_EXPORT(snapshot),
              UNROLL_EXPORT(wanted),
              UNROLL_EXPORT(wanted_kind),
              UNROLL_EXPORT(wanted_name),
              UNROLL_EXPORT(offer),
              UNROLL_EXPORT(forget_buffers),
              UNROLL_EXPORT(show_buffer),
              UNROLL_EXPORT(describe),
              {"interrupt_at_next_operation", Bound<&request_interrupt>::call}});
}

}  // namespace unroll::binding
