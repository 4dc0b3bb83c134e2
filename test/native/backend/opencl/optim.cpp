#include "backend/kernels.h"
#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(sgd_follows_the_processor) {
  for (double momentum : {0.0, 0.9})
    check_alike("sgd_step",
                [&](const Tensors& in) {
                  GradMode off(false);
                  const Tensor p = clone(detach(in[0])), g = detach(in[1]);
                  Tensor buffer;
                  for (int i = 0; i < 3; ++i)
                    buffer = sgd_step(p, g, buffer, 0.1, momentum, 0, 0.01, momentum > 0, false);
                  return Tensors{p};
                },
                {noisy({50, 41}), noisy({50, 41}, DType::Float32, 2)});
}

TEST(adam_follows_the_processor) {
  for (bool decoupled : {false, true})
    check_alike("adam_step",
                [&](const Tensors& in) {
                  GradMode off(false);
                  const Tensor p = clone(detach(in[0])), g = detach(in[1]);
                  const Tensor average = zeros_like(p), square = zeros_like(p), largest = zeros_like(p);
                  for (int64_t i = 1; i < 4; ++i)
                    adam_step(p, g, average, square, largest, 0.01, 0.9, 0.999, 1e-8, 0.1, decoupled, false,
                              i);
                  return Tensors{p, average, square, largest};
                },
                {noisy({50, 41}), noisy({50, 41}, DType::Float32, 2)});
}
