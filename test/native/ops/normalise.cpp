#include "backend/cpu/threads.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(rows_get_mean_zero_and_variance_one) {
  const Tensor out = layer_norm(noisy({3, 50}, DType::Float64), {50}, Tensor(), Tensor(), 0);
  for (double m : values(mean(out, {1}, false))) CHECK_NEAR(m, 0, 1e-14);
  for (double v : values(var(out, {1}, 0, false))) CHECK_NEAR(v, 1, 1e-13);
  const Tensor rms = rms_norm(noisy({3, 50}, DType::Float64), {50}, Tensor(), 0.0);
  for (double v : values(mean(mul(rms, rms), {1}, false))) CHECK_NEAR(v, 1, 1e-13);
}

TEST(channels_are_normalised_over_the_batch) {
  const Tensor x = noisy({4, 3, 5}, DType::Float64);
  const Tensor running_mean = zeros({3}, DType::Float64),
               running_var = full({3}, Scalar::of(1.0), DType::Float64);
  const Tensor out = batch_norm(x, Tensor(), Tensor(), running_mean, running_var, true, 0.1, 0);
  for (double m : values(mean(out, {0, 2}, false))) CHECK_NEAR(m, 0, 1e-14);
  const List expected = values(mean(x, {0, 2}, false)), spread = values(var(x, {0, 2}, 1, false));
  for (size_t c = 0; c < 3; ++c) {
    CHECK_NEAR(values(running_mean)[c], 0.1 * expected[c], 1e-15);
    CHECK_NEAR(values(running_var)[c], 0.9 + 0.1 * spread[c], 1e-15);
  }
  const Tensor still = batch_norm(x, Tensor(), Tensor(), running_mean, running_var, false, 0.1, 1e-5);
  CHECK_NEAR(values(still)[0],
             (values(x)[0] - values(running_mean)[0]) / std::sqrt(values(running_var)[0] + 1e-5), 1e-12);
}

TEST(gradients_agree_with_differences) {
  const Tensor x = some_doubles({2, 4, 3}), w = some_doubles({4, 3}, 2), b = some_doubles({4, 3}, 3);
  const auto layer = [](const Tensors& in) { return layer_norm(in[0], {4, 3}, in[1], in[2], 1e-3); };
  CHECK_GRADIENTS(layer, {detach(x), detach(w), detach(b)});
  CHECK_SECOND_GRADIENTS(layer, {detach(x), detach(w), detach(b)}, 1e-4);
  const auto rms = [](const Tensors& in) { return rms_norm(in[0], {3}, in[1], 1e-3); };
  CHECK_GRADIENTS(rms, {detach(x), some_doubles({3}, 4)});
  CHECK_SECOND_GRADIENTS(rms, {detach(x), some_doubles({3}, 4)}, 1e-4);
  const auto group = [](const Tensors& in) { return group_norm(in[0], 2, in[1], in[2], 1e-3); };
  CHECK_GRADIENTS(group, {detach(x), some_doubles({4}, 5), some_doubles({4}, 6)});
  const auto batch = [](const Tensors& in) {
    return batch_norm(in[0], in[1], in[2], Tensor(), Tensor(), true, 0.1, 1e-3);
  };
  CHECK_GRADIENTS(batch, {detach(x), some_doubles({4}, 5), some_doubles({4}, 6)});
}

TEST(results_do_not_depend_on_the_number_of_threads) {
  const Tensor x = noisy({300, 100}), w = noisy({100});
  const int before = cpu::num_threads();
  List found[2];
  for (int threads : {1, 3}) {
    cpu::set_num_threads(threads);
    const Tensor leaf = detach(w);
    set_requires_grad(leaf, true);
    const Tensor out = layer_norm(x, {100}, leaf, Tensor(), 1e-5);
    found[threads == 3] = values(grad({sum(out, {}, false)}, {Tensor()}, {leaf}, {}, false)[0]);
  }
  cpu::set_num_threads(before);
  CHECK(found[0] == found[1]);
}

TEST(shapes_are_checked_in_pytorchs_words) {
  CHECK(thrown_by([] {
          layer_norm(counting({2, 3}), {4}, Tensor(), Tensor(), 0);
        }) == "Given normalized_shape=[4], expected input with shape [*, 4], but got input of size[2, 3]");
  CHECK(thrown_by([] {
          layer_norm(counting({2, 3}), {3}, counting({2}), Tensor(), 0);
        }) ==
        "Expected weight to be of same shape as normalized_shape, but got weight of shape [2] and "
        "normalized_shape = [3]");
  CHECK(
      thrown_by([] {
        group_norm(counting({2, 3}), 2, Tensor(), Tensor(), 0);
      }) ==
      "Expected number of channels in input to be divisible by num_groups, but got input of shape [2, 3] and "
      "num_groups=2");
}
