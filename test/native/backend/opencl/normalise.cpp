#include "backend/normalise.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(layers_follow_the_processor) {
  for (const DType dtype : {DType::Float32, DType::Float64})
    for (const Dims& sizes : {Dims{5, 7}, Dims{3, 4, 300}, Dims{3, 5}}) {
      const int64_t n = sizes[sizes.size() - 1];
      const Tensors in{noisy(sizes, dtype), noisy({n}, dtype, 2), noisy({n}, dtype, 3)};
      check_alike(
          "layer_norm", [&](const Tensors& t) { return Tensors{layer_norm(t[0], {n}, t[1], t[2], 1e-5)}; },
          in);
      check_alike("layer_norm, plain",
                  [&](const Tensors& t) { return Tensors{layer_norm(t[0], {n}, {}, {}, 1e-5)}; }, {in[0]});
      check_alike(
          "layer_norm, transposed",
          [&](const Tensors& t) { return Tensors{layer_norm(transpose(t[0], 0, 1), {n}, t[1], t[2], 1e-5)}; },
          sizes.size() == 3 ? in : Tensors{noisy({2, 3, n}, dtype), in[1], in[2]});
      check_alike("rms_norm", [&](const Tensors& t) { return Tensors{rms_norm(t[0], {n}, t[1], 1e-5)}; },
                  {in[0], in[1]});
    }
  check_alike("layer_norm of nothing",
              [](const Tensors& t) { return Tensors{layer_norm(t[0], {3}, t[1], {}, 1e-5)}; },
              {noisy({0, 3}), noisy({3})});
}
