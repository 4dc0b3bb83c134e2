#include "autograd/engine.h"

#include "autograd/variable.h"
#include "gradcheck.h"
#include "ops/ops.h"

using namespace unroll;

namespace {

Tensor leaf(double value) {
  Tensor t = full({}, Scalar::of(value), DType::Float64);
  set_requires_grad(t, true);
  return t;
}
double value(const Tensor& t) { return *t.data<double>(); }
void run_backward(const Tensor& root, bool retain = false) { backward({root}, Tensors(1), {retain, false}); }

}  // namespace

TEST(gradients_add_up_over_paths_and_over_passes) {
  Tensor x = leaf(3);
  Tensor y = mul(x, x);
  run_backward(add(y, y), true);
  CHECK(value(x.grad()) == 12);
  run_backward(mul(x, x));
  CHECK(value(x.grad()) == 18);
}

TEST(a_tensor_on_both_sides_of_a_sum_gets_two_gradients_that_do_not_share_memory) {
  Tensor a = leaf(1), b = leaf(2);
  run_backward(add(a, b));
  CHECK(!(a.grad().storage().id() == b.grad().storage().id()));
  CHECK(value(a.grad()) == 1 && value(b.grad()) == 1);
}

TEST(a_graph_is_freed_by_its_backward_unless_kept) {
  Tensor x = leaf(3);
  Tensor y = mul(x, x);
  run_backward(y, true);
  run_backward(y);
  CHECK(check::thrown_by([&] {
          run_backward(y);
        }).rfind("Trying to backward through the graph a second time", 0) == 0);
}

TEST(the_second_derivative_comes_from_create_graph) {
  Tensor x = leaf(3);
  Tensor y = mul(mul(x, x), x);
  Tensor first = grad({y}, Tensors(1), {x}, {true, true}, false)[0];
  CHECK(value(first) == 27 && first.requires_grad());
  Tensor second = grad({first}, Tensors(1), {x}, {}, false)[0];
  CHECK(value(second) == 18);
  CHECK(!x.grad().defined());
}

TEST(gradients_of_inner_tensors_can_be_asked_for_and_kept) {
  Tensor x = leaf(2);
  Tensor y = mul(x, x), z = mul(y, y);
  CHECK(value(grad({z}, Tensors(1), {y}, {true, false}, false)[0]) == 8);
  retain_grad(y);
  run_backward(z);
  CHECK(value(y.grad()) == 8 && value(x.grad()) == 32);
}

TEST(only_the_inputs_named_receive_gradients) {
  Tensor a = leaf(2), b = leaf(5);
  backward({mul(a, b)}, Tensors(1), {}, {a});
  CHECK(value(a.grad()) == 5 && !b.grad().defined());
}

TEST(unused_inputs_are_an_error_or_undefined) {
  Tensor a = leaf(2), b = leaf(5);
  CHECK(check::thrown_by([&] { grad({mul(a, a)}, Tensors(1), {b}, {}, false); }).find("not have been used") !=
        std::string::npos);
  CHECK(!grad({mul(a, a)}, Tensors(1), {b}, {}, true)[0].defined());
}

TEST(roots_must_be_scalars_that_require_gradients) {
  CHECK(check::thrown_by([] { run_backward(zeros({2}, DType::Float64)); }) ==
        "element 0 of tensors does not require grad and does not have a grad_fn");
  Tensor x = zeros({2}, DType::Float64);
  set_requires_grad(x, true);
  CHECK(check::thrown_by([&] { run_backward(mul(x, x)); }) ==
        "grad can be implicitly created only for scalar outputs");
}

TEST(hooks_may_replace_a_gradient) {
  Tensor x = leaf(2);
  Tensor y = mul(x, x);
  register_hook(y, [](const Tensor& g) { return mul_scalar(g, Scalar::of(10.0)); });
  run_backward(y);
  CHECK(value(x.grad()) == 40);
}

TEST(a_chain_of_a_hundred_thousand_operations_runs_and_is_freed_without_deep_recursion) {
  Tensor x = leaf(1), y = x;
  for (int i = 0; i < 100000; ++i) y = add_scalar(y, Scalar::of(1.0));
  run_backward(y, true);
  CHECK(value(x.grad()) == 1);
}

TEST(parts_add_up_to_the_whole) {
  const Tensor weights = some_doubles({3, 4}, 5);
  const auto gradient = [&](bool by_parts, bool whole_too, bool twice) {
    Tensor x = some_doubles({3, 4}, 1);
    set_requires_grad(x, true);
    const Tensor y = mul(x, x);
    Tensor total = whole_too ? sum(y, {}, false) : full({}, Scalar::of(0.0), DType::Float64);
    if (by_parts) {
      for (int64_t t = 0; t < 3; ++t)
        total = add(total, sum(mul(select(y, 0, t), select(weights, 0, t)), {}, false));
      if (twice) total = add(total, sum(mul(slice(y, 1, 1, 4, 2), slice(weights, 1, 0, 2, 1)), {}, false));
    } else {
      total = add(total, sum(mul(y, weights), {}, false));
      if (twice) {
        const Tensor spread = zeros({3, 4}, DType::Float64);
        copy_(slice(spread, 1, 1, 4, 2), slice(weights, 1, 0, 2, 1));
        total = add(total, sum(mul(y, spread), {}, false));
      }
    }
    run_backward(total);
    return x.grad();
  };
  for (const bool whole_too : {false, true})
    for (const bool twice : {false, true}) {
      const Tensor parts = gradient(true, whole_too, twice), whole = gradient(false, whole_too, twice);
      for (int64_t i = 0; i < 12; ++i) CHECK_NEAR(parts.data<double>()[i], whole.data<double>()[i], 1e-14);
    }
}

TEST(a_part_does_not_write_into_what_others_see) {
  // The gradient that arrives at y first is also somebody's own.
  Tensor x = some_doubles({2, 3}, 1);
  set_requires_grad(x, true);
  const Tensor y = mul_scalar(x, Scalar::of(2.0)), given = some_doubles({2, 3}, 2), before = clone(given);
  const Tensor part = select(y, 0, 1), of_part = some_doubles({3}, 3);
  Tensor seen;
  register_hook(y, [&](const Tensor& g) {
    seen = clone(g);
    return Tensor();
  });
  backward({y, part}, {given, of_part}, {});
  for (int64_t i = 0; i < 6; ++i) {
    CHECK(given.data<double>()[i] == before.data<double>()[i]);
    CHECK_NEAR(seen.data<double>()[i], before.data<double>()[i] + (i < 3 ? 0 : of_part.data<double>()[i - 3]),
               1e-15);
  }
}
