#include "backend/opencl/on_both.h"
#include "backend/reduce.h"

using namespace unroll;

TEST(scans_follow_the_processor) {
  for (const DType dtype : {DType::Float32, DType::Float64})
    for (const int64_t dim : {0, 1, 2})
      check_alike("scans",
                  [&](const Tensors& t) {
                    return Tensors{cumsum(t[0], dim), cumprod(t[0], dim), logcumsumexp(t[0], dim)};
                  },
                  {noisy({3, 20, 5}, dtype)});
  check_alike("cumsum of a transposed matrix",
              [](const Tensors& t) { return Tensors{cumsum(transpose(t[0], 0, 1), 1)}; }, {noisy({300, 3})});
  check_alike(
      "of integers",
      [](const Tensors& t) {
        return Tensors{cumsum(t[0], 0), cumprod(t[0], 1)};
      },
      {counting({4, 5}, DType::Int32)}, 0);
  check_alike("of nothing", [](const Tensors& t) { return Tensors{cumsum(t[0], 0)}; }, {noisy({0, 3})});
}

TEST(running_extremes_and_their_places) {
  const Tensor x = noisy({6, 40});
  for (const int64_t at : {50, 51, 130}) x.data<float>()[at] = x.data<float>()[at - 7];
  x.data<float>()[100] = NAN;
  for (const Tensor& t : {x, counting({5, 3}, DType::Int64)})
    check_alike("cummax and cummin",
                [](const Tensors& in) {
                  const auto [high, high_places] = cummax(in[0], 1);
                  const auto [low, low_places] = cummin(in[0], 0);
                  return Tensors{high, high_places, low, low_places};
                },
                {t});
}
