#include "backend/kernels.h"
#include "backend/opencl/on_both.h"

using namespace unroll;

namespace {

/** Parameters and their gradients, more than one launch takes: small, large, empty. */
Tensors several() {
  Tensors all;
  for (int64_t seed : {0, 100})
    for (int64_t i = 0; i < 10; ++i) all.push_back(noisy({i * i * 100, 3}, DType::Float32, seed + i));
  return all;
}

/** Their first half, to be written, and the second. */
std::pair<Tensors, Tensors> parameters_and_grads(const Tensors& in) {
  Tensors parameters, grads;
  for (size_t i = 0; i < in.size(); ++i) {
    if (i < in.size() / 2)
      parameters.push_back(clone(detach(in[i])));
    else
      grads.push_back(detach(in[i]));
  }
  return {parameters, grads};
}

Tensors like(const Tensors& all) {
  Tensors zeros;
  for (const Tensor& t : all) zeros.push_back(zeros_like(t));
  return zeros;
}

}  // namespace

TEST(sgd_follows_the_processor) {
  for (double momentum : {0.0, 0.9})
    check_alike(
        "sgd_step",
        [&](const Tensors& in) {
          GradMode off(false);
          const auto [p, g] = parameters_and_grads(in);
          Tensors buffers(p.size());
          for (int i = 0; i < 3; ++i) {
            const Tensors made = sgd_step(p, g, buffers, 0.1, momentum, 0, 0.01, momentum > 0, false);
            if (!made.empty()) buffers = made;
          }
          return p;
        },
        several());
}

TEST(adam_follows_the_processor) {
  for (bool decoupled : {false, true})
    for (bool amsgrad : {false, true})
      check_alike(
          "adam_step",
          [&](const Tensors& in) {
            GradMode off(false);
            const auto [p, g] = parameters_and_grads(in);
            const Tensors average = like(p), square = like(p), largest = amsgrad ? like(p) : Tensors();
            Tensors counts;
            for (size_t i = 0; i < p.size(); ++i) counts.push_back(zeros({}));
            for (int i = 0; i < 3; ++i)
              adam_step(p, g, average, square, largest, counts, 0.01, 0.9, 0.999, 1e-8, 0.1, decoupled,
                        false);
            Tensors all = p;
            for (const Tensors& list : {average, square, largest})
              all.insert(all.end(), list.begin(), list.end());
            return all;
          },
          several());
}
