// The addon's functions, by the file that holds them.
#pragma once

#include <napi.h>

namespace unroll::binding {

/** operations.cpp: everything in ops/ops.h. */
void export_operations(napi_env env, napi_value exports);
/** tensors.cpp: handles, geometry, contents, generators. */
void export_tensors(napi_env env, napi_value exports);
/** graph.cpp: gradients and the backward pass. */
void export_graph(napi_env env, napi_value exports);
/** script.cpp: functions of the script that the backward pass calls. */
void export_script(napi_env env, napi_value exports);
/** trainer.cpp: what the trainer's side notes for the run's record. */
void export_trainer(napi_env env, napi_value exports);
/** control.cpp: what the control thread asks. */
void export_control(napi_env env, napi_value exports);
/** ask, answer, forget, description. */
void export_inspect(napi_env env, napi_value exports);

}  // namespace unroll::binding
