// How the control thread looks into tensors: questions in, answers out, in the shapes of protocol/inspect.ts.
#include <napi.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "binding/exports.h"
#include "binding/marshal.h"
#include "telemetry/description.h"
#include "telemetry/mailbox.h"

namespace unroll::binding {

namespace {

Question::Of kind_of(const Napi::Value& value) {
  static const std::vector<std::string> words{"parameter", "gradient",   "update",
                                              "buffer",    "activation", "variable"};
  const std::string word = value.ToString();
  const auto at = std::find(words.begin(), words.end(), word);
  if (at == words.end()) throw Napi::RangeError::New(value.Env(), "there is no \"" + word + "\" to ask for");
  return static_cast<Question::Of>(at - words.begin());
}

int64_t integer(const Napi::Value& value) { return value.ToNumber().Int64Value(); }
bool is_null(const Napi::Value& value) { return value.IsNull() || value.IsUndefined(); }

/** [begin, end), or all of it where null. */
void read_stretch(const Napi::Value& value, int64_t& begin, int64_t& end) {
  if (is_null(value)) return;
  const Napi::Object pair = value.ToObject();
  begin = integer(pair.Get(0U));
  end = integer(pair.Get(1U));
}

Part part_of(const Napi::Object& from) {
  Part part;
  if (!is_null(from.Get("rowAxis"))) part.row_axis = integer(from.Get("rowAxis"));
  if (!is_null(from.Get("columnAxis"))) part.column_axis = integer(from.Get("columnAxis"));
  const Napi::Array at = from.Get("at").As<Napi::Array>();
  for (uint32_t i = 0; i < at.Length(); ++i) part.at.push_back(integer(at.Get(i)));
  read_stretch(from.Get("rows"), part.row_begin, part.row_end);
  read_stretch(from.Get("columns"), part.column_begin, part.column_end);
  return part;
}

Question question_of(const Napi::Object& from) {
  Question question;
  question.name = from.Get("name").ToString();
  question.of = kind_of(from.Get("kind"));
  if (!is_null(from.Get("part"))) question.part = part_of(from.Get("part").ToObject());
  if (!is_null(from.Get("histogram"))) {
    const Napi::Object histogram = from.Get("histogram").ToObject();
    question.bins = std::max<int64_t>(1, integer(histogram.Get("bins")));
    if (!is_null(histogram.Get("range"))) {
      const Napi::Object range = histogram.Get("range").ToObject();
      question.range = {range.Get(0U).ToNumber().DoubleValue(), range.Get(1U).ToNumber().DoubleValue()};
    }
  }
  if (!is_null(from.Get("picture"))) {
    const Napi::Object picture = from.Get("picture").ToObject();
    question.rows = integer(picture.Get("rows"));
    question.columns = integer(picture.Get("columns"));
  }
  question.cells = from.Get("cells").ToBoolean();
  return question;
}

template <class T>
Napi::Value bytes(Napi::Env env, const std::vector<T>& values) {
  const size_t size = values.size() * sizeof(T);
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, size);
  const auto* from = reinterpret_cast<const uint8_t*>(values.data());
  std::copy(from, from + size, static_cast<uint8_t*>(buffer.Data()));
  return Napi::Uint8Array::New(env, size, buffer, 0);
}

Napi::Object object(Napi::Env env, std::initializer_list<std::pair<const char*, double>> numbers) {
  Napi::Object out = Napi::Object::New(env);
  for (const auto& [name, number] : numbers) out.Set(name, number);
  return out;
}

double real(int64_t n) { return static_cast<double>(n); }

Napi::Value statistics_value(Napi::Env env, const Statistics& s) {
  return object(env, {{"count", real(s.count)},
                      {"nan", real(s.nan)},
                      {"infinite", real(s.infinite)},
                      {"zeros", real(s.zeros)},
                      {"mean", s.mean},
                      {"deviation", s.deviation},
                      {"low", s.low},
                      {"high", s.high},
                      {"norm", s.norm},
                      {"robustLow", s.robust_low},
                      {"robustHigh", s.robust_high}});
}

Napi::Value histogram_value(Napi::Env env, const Histogram& histogram) {
  Napi::Object out = object(env, {{"low", histogram.low},
                                  {"high", histogram.high},
                                  {"below", real(histogram.below)},
                                  {"above", real(histogram.above)}});
  std::vector<double> counts(histogram.counts.begin(), histogram.counts.end());
  out.Set("counts", bytes(env, counts));
  return out;
}

Napi::Value picture_value(Napi::Env env, const Picture& picture) {
  Napi::Object out = object(env, {{"rows", real(picture.rows)}, {"columns", real(picture.columns)}});
  out.Set("low", bytes(env, picture.low));
  out.Set("high", bytes(env, picture.high));
  out.Set("mean", bytes(env, picture.mean));
  out.Set("nonFinite", bytes(env, picture.nonfinite));
  return out;
}

/** ask(question): a ticket. */
Napi::Value ask(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(mailbox().ask(question_of(info[0].ToObject()))));
}

uint64_t ticket_of(const Napi::CallbackInfo& info) { return static_cast<uint64_t>(integer(info[0])); }

/** forget(ticket): nobody waits for it any more. */
void forget(const Napi::CallbackInfo& info) { mailbox().forget(ticket_of(info)); }

/** answer(ticket): undefined until the trainer has answered. */
Napi::Value answer(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Reading reading;
  if (!mailbox().take(ticket_of(info), reading)) return env.Undefined();
  Napi::Object out = object(
      env, {{"step", real(reading.step)}, {"rows", real(reading.rows)}, {"columns", real(reading.columns)}});
  out.Set("found", reading.found);
  out.Set("problem",
          reading.problem.empty() ? env.Null() : Napi::Value(Napi::String::New(env, reading.problem)));
  out.Set("dtype", dtype_name(reading.dtype));
  out.Set("requiresGrad", reading.requires_grad);
  Napi::Array shape = Napi::Array::New(env);
  for (int64_t n : reading.sizes) shape.Set(shape.Length(), real(n));
  out.Set("shape", shape);
  out.Set("statistics", statistics_value(env, reading.statistics));
  out.Set("histogram", reading.histogram ? histogram_value(env, *reading.histogram) : env.Null());
  out.Set("picture", reading.picture ? picture_value(env, *reading.picture) : env.Null());
  out.Set("cells", reading.has_cells ? bytes(env, reading.cells) : env.Null());
  return out;
}

/** description(what, known): {version, text}, or null where there is none newer than the version `known`. */
Napi::Value description(const Napi::CallbackInfo& info) {
  const std::optional<Description> found = description_after(info[0].ToString(), integer(info[1]));
  if (!found) return info.Env().Null();
  Napi::Object out = object(info.Env(), {{"version", real(found->version)}});
  out.Set("text", found->text);
  return out;
}

}  // namespace

void export_inspect(napi_env env, napi_value value) {
  Napi::Object exports(env, value);
  exports.Set("ask", Napi::Function::New<ask>(env, "ask"));
  exports.Set("forget", Napi::Function::New<forget>(env, "forget"));
  exports.Set("answer", Napi::Function::New<answer>(env, "answer"));
  exports.Set("description", Napi::Function::New<description>(env, "description"));
}

}  // namespace unroll::binding
