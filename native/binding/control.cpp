// What the control thread asks while the trainer trains. None of it touches a tensor.
#include "telemetry/control.h"

#include <napi.h>

#include <algorithm>

#include "backend/cpu/isa.h"
#include "backend/cpu/threads.h"
#include "binding/exports.h"
#include "binding/marshal.h"
#include "telemetry/recorder.h"

namespace unroll::binding {

namespace {

/** drain(into: Uint8Array): bytes of telemetry records since the last call; `into` holds recordBytes(). */
Napi::Value drain(const Napi::CallbackInfo& info) {
  Napi::Uint8Array into = info[0].As<Napi::Uint8Array>();
  if (!info[0].IsTypedArray() || into.ByteLength() < recorder().capacity())
    throw Napi::RangeError::New(info.Env(), "records are drained into as many bytes as the ring has");
  return Napi::Number::New(info.Env(), static_cast<double>(recorder().drain(into.Data())));
}
Napi::Value record_bytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(recorder().capacity()));
}

void interrupt(const Napi::CallbackInfo&) { request_interrupt(); }
void pause(const Napi::CallbackInfo&) { request_pause(); }
void resume_run(const Napi::CallbackInfo&) { resume(Resume::GoOn); }
void step_once(const Napi::CallbackInfo&) { resume(Resume::OneStep); }
/** To be called with a signal for the script on its way: it is taken where the pause ends. */
void end_pause(const Napi::CallbackInfo&) { resume(Resume::Interrupt); }
void set_scale(const Napi::CallbackInfo& info) { request_learning_rate_scale(info[0].ToNumber()); }

/** trainerState(): {isPaused, learningRateScale | null, progress: {done, total} | null}. */
Napi::Value state(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const TrainerState now = trainer_state();
  Napi::Object out = Napi::Object::New(env);
  out.Set("isPaused", now.is_paused);
  out.Set("learningRateScale",
          now.has_rates ? Napi::Value(Napi::Number::New(env, now.learning_rate_scale)) : env.Null());
  Napi::Value progress = env.Null();
  if (now.progress_total > 0) {
    Napi::Object batches = Napi::Object::New(env);
    batches.Set("done", static_cast<double>(now.progress_done));
    batches.Set("total", static_cast<double>(now.progress_total));
    progress = batches;
  }
  out.Set("progress", progress);
  return out;
}

/** setRecording(on, histogramEvery): every so many steps distributions, too; 0: never. */
void set_recording(const Napi::CallbackInfo& info) {
  recorder().set_enabled(info[0].ToBoolean());
  recorder().set_histogram_every(info[1].ToNumber().Int64Value());
}
void close_records(const Napi::CallbackInfo&) { recorder().close(); }

/** devices(): {devices: {kind, name, memory, isa, float64}[], why, whyNoClblast}; memory in bytes; why: there
 * is but the processor. */
Napi::Value list_devices(const Napi::CallbackInfo& info) {
  Napi::Array all = Napi::Array::New(info.Env());
  for (Device* device : devices()) {
    Napi::Object each = Napi::Object::New(info.Env());
    each.Set("kind", device->name());
    each.Set("name", device->description());
    each.Set("memory", static_cast<double>(device->total_memory()));
    each.Set("isa", device->type() == DeviceType::Cpu ? cpu::name(cpu::isa()) : device->driver());
    each.Set("float64", device->has_float64());
    all.Set(all.Length(), each);
  }
  Napi::Object out = Napi::Object::New(info.Env());
  out.Set("devices", all);
  out.Set("why", why_only_cpu());
  out.Set("whyNoClblast", why_no_clblast());
  return out;
}

/** useDevice(kind): what the script's "cuda" stands for; "cpu": nothing. */
void use_device(const Napi::CallbackInfo& info) {
  try {
    Device& device = device_named(info[0].ToString());
    choose_accelerator(device.type() == DeviceType::Cpu ? nullptr : &device);
  } catch (const Error& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

/** memory(): {allocated, reserved, peak} of the processor's allocator, in bytes. */
Napi::Value memory(const Napi::CallbackInfo& info) {
  const MemoryFigures figures = cpu_device().memory();
  Napi::Object out = Napi::Object::New(info.Env());
  out.Set("allocated", static_cast<double>(figures.allocated));
  out.Set("reserved", static_cast<double>(figures.reserved));
  out.Set("peak", static_cast<double>(figures.peak));
  return out;
}

void set_threads(const Napi::CallbackInfo& info) {
  const int count = info[0].ToNumber().Int32Value();
  if (count < 1 || count > 1024)
    throw Napi::RangeError::New(info.Env(), "the number of threads is from 1 to 1024");
  cpu::set_num_threads(count);
}
Napi::Value threads(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), cpu::num_threads());
}

}  // namespace

void export_control(napi_env env, napi_value value) {
  Napi::Object exports(env, value);
  exports.Set("drain", Napi::Function::New<drain>(env, "drain"));
  exports.Set("recordBytes", Napi::Function::New<record_bytes>(env, "recordBytes"));
  exports.Set("interrupt", Napi::Function::New<interrupt>(env, "interrupt"));
  exports.Set("pause", Napi::Function::New<pause>(env, "pause"));
  exports.Set("resume", Napi::Function::New<resume_run>(env, "resume"));
  exports.Set("stepOnce", Napi::Function::New<step_once>(env, "stepOnce"));
  exports.Set("endPause", Napi::Function::New<end_pause>(env, "endPause"));
  exports.Set("setLearningRateScale", Napi::Function::New<set_scale>(env, "setLearningRateScale"));
  exports.Set("trainerState", Napi::Function::New<state>(env, "trainerState"));
  exports.Set("setRecording", Napi::Function::New<set_recording>(env, "setRecording"));
  exports.Set("closeRecords", Napi::Function::New<close_records>(env, "closeRecords"));
  exports.Set("devices", Napi::Function::New<list_devices>(env, "devices"));
  exports.Set("useDevice", Napi::Function::New<use_device>(env, "useDevice"));
  exports.Set("memory", Napi::Function::New<memory>(env, "memory"));
  exports.Set("setNumThreads", Napi::Function::New<set_threads>(env, "setNumThreads"));
  exports.Set("numThreads", Napi::Function::New<threads>(env, "numThreads"));
}

}  // namespace unroll::binding
