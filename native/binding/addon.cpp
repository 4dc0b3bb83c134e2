// The addon's entry. It may be loaded by several threads of one process (control and trainer): they share the
// engine's state; tensors, handles and the graph belong to the trainer's thread alone.
#include <napi.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "binding/exports.h"

static Napi::Object init(Napi::Env env, Napi::Object exports) {
  using namespace unroll::binding;
#ifdef __GLIBC__
  // Stated, it is not raised by the largest block ever freed: resident memory stays flat over a long run.
  mallopt(M_TRIM_THRESHOLD, 128 << 10);
#endif
  export_operations(env, exports);
  export_tensors(env, exports);
  export_graph(env, exports);
  export_script(env, exports);
  export_trainer(env, exports);
  export_control(env, exports);
  export_inspect(env, exports);
  return exports;
}

NODE_API_MODULE(unroll, init)
