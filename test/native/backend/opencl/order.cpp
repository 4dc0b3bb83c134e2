#include "backend/opencl/on_both.h"
#include "backend/sort.h"

using namespace unroll;

TEST(sorting_follows_the_processor) {
  for (const int64_t n : {1, 2, 3, 255, 1000}) {
    Tensor x = noisy({3, n});
    for (int64_t i = 0; i < 3 * n; i += 3) x.data<float>()[i] = std::round(4 * x.data<float>()[i]);  // equals
    x.data<float>()[n / 2] = NAN;
    x.data<float>()[n + n / 3] = -INFINITY;
    for (const bool descending : {false, true})
      check_alike("sort",
                  [&](const Tensors& t) {
                    const auto [values, places] = sort(t[0], 1, descending, true);
                    const auto [down, down_places] = sort(transpose(t[0], 0, 1), 1, descending, true);
                    const auto [top, top_places] = topk(t[0], std::min<int64_t>(n, 2), 1, descending, true);
                    return Tensors{values, places, down, down_places, top, top_places};
                  },
                  {x});
  }
  for (const DType dtype : {DType::Int64, DType::UInt8, DType::Bool})
    check_alike("sort of integers",
                [](const Tensors& t) {
                  const auto [values, places] = sort(t[0], 0, false, true);
                  return Tensors{values, places};
                },
                {tensor_of({7}, {1, 0, 1, 1, 0, 0, 1}, dtype)});
  check_alike("sort of nothing",
              [](const Tensors& t) { return Tensors{std::get<0>(sort(t[0], 0, false, true))}; },
              {noisy({0, 3})});
}

TEST(searching_in_rows) {
  const Tensors in{tensor_of({2, 5}, {1, 2, 2, 3, NAN, -1, 0, 0, 0, 9}),
                   tensor_of({2, 4}, {2, 0.5, NAN, 10, 0, -3, 9, 1}), tensor_of({5}, {0, 1, 2, 2, 4})};
  for (const bool right : {false, true})
    check_alike(
        "searchsorted",
        [&](const Tensors& t) {
          return Tensors{searchsorted(t[0], t[1], right), searchsorted(t[2], t[1], right)};
        },
        in);
}

TEST(where_elements_are_not_zero) {
  Tensor sparse = noisy({70, 130});
  for (int64_t i = 0; i < sparse.numel(); ++i)
    if (i % 7 != 0) sparse.data<float>()[i] = 0;
  for (const Tensor& t : {sparse, zeros({3}), noisy({2, 3, 4}), noisy({0, 2}), counting({5}, DType::Int64)})
    check_alike("nonzero", [](const Tensors& in) { return Tensors{nonzero(in[0])}; }, {t});
  check_alike("nonzero, transposed",
              [](const Tensors& in) { return Tensors{nonzero(transpose(in[0], 0, 1))}; }, {sparse});
}
