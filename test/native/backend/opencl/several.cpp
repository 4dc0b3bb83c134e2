#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(the_norm_of_all) {
  Tensors all;
  for (int64_t i = 0; i < 11; ++i) all.push_back(noisy({i * 500, 3}, DType::Float32, i));
  check_alike(
      "total_norm",
      [](const Tensors& in) {
        return Tensors{total_norm(in, 2), total_norm(in, 1)};
      },
      all);
  const Tensor one = noisy({20000}, DType::Float64);
  check_alike("total_norm of one", [](const Tensors& in) { return Tensors{total_norm(in, 2)}; }, {one});
}

TEST(all_are_scaled) {
  Tensors all;
  for (int64_t i = 0; i < 11; ++i) all.push_back(noisy({i * 500, 3}, DType::Float32, i));
  check_alike(
      "clip_grads_with_norm_",
      [](const Tensors& in) {
        GradMode off(false);
        Tensors parameters, scaled;
        for (const Tensor& t : in) {
          parameters.push_back(clone(detach(t)));
          scaled.push_back(clone(detach(t)));
          set_grad(parameters.back(), scaled.back());
        }
        const int64_t version = scaled[0].version();
        clip_grads_with_norm_(parameters, 0.25, full({}, Scalar::of(1.0), DType::Float32, in[0].device()));
        CHECK(scaled[0].version() == version + 1);
        return scaled;
      },
      all);
}
