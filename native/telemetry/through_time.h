// The gradient through time of every recurrent module: gathered from the backward pass of its calls, joined
// in the order of the calls, and judged.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "telemetry/verdict.h"
#include "tensor/tensor.h"

namespace unroll {

class ThroughTime {
 public:
  /** A backward pass begins: what an earlier one of the same step has left is forgotten. */
  void begin_backward();
  /** As Recorder::note_through_time. */
  void note(int64_t module, int64_t call, const std::string& series, const Tensor& norms) {
    noted_[{module, series}][call] = norms;
  }
  /** As Recorder::note_states. */
  void note_states(int64_t module, const Tensor& initial, const Tensor& last);
  void name_module(int64_t module, const std::string& name) { modules_[module].name = name; }

  /** One series of the step that ends: "rnn/l0/h" and its norms, index in the input's order. */
  struct Joined {
    int64_t module;
    std::string layer, state;  // "l0", "h"
    std::vector<float> norms;
  };
  /** What has been noted since the last call, each window judged; modules without a name are left out. */
  std::vector<Joined> take();
  const std::string& name_of(int64_t module) { return modules_[module].name; }

  /** A number of a verdict, under its tag below "verdict/". */
  struct Finding {
    std::string tag;
    double value;
  };
  std::vector<Finding> findings() const;
  /** Layers whose verdict is another than when last asked, with it in words: "rnn/l0: vanishing: ...". */
  std::vector<std::string> changes();

 private:
  struct Layer {
    FlowHistory history;
    Verdict told = Verdict::Healthy;
    bool is_told = false;
  };
  struct Module {
    std::string name;
    std::map<std::string, Layer> layers;
    Tensor last;             // the state after its last call
    bool is_within = false;  // a window has begun
    bool is_carried = false;
    Recent carried;
  };
  std::map<int64_t, Module> modules_;
  /** module, "l0/h" -> call -> norms */
  std::map<std::pair<int64_t, std::string>, std::map<int64_t, Tensor>> noted_;
};

/** The index at which a backward pass first met a norm that is not finite, or -1. */
int64_t first_nonfinite(const ThroughTime::Joined& joined);

}  // namespace unroll
