#include "backend/products.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(large_products_are_clblasts) {
  CHECK(why_no_clblast().empty());  // else what follows tries our own kernel only
  const Tensors in{noisy({130, 200}), noisy({200, 90}, DType::Float32, 2), noisy({90}, DType::Float32, 3)};
  check_alike(
      "mm", [](const Tensors& t) { return Tensors{mm(t[0], t[1])}; }, in, 1e-4);
  check_alike(
      "mm, transposed",
      [](const Tensors& t) { return Tensors{mm(transpose(t[1], 0, 1), transpose(t[0], 0, 1))}; }, in, 1e-4);
  check_alike(
      "linear", [](const Tensors& t) { return Tensors{linear(t[0], transpose(t[1], 0, 1), t[2])}; }, in,
      1e-4);
  check_alike(
      "of a part",
      [](const Tensors& t) { return Tensors{mm(slice(t[0], 1, 0, 120, 1), slice(t[1], 0, 80, 200, 1))}; },
      {noisy({300, 200}), in[1]}, 1e-4);
  check_alike(
      "along k in float64",
      [](const Tensors& t) {
        return Tensors{linear(t[0], t[1], t[2]), linear(t[0], t[1], t[2])};
      },
      {noisy({9, 70}, DType::Float64), noisy({21, 70}, DType::Float64, 2), noisy({21}, DType::Float64, 3)},
      1e-12);
  check_alike(
      "in float64", [](const Tensors& t) { return Tensors{mm(t[0], t[1])}; },
      {noisy({130, 200}, DType::Float64), noisy({200, 90}, DType::Float64, 2)}, 1e-12);
}

TEST(matrix_products) {
  for (const auto& [m, k, n] :
       {std::tuple<int64_t, int64_t, int64_t>{1, 1, 1}, {17, 33, 65}, {64, 128, 32}, {5, 0, 3}}) {
    check_alike(
        "mm", [](const Tensors& in) { return Tensors{mm(in[0], in[1])}; },
        {noisy({m, k}), noisy({k, n}, DType::Float32, 2)}, 1e-3);
    check_alike(
        "mm, transposed",
        [](const Tensors& in) { return Tensors{mm(transpose(in[0], 0, 1), transpose(in[1], 0, 1))}; },
        {noisy({k, m}), noisy({n, k}, DType::Float32, 2)}, 1e-3);
    check_alike(
        "linear", [](const Tensors& in) { return Tensors{linear(in[0], in[1], in[2])}; },
        {noisy({3, m, k}), noisy({n, k}, DType::Float32, 2), noisy({n}, DType::Float32, 3)}, 1e-3);
    check_alike(
        "bmm",
        [](const Tensors& in) {
          return Tensors{bmm(in[0], in[1]), matmul(in[0], in[1])};
        },
        {noisy({4, m, k}), noisy({4, k, n}, DType::Float32, 2)}, 1e-3);
  }
  check_alike(
      "addmm", [](const Tensors& in) { return Tensors{addmm(in[2], in[0], in[1], 0.5, 2)}; },
      {noisy({8, 9}), noisy({9, 4}), noisy({4})}, 1e-3);
  check_alike(
      "mm of integers", [](const Tensors& in) { return Tensors{mm(in[0], in[1])}; },
      {counting({4, 5}, DType::Int64), counting({5, 3}, DType::Int64)}, 0);
}
