// Functions of the script that the backward pass calls: hooks, and the backward of torch.autograd.Function.
// The script keeps them under numbers; the engine holds numbers, and lists those it has let go of, so that
// the script can forget the function at a time of its own choosing (never inside one of its finalizers).
#include <memory>
#include <unordered_map>

#include "autograd/variable.h"
#include "backend/cpu/denormals.h"
#include "binding/exports.h"
#include "binding/marshal.h"

namespace unroll::binding {

namespace {

/** What the script is asked to do with the function of a number. */
enum class Ask : int64_t { Hook, Backward, Accumulated, Where, Complain };

thread_local napi_env environment = nullptr;
thread_local napi_ref entry = nullptr;  // (ask, number, handles...) -> how many results, or -1: it raised
thread_local Tensors results;           // what the script answers, left by give_results()
thread_local std::string told;
thread_local std::vector<int64_t> dropped;

void check(napi_status status) {
  UNROLL_CHECK(status == napi_ok, "internal: the script's function cannot be called");
}

/** Calls the script and returns what it answers. It keeps the exception it raises and raises it again itself.
 */
Tensors ask_script(Ask ask, int64_t number, const Tensors& arguments) {
  napi_handle_scope scope;
  check(napi_open_handle_scope(environment, &scope));
  std::vector<napi_value> values{write(environment, static_cast<int64_t>(ask)), write(environment, number)};
  for (const Tensor& argument : arguments) values.push_back(write(environment, argument));
  napi_value function, global, out;
  check(napi_get_reference_value(environment, entry, &function));
  check(napi_get_global(environment, &global));
  results.clear();
  napi_status status;
  {
    const cpu::KeepDenormals exact;
    status = napi_call_function(environment, global, function, values.size(), values.data(), &out);
  }
  int64_t count = -1;
  if (status == napi_ok)
    napi_get_value_int64(environment, out, &count);
  else if (napi_value thrown; status == napi_pending_exception)
    napi_get_and_clear_last_exception(environment, &thrown);
  napi_close_handle_scope(environment, scope);
  UNROLL_CHECK(count >= 0, "a function called by the backward pass has raised an exception");
  return std::move(results);
}

/** Lets the script know, some time after, that nothing will call the number's function again. */
class ScriptFunction {
 public:
  explicit ScriptFunction(int64_t number) : number_(number) {}
  ~ScriptFunction() { dropped.push_back(number_); }
  ScriptFunction(const ScriptFunction&) = delete;
  ScriptFunction& operator=(const ScriptFunction&) = delete;
  Tensors operator()(Ask ask, const Tensors& arguments) const { return ask_script(ask, number_, arguments); }

 private:
  int64_t number_;
};

/** The node of one call of a torch.autograd.Function. */
class FunctionNode : public Node {
 public:
  FunctionNode(const std::string& name, int64_t number)
      : Node(name, nullptr, true), function_(std::make_unique<ScriptFunction>(number)) {}
  Tensors apply(Tensors grads) override {
    check_released();
    return (*function_)(Ask::Backward, grads);
  }
  void release() override {
    if (saved.empty()) return;
    saved.clear();
    released_ = true;
  }
  Tensors saved_tensors() {
    check_released();
    Tensors tensors;
    for (const Saved& each : saved) tensors.push_back(each.get(*this));
    return tensors;
  }
  std::vector<Saved> saved;

 private:
  std::unique_ptr<ScriptFunction> function_;
};

std::unordered_map<int64_t, std::weak_ptr<FunctionNode>>& function_nodes() {
  static std::unordered_map<int64_t, std::weak_ptr<FunctionNode>> nodes;
  return nodes;
}

/**
 * The results `outputs` come from `inputs` by the function of that number. `saved` are kept for its backward;
 * places[i] is the output that saved[i] is, -1 where it is none. Undefined outputs have no gradient.
 */
void record_function(int64_t number, const std::string& name, const Tensors& inputs, const Tensors& outputs,
                     const Tensors& saved, const std::vector<int64_t>& places) {
  auto node = std::make_shared<FunctionNode>(name, number);
  for (const Tensor& input : inputs) node->add_edge(gradient_edge(input));
  for (size_t i = 0; i < saved.size(); ++i)
    if (places[i] < 0) node->saved.emplace_back(saved[i]);
  for (const Tensor& output : outputs) set_history(output, node);
  std::vector<Saved> in_order;
  size_t next = 0;
  for (size_t i = 0; i < saved.size(); ++i)
    in_order.push_back(places[i] < 0 ? std::move(node->saved[next++])
                                     : Saved::output(saved[i], static_cast<int>(places[i])));
  node->saved = std::move(in_order);
  function_nodes()[number] = node;
}

Tensors saved_tensors(int64_t number) {
  const auto found = function_nodes().find(number);
  std::shared_ptr<FunctionNode> node = found == function_nodes().end() ? nullptr : found->second.lock();
  return node ? node->saved_tensors() : Tensors();
}

void hook_tensor(const Tensor& t, int64_t number) {
  register_hook(t, [function = std::make_shared<ScriptFunction>(number)](const Tensor& grad) {
    const Tensors replaced = (*function)(Ask::Hook, {grad});
    return replaced.empty() ? Tensor() : replaced[0];
  });
}

void hook_accumulated(const Tensor& t, int64_t number) {
  autograd_meta(t).accumulated_hooks.emplace_back(
      [function = std::make_shared<ScriptFunction>(number)](const Tensor& leaf) {
        (*function)(Ask::Accumulated, {leaf});
      });
}

void give_results(const Tensors& tensors) { results = tensors; }
void tell(const std::string& text) { told = text; }

/** A number that is no longer called, 0 where there is none. */
int64_t take_dropped() {
  if (dropped.empty()) return 0;
  const int64_t number = dropped.back();
  dropped.pop_back();
  function_nodes().erase(number);
  return number;
}

void set_anomaly(bool enabled, bool check_nan) {
  AnomalyMode& mode = anomaly_mode();
  mode = {};
  mode.check_nan = check_nan;
  if (!enabled) return;
  mode.where = [] {
    ask_script(Ask::Where, 0, {});
    return told;
  };
  mode.complain = [](const Node& node) {
    told = node.name() + "\n" + node.made_at;
    ask_script(Ask::Complain, 0, {});
  };
}
std::string told_by_engine() { return told; }
bool anomaly_enabled() { return anomaly_mode().where != nullptr; }

napi_value bind_script(napi_env env, napi_callback_info info) {
  try {
    Arguments arguments(env, info);
    if (entry) napi_delete_reference(env, entry);
    environment = env;
    napi_create_reference(env, arguments.value(), 1, &entry);
  } catch (...) {
    rethrow_in_script(env);
  }
  return nullptr;
}

}  // namespace

void export_script(napi_env env, napi_value exports) {
  export_all(env, exports,
             {{"bind_script", bind_script},
              UNROLL_EXPORT(record_function),
              UNROLL_EXPORT(saved_tensors),
              UNROLL_EXPORT(hook_tensor),
              UNROLL_EXPORT(hook_accumulated),
              UNROLL_EXPORT(give_results),
              UNROLL_EXPORT(tell),
              UNROLL_EXPORT(told_by_engine),
              UNROLL_EXPORT(take_dropped),
              UNROLL_EXPORT(set_anomaly),
              UNROLL_EXPORT(anomaly_enabled)});
}

}  // namespace unroll::binding
