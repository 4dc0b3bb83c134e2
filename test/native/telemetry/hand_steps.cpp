#include "telemetry/hand_steps.h"

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "check.h"
#include "ops/ops.h"
#include "telemetry/recorder.h"

using namespace unroll;

namespace {

Tensor leaf(double value) {
  Tensor t = full({4}, Scalar::of(value), DType::Float32);
  set_requires_grad(t, true);
  return t;
}

/** Gradients of 2 w, so of norm 2 |w|. */
void pass(const Tensor& w) { backward({sum(mul(w, w), {}, false)}, {Tensor()}, {false, false}, {}); }

void update(const Tensor& w) {
  GradMode off(false);
  add_(w, mul_scalar(w.grad(), Scalar::of(-0.25)));
}

HandSteps& steps() { return recorder().hand_steps(); }

}  // namespace

TEST(a_step_ends_when_gradients_are_cleared_after_an_update) {
  recorder().set_enabled(true);
  steps().begin_step();
  const Tensor w = leaf(3);
  pass(w);
  CHECK(steps().updated().empty());
  update(w);
  set_grad(w, Tensor());
  CHECK(steps().updated().size() == 1 && steps().updated()[0].leaf == w.ptr());
  // 2-norms: of the gradient 6 * 2, of the weights after their update 1.5 * 2.
  CHECK(steps().updated()[0].grad == 144 && steps().updated()[0].weight == 9);
  steps().begin_step();
  CHECK(steps().updated().empty());
}

TEST(gradients_that_are_set_to_zero_are_measured_before) {
  recorder().set_enabled(true);
  steps().begin_step();
  const Tensor w = leaf(3);
  pass(w);
  update(w);
  zero_(zeros({4}));  // concerns nobody's gradient
  zero_(detached(w.grad()));
  set_grad(w, Tensor());
  CHECK(steps().updated().size() == 1 && steps().updated()[0].grad == 144);
}

TEST(passes_without_an_update_add_up) {
  recorder().set_enabled(true);
  steps().begin_step();
  const Tensor w = leaf(1);
  pass(w);
  CHECK(steps().updated().empty());
  pass(w);
  set_grad(w, Tensor());
  CHECK(steps().updated().empty());
  pass(w);
  update(w);
  CHECK(steps().updated().size() == 1);
}

TEST(leaves_that_are_gone_are_forgotten) {
  steps().begin_step();
  for (int i = 0; i < 3; ++i) {
    const Tensor w = leaf(1);
    pass(w);
    update(w);
  }
  CHECK(steps().updated().empty());
}

TEST(with_an_optimizer_there_is_nothing_to_recognise) {
  steps().begin_step();
  steps().set_enabled(false);
  const Tensor w = leaf(1);
  pass(w);
  update(w);
  CHECK(steps().updated().empty());
  steps().set_enabled(true);
}
