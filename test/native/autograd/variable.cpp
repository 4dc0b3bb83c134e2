#include "autograd/variable.h"

#include "autograd/engine.h"
#include "check.h"
#include "ops/ops.h"

using namespace unroll;

namespace {

Tensor values(std::initializer_list<double> list, bool requires_grad = false) {
  Tensor t = empty({static_cast<int64_t>(list.size())}, DType::Float64);
  std::copy(list.begin(), list.end(), t.data<double>());
  if (requires_grad) set_requires_grad(t, true);
  return t;
}
void backward_sum(const Tensor& t) { backward({sum(t, {}, false)}, Tensors(1), {}); }
bool is(const Tensor& t, std::initializer_list<double> list) {
  Tensor flat = contiguous(t);
  return t.numel() == static_cast<int64_t>(list.size()) &&
         std::equal(list.begin(), list.end(), flat.data<double>());
}

}  // namespace

TEST(nothing_is_recorded_while_recording_is_off) {
  Tensor x = values({1, 2}, true);
  GradMode off(false);
  CHECK(!mul(x, x).requires_grad());
}

TEST(an_in_place_write_continues_the_history) {
  Tensor x = values({1, 2, 3}, true);
  Tensor y = mul(x, x);
  mul_(y, x);  // x^3
  CHECK(is(y, {1, 8, 27}));
  backward_sum(y);
  CHECK(is(x.grad(), {3, 12, 27}));
}

TEST(a_write_to_a_view_rebases_its_base) {
  Tensor x = values({1, 2}, true);
  Tensor buffer = zeros({2, 2}, DType::Float64);
  copy_(select(buffer, 0, 1), x);  // outputs[t] = h into a fresh buffer
  CHECK(buffer.requires_grad() && grad_fn(buffer)->name() == "CopySlices");
  backward_sum(mul(buffer, buffer));
  CHECK(is(x.grad(), {2, 4}));
}

TEST(what_was_overwritten_gets_no_gradient) {
  Tensor x = values({1, 2, 3}, true);
  Tensor y = mul_scalar(x, Scalar::of(2.0));
  zero_(slice(y, 0, 1, 2, 1));
  backward_sum(y);
  CHECK(is(x.grad(), {2, 0, 2}));
}

TEST(a_view_made_before_its_base_was_written_sees_the_write) {
  Tensor x = values({1, 2}, true);
  Tensor y = mul_scalar(x, Scalar::of(1.0));
  Tensor first = select(y, 0, 0);
  mul_scalar_(y, Scalar::of(5.0));
  CHECK(*first.data<double>() == 5);
  backward({first}, Tensors(1), {});
  CHECK(is(x.grad(), {5, 0}));
}

TEST(a_view_of_a_view_rebases_the_same_base) {
  Tensor x = values({7}, true);
  Tensor base = zeros({2, 3}, DType::Float64);
  copy_(slice(select(transpose(base, 0, 1), 0, 2), 0, 0, 1, 1), x);  // base[0, 2]
  CHECK(is(base, {0, 0, 7, 0, 0, 0}));
  backward_sum(mul_scalar(base, Scalar::of(3.0)));
  CHECK(is(x.grad(), {3}));
}

TEST(leaves_that_require_grad_refuse_in_place_writes_but_not_through_data) {
  Tensor x = values({1}, true);
  CHECK(check::thrown_by([&] { zero_(x); }) ==
        "a leaf Variable that requires grad is being used in an in-place operation.");
  CHECK(check::thrown_by([&] {
          zero_(view(x, {1, 1}));
        }) == "a view of a leaf Variable that requires grad is being used in an in-place operation.");
  uint64_t writes = x.storage().writes();
  zero_(data_of(x));
  CHECK(is(x, {0}) && x.version() == 0 && x.storage().writes() == writes + 1);
  GradMode off(false);
  add_scalar_(x, Scalar::of(4.0));
  CHECK(is(x, {4}) && x.version() == 1);
}

TEST(a_saved_tensor_that_was_written_is_an_error) {
  Tensor x = values({1, 2}, true);
  Tensor y = mul_scalar(x, Scalar::of(1.0));
  Tensor z = mul(y, y);
  zero_(y);
  CHECK(check::thrown_by([&] {
          backward_sum(z);
        }).find("has been modified by an inplace operation: [torch.DoubleTensor [2]]") != std::string::npos);
}

TEST(a_saved_result_makes_no_cycle) {
  std::weak_ptr<TensorImpl> alive;
  {
    Tensor x = values({1}, true);
    Tensor y = exp(x);
    alive = y.ptr();
  }
  CHECK(alive.expired());
}

TEST(memory_that_overlaps_is_not_written) {
  Tensor wide = expand(zeros({1}, DType::Float64), {3});
  CHECK(check::thrown_by([&] { zero_(wide); }).find("more than one element of the written-to tensor") !=
        std::string::npos);
}

TEST(flags_follow_pytorchs_rules) {
  Tensor counts = zeros({2}, DType::Int64);
  CHECK(check::thrown_by([&] { set_requires_grad(counts, true); }).find("only Tensors of floating point") ==
        0);
  Tensor x = values({1}, true);
  Tensor y = mul(x, x);
  CHECK(!y.is_leaf() && x.is_leaf());
  CHECK(check::thrown_by([&] {
          set_requires_grad(y, false);
        }).find("you can only change requires_grad flags") == 0);
  CHECK(!detach(y).requires_grad());
  CHECK(check::thrown_by([&] { set_grad(x, zeros({3}, DType::Float64)); }) ==
        "assigned grad has data of a different size");
}
