#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using check::thrown_by;

namespace {

const Unary& activations() {
  static const Unary all = {{"sigmoid", sigmoid},
                            {"tanh", unroll::tanh},
                            {"relu", relu},
                            {"leaky_relu", [](const Tensor& t) { return leaky_relu(t, 0.1); }},
                            {"elu", [](const Tensor& t) { return elu(t, 1.5); }},
                            {"softplus", [](const Tensor& t) { return softplus(t, 2, 20); }},
                            {"silu", silu},
                            {"gelu", [](const Tensor& t) { return gelu(t, "none"); }},
                            {"gelu_tanh", [](const Tensor& t) { return gelu(t, "tanh"); }}};
  return all;
}

}  // namespace

TEST(values_are_pytorchs) { check_unary(activations()); }

TEST(gradients_agree_with_differences) {
  const Tensor x = doubles({2, 4}, {-30, -2, -0.7, -0.1, 0.2, 0.9, 2.5, 30});
  for (const auto& [name, function] : activations()) {
    CHECK_GRADIENTS([&](const Tensors& in) { return function(in[0]); }, {detach(x)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return mul(in[0], function(in[0])); }, {detach(x)});
  }
}

TEST(the_fused_gradient_is_the_composed_one) {
  const Tensor x = noisy({1000}), g = noisy({1000}, DType::Float32, 1);
  set_requires_grad(x, true);
  for (const auto& [name, function] : activations()) {
    BackwardOptions composed;
    composed.create_graph = composed.retain_graph = true;
    const auto a = values(grad({function(x)}, {g}, {x}, {}, false)[0]);
    const auto b = values(grad({function(x)}, {g}, {x}, composed, false)[0]);
    for (size_t i = 0; i < a.size(); ++i) CHECK_NEAR(a[i], b[i], 2e-6);
  }
}

TEST(refusals) {
  CHECK(thrown_by([] { relu(counting({2}, DType::Bool)); }) == "Boolean inputs not supported for relu");
  CHECK(thrown_by([] { elu(counting({2}, DType::Int64), 1); }) == "\"elu_cpu\" not implemented for 'Long'");
  CHECK(thrown_by([] { gelu(counting({2}), "erf"); }) == "approximate argument must be either none or tanh.");
}
