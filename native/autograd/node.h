// A node of the backward graph: what an operation leaves behind so that its inputs' gradients can be found.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace unroll {

/** Where a gradient flows: output `index` of the forward operation that `node` reverses. Empty: nowhere. */
struct Edge {
  std::shared_ptr<Node> node;
  int index = 0;
};

/**
 * Gradients of the outputs in (undefined where nothing flowed back), gradients of the inputs out (undefined
 * where self.needs(i) is false or the gradient is zero). Runs with gradient recording on only under
 * create_graph.
 */
using Backward = std::function<Tensors(Node& self, Tensors grads)>;

class Node : public std::enable_shared_from_this<Node> {
 public:
  /** `holds`: the formula keeps tensors, which release() lets go. */
  Node(std::string name, Backward backward, bool holds = true);
  virtual ~Node();

  /** PyTorch's name of the function: "MulBackward0". */
  const std::string& name() const { return name_; }
  void rename(const char* name) { name_ = name; }
  const std::vector<Edge>& next_edges() const { return next_; }
  void add_edge(Edge edge) { next_.push_back(std::move(edge)); }
  /** Whether somebody wants the gradient of input i: a formula may skip the work otherwise. */
  bool needs(int i) const { return next_[i].node != nullptr; }

  /** Remembers an output's sizes and type (gradients are checked against them); returns its index. */
  int add_output(const Tensor& output);
  struct Output {
    Dims sizes;
    DType dtype;
    Device* device;
  };
  const std::vector<Output>& outputs() const { return outputs_; }

  virtual Tensors apply(Tensors grads);
  /** Frees what the formula had saved, if anything; a second backward through this node is then PyTorch's
   * error.
   */
  virtual void release();

  /** Later operations have larger numbers and run first in the backward pass. */
  uint64_t sequence() const { return sequence_; }

  /** Hooks on the gradient of one output; each may replace it. */
  using Hook = std::function<Tensor(const Tensor& grad)>;
  std::vector<std::pair<int, Hook>> hooks;
  /** Tensors whose .grad is kept though they are no leaves (retain_grad), with the output they are. */
  std::vector<std::pair<int, std::weak_ptr<TensorImpl>>> retained;
  /** Of an operation whose output is a part of its input: the same part of another tensor. Its gradient is
   * zero around that part, which the backward pass need not write down. */
  std::function<Tensor(const Tensor& whole)> part;
  /** Operations that cannot be differentiated twice say so here; create_graph then raises, naming them. */
  bool once_only = false;
  /** Under anomaly detection: the script's lines that made the node. */
  std::string made_at;

 protected:
  /** @throws PyTorch's error where what was saved has been freed. */
  void check_released() const;
  std::string name_;
  Backward backward_;
  bool holds_, released_ = false;
  uint64_t sequence_;
  std::vector<Edge> next_;
  std::vector<Output> outputs_;
};

/** What anomaly detection asks of the script; unset where it is off. */
struct AnomalyMode {
  bool check_nan = true;
  std::function<std::string()> where;              // the lines of the script that are running
  std::function<void(const Node& node)> complain;  // shows where the node that failed was made
};
/** The mode of this thread. */
AnomalyMode& anomaly_mode();

/** The end of every path: adds what arrives to the leaf's .grad. Runs before everything else that is ready.
 */
class AccumulateGrad : public Node {
 public:
  explicit AccumulateGrad(const Tensor& leaf);
  Tensors apply(Tensors grads) override;
  void release() override {}
  std::shared_ptr<TensorImpl> leaf;
};

}  // namespace unroll
