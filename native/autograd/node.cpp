#include "autograd/node.h"

#include <atomic>
#include <limits>

#include "autograd/variable.h"
#include "ops/ops.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {
thread_local uint64_t next_sequence = 0;
}

AnomalyMode& anomaly_mode() {
  thread_local AnomalyMode mode;
  return mode;
}

Node::Node(std::string name, Backward backward, bool holds)
    : name_(std::move(name)), backward_(std::move(backward)), holds_(holds), sequence_(next_sequence++) {
  if (anomaly_mode().where) [[unlikely]]
    made_at = anomaly_mode().where();
}

// A long chain of nodes (a loop of thousands of steps) would overflow the stack if each destroyed the next:
// the outermost destructor empties the queue instead.
Node::~Node() {
  thread_local std::vector<std::shared_ptr<Node>>* queue = nullptr;
  if (queue) {
    for (Edge& edge : next_) queue->push_back(std::move(edge.node));
    return;
  }
  std::vector<std::shared_ptr<Node>> mine;
  for (Edge& edge : next_) mine.push_back(std::move(edge.node));
  backward_ = nullptr;
  queue = &mine;
  while (!mine.empty()) {
    std::shared_ptr<Node> node = std::move(mine.back());
    mine.pop_back();
    node.reset();
  }
  queue = nullptr;
}

int Node::add_output(const Tensor& output) {
  outputs_.push_back({output.sizes(), output.dtype(), &output.device()});
  return static_cast<int>(outputs_.size()) - 1;
}

void Node::check_released() const {
  UNROLL_CHECK(
      !released_,
      "Trying to backward through the graph a second time (or directly access saved tensors after they have "
      "already been freed). Saved intermediate values of the graph are freed when you call .backward() or "
      "autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or "
      "if you need to access saved tensors after calling backward.");
}

Tensors Node::apply(Tensors grads) {
  check_released();
  UNROLL_CHECK_KIND(NotImplemented, !(once_only && grad_enabled()), "the derivative of '", name_,
                    "' with create_graph=True is not supported");
  return backward_(*this, std::move(grads));
}

void Node::release() {
  if (!holds_) return;
  released_ = true;
  backward_ = nullptr;
}

AccumulateGrad::AccumulateGrad(const Tensor& t) : Node("AccumulateGrad", nullptr, false), leaf(t.ptr()) {
  sequence_ = std::numeric_limits<uint64_t>::max();
  add_output(t);
}

Tensors AccumulateGrad::apply(Tensors grads) {
  Tensor variable(leaf), grad = std::move(grads[0]);
  grads.clear();
  if (!grad.defined()) return {};
  AutogradMeta& meta = autograd_meta(variable);
  if (meta.grad.defined() && !grad_enabled()) {
    add_(meta.grad, grad);
  } else if (meta.grad.defined()) {
    meta.grad = add(meta.grad, grad);
  } else if (!grad_enabled() && is_unshared(grad)) {
    meta.grad = std::move(grad);
  } else {
    meta.grad = clone(grad);
  }
  recorder().hand_steps().note_gradient(variable);
  for (const auto& hook : std::vector(meta.accumulated_hooks)) hook(variable);
  return {};
}

}  // namespace unroll
