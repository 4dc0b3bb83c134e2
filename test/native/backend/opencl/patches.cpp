#include "backend/patches.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(columns_follow_the_processor) {
  const Dims kernel{3, 2}, dilation{1, 2}, padding{1, 0}, stride{2, 1};
  check_alike("im2col and col2im",
              [&](const Tensors& t) {
                const Tensor columns = im2col(t[0], kernel, dilation, padding, stride);
                return Tensors{columns, col2im(columns, t[0].sizes(), kernel, dilation, padding, stride)};
              },
              {noisy({2, 4, 9, 7})});
}

TEST(pooling_follows_the_processor) {
  Tensor image = noisy({2, 3, 8, 9});
  image.data<float>()[20] = NAN;
  check_alike("max_pool2d",
              [](const Tensors& t) {
                const auto [values, places] = max_pool2d(t[0], {3, 2}, {2, 1}, {1, 0}, {1, 2}, false);
                return Tensors{values, places};
              },
              {image});
}
