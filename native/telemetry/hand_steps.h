// Recognises the steps of a script that updates its weights by hand: a leaf that has received a gradient is
// written, and then gradients are cleared or the next backward pass begins. Their norms are taken at that
// moment, when the gradients are still there. Off as soon as the script has an optimizer, whose steps end by
// themselves.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>

#include "tensor/tensor.h"

namespace unroll {

/** `sum` becomes that of a floating tensor's elements, by settle(); untouched where nothing is recorded. */
void square_sum_later(const Tensor& t, double& sum);

class HandSteps {
 public:
  void set_enabled(bool enabled) { enabled_ = enabled; }

  /** A leaf has received a gradient. */
  void note_gradient(const Tensor& leaf) {
    if (enabled_) add(leaf);
  }
  /** As the recorder's. */
  void note_clearing(const Tensor& gradient) {
    if (!leaves_.empty() && updated_.empty()) look(&gradient.storage());
  }

  struct Updated {
    std::shared_ptr<TensorImpl> leaf;
    double grad = 0, weight = 0;  // sums of squares, by settle()
  };
  /** What has been updated since the last step, in the order of the first gradients; empty where no step has
   * ended. */
  const std::deque<Updated>& updated();
  /** A step has ended. */
  void begin_step();

 private:
  struct Leaf {
    std::weak_ptr<TensorImpl> tensor;
    uint64_t writes;  // when it received its gradient
    int64_t order;
  };
  void add(const Tensor& leaf);
  void look(const Storage* cleared);

  bool enabled_ = true;
  std::unordered_map<const TensorImpl*, Leaf> leaves_;
  std::deque<Updated> updated_;  // which stay where they are
};

}  // namespace unroll
