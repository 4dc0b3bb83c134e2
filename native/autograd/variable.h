// What autograd knows of a tensor, and how operations take part in the graph:
//
//   Tensor sin(const Tensor& a) {
//     Tensor out = ...;                                              // forward
//     if (needs_grad({a}))
//       record(out, "SinBackward0", {a}, [a = Saved(a)](Node& self, const Tensor& g) -> Tensors {
//         return {mul(g, cos(a.get(self)))};                         // backward, of differentiable
//         operations
//       });
//     return out;
//   }
#pragma once

#include <functional>
#include <initializer_list>
#include <type_traits>

#include "autograd/node.h"
#include "tensor/tensor.h"

namespace unroll {

// --- recording on and off (torch.no_grad), one flag a thread
bool grad_enabled();
void set_grad_enabled(bool enabled);
class GradMode {
 public:
  explicit GradMode(bool enabled) : before_(grad_enabled()) { set_grad_enabled(enabled); }
  ~GradMode() { set_grad_enabled(before_); }
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;

 private:
  bool before_;
};

// --- views
/** Repeats the steps that made a view from its base, on any tensor of the base's sizes, differentiably. */
using Replay = std::function<Tensor(const Tensor& base)>;
struct ViewOf {
  Tensor base;  // never itself a view
  Replay replay;
};

struct AutogradMeta {
  bool requires_grad = false;  // of a leaf
  Tensor grad;
  std::shared_ptr<Node> grad_fn;
  int output = 0;
  std::weak_ptr<AccumulateGrad> accumulator;
  std::unique_ptr<ViewOf> view;
  uint32_t grad_fn_version = 0;  // the tensor's version when its grad_fn was made
  bool retains_grad = false;
  std::vector<Node::Hook> hooks;                                      // of a leaf, on its gradient
  std::vector<std::function<void(const Tensor&)>> accumulated_hooks;  // of a leaf, after .grad has changed
};

AutogradMeta& autograd_meta(const Tensor& t);

/** The function that made t; a stale view's is made anew from its base. nullptr for a leaf. */
std::shared_ptr<Node> grad_fn(const Tensor& t);
/** The function that made t, where it is an N and t has not been written since; else nullptr. */
template <class N>
std::shared_ptr<N> made_by(const Tensor& t) {
  auto node = std::dynamic_pointer_cast<N>(grad_fn(t));
  return node && autograd_meta(t).grad_fn_version == t.version() ? node : nullptr;
}
/** Whether nobody else sees t's memory, dense as it is, so that a backward pass may keep it or write to it.
 */
bool is_unshared(const Tensor& t);
/** Where t's gradient flows: its grad_fn, its accumulator, or nowhere. */
Edge gradient_edge(const Tensor& t);
/** Leaves only; non-floating tensors and non-leaves raise PyTorch's errors. */
void set_requires_grad(const Tensor& t, bool requires_grad);
void set_grad(const Tensor& t, const Tensor& grad);
void retain_grad(const Tensor& t);
/** A hook on t's gradient, which may replace it. */
void register_hook(const Tensor& t, Node::Hook hook);
/** Takes t out of the graph, in place. RuntimeError for a view. */
void detach_from_graph(const Tensor& t);

/** Recording is on and one of the (defined) inputs takes part. */
bool needs_grad(std::initializer_list<const Tensor*> inputs);
inline bool needs_grad(const Tensor& a) { return needs_grad({&a}); }
inline bool needs_grad(const Tensor& a, const Tensor& b) { return needs_grad({&a, &b}); }
bool needs_grad(const Tensors& inputs);

/** Makes `node` the function of `output` (floating point outputs only). */
void set_history(const Tensor& output, const std::shared_ptr<Node>& node);
/** The formula of an operation with one output. Inputs may be undefined. */
using BackwardOne = std::function<Tensors(Node& self, const Tensor& grad)>;
void record_one(const Tensor& output, const char* name, const Tensors& inputs, BackwardOne backward,
                bool holds);
/** A formula that captures nothing but numbers keeps no tensor: it can run again after a backward pass. */
template <class F>
constexpr bool kHolds = !std::is_trivially_destructible_v<F>;
template <class F>
void record(const Tensor& output, const char* name, const Tensors& inputs, F backward) {
  record_one(output, name, inputs, std::move(backward), kHolds<F>);
}
/** The formula of an operation with several outputs. Returns the node, to mark it once_only or so. */
std::shared_ptr<Node> record_all(const Tensors& outputs, const char* name, const Tensors& inputs,
                                 Backward backward, bool holds = true);

/**
 * A tensor kept for the backward pass. get() refuses it when it was written in place since (PyTorch's error).
 * Saved::output keeps one of the operation's own results without a cycle: the graph is tied again in get().
 */
class Saved {
 public:
  Saved() = default;
  explicit Saved(const Tensor& input);
  static Saved output(const Tensor& out, int index = 0);
  bool defined() const { return tensor_.defined(); }
  /** Whether get() would not refuse. */
  bool is_intact() const { return tensor_.defined() && tensor_.version() == version_; }
  Tensor get(Node& self) const;

 private:
  Tensor tensor_;
  std::weak_ptr<Node> made_by_;  // what had made an input when it was saved
  uint32_t version_ = 0;
  int output_ = -1;  // of the node itself; -1: an input
};

/**
 * A view of `t`: shares storage and version; `replay` makes the same view of another tensor; `backward` gives
 * the gradient of t from the view's. Geometry is absolute (offset in elements from the storage's start).
 */
Tensor make_view_of(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset, const char* name,
                    Replay replay, BackwardOne backward, bool holds);
template <class F>
Tensor make_view(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset, const char* name,
                 Replay replay, F backward) {
  return make_view_of(t, sizes, strides, offset, name, std::move(replay), std::move(backward), kHolds<F>);
}

/**
 * An in-place operation on `self`: where no gradient is recorded, `direct()` writes self's memory; otherwise
 * `functional(old)` computes the result from a copy of the old value, self takes its value and its history,
 * and a view's base is rebased. Raises PyTorch's errors for leaves that require grad and overlapping memory.
 * `inputs_need_grad`: needs_grad of the other inputs.
 */
void in_place(const Tensor& self, bool inputs_need_grad, const std::function<void()>& direct,
              const std::function<Tensor(const Tensor& old)>& functional);

}  // namespace unroll
