// The widest layer there is, run step by step and fused: an LSTM with projections, both ways, packed.
#include "ops/recurrent_inputs.h"

using namespace unroll;

namespace {

constexpr int64_t kInputs = 2, kHidden = 3, kState = 2, kRows[] = {2, 2, 1};

/** Packed rows (5, 2), states (2, 2, ·), then w_ih, w_hh, b_ih, b_hh, w_hr of each direction. */
Tensors leaves() {
  Tensors all{numbered(1, {5, kInputs}), numbered(2, {2, 2, kState}), numbered(3, {2, 2, kHidden})};
  for (int d = 0; d < 2; ++d) {
    int i = 10 + 5 * d;
    for (const Dims& sizes : {Dims{4 * kHidden, kInputs}, Dims{4 * kHidden, kState}, Dims{4 * kHidden},
                              Dims{4 * kHidden}, Dims{kState, kHidden}})
      all.push_back(numbered(i++, sizes));
  }
  return all;
}

Tensors run(const Tensors& in, int64_t module) {
  RnnOptions options;
  options.is_bidirectional = options.has_projections = true;
  options.module = module;
  options.batch_sizes = empty({3}, DType::Int64);
  std::copy(std::begin(kRows), std::end(kRows), options.batch_sizes.data<int64_t>());
  const auto [output, h, c] =
      lstm(in[0], in[1], in[2], Tensors(in.begin() + 3, in.end()), options, default_generator());
  return {output, h, c};
}

Tensor joined(const Tensors& in) {
  Tensors parts;
  for (const Tensor& result : run(in, 0)) parts.push_back(reshape(result, {result.numel()}));
  return cat(parts, 0);
}

}  // namespace

TEST(gradients_agree_with_differences) { CHECK_GRADIENTS(joined, leaves()); }

TEST(gradients_of_gradients_agree_with_differences) { CHECK_SECOND_GRADIENTS(joined, leaves()); }

TEST(step_by_step_gives_the_fused_gradients_and_norms) {
  const Tensors in = leaves();
  for (const Tensor& leaf : in) set_requires_grad(leaf, true);
  BackwardOptions twice;
  twice.create_graph = twice.retain_graph = true;
  Tensors grads[2];
  std::map<std::string, std::vector<float>> norms[2];
  for (int i = 0; i < 2; ++i)
    norms[i] = recorded([&] {
      const Tensors results = run(in, 7);
      grads[i] = grad(results, result_gradients(results), in, i ? twice : BackwardOptions{}, false);
    });
  for (size_t i = 0; i < in.size(); ++i) CHECK(distance(grads[1][i], doubles_of(grads[0][i])) < 1e-13);
  CHECK(norms[0].size() == 4 && norms[1].size() == 4);
  for (const auto& [tag, expected] : norms[0])
    for (size_t t = 0; t < 3; ++t) CHECK_NEAR(norms[1].at(tag)[t], expected[t], 1e-6 * expected[t]);
}
