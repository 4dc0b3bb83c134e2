#include "backend/reduce.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

namespace {

void over_all_dims(const char* name, const std::function<Tensor(const Tensor&, const Dims&)>& reduce) {
  for (const Dims& dims : {Dims{}, Dims{0}, Dims{1}, Dims{2}, Dims{0, 2}})
    check_alike(
        name, [&](const Tensors& in) { return Tensors{reduce(in[0], dims)}; }, {noisy({5, 300, 7})}, 1e-3);
  // So many elements a result that it is made in parts.
  for (const Dims& sizes : {Dims{3, 2, 40'001}, Dims{1, 1500, 70}})
    for (const Dims& dims : {Dims{1}, Dims{2}})
      check_alike(
          name, [&](const Tensors& in) { return Tensors{reduce(in[0], dims)}; }, {noisy(sizes)}, 1e-3);
}

}  // namespace

TEST(reductions) {
  over_all_dims("sum", [](const Tensor& t, const Dims& dims) { return sum(t, dims, false); });
  over_all_dims("mean", [](const Tensor& t, const Dims& dims) { return mean(t, dims, true); });
  over_all_dims("var", [](const Tensor& t, const Dims& dims) { return var(t, dims, 1, false); });
  over_all_dims("std", [](const Tensor& t, const Dims& dims) { return unroll::std(t, dims, 1, false); });
  over_all_dims("logsumexp", [](const Tensor& t, const Dims& dims) {
    return logsumexp(t, dims.size() ? dims : Dims{0, 1, 2}, false);
  });
  for (double p : {0.0, 1.0, 2.0, 3.0, double{INFINITY}})
    over_all_dims("norm", [p](const Tensor& t, const Dims& dims) { return norm(t, p, dims, false); });
  over_all_dims("any", [](const Tensor& t, const Dims& dims) {
    return any(gt(t, full({}, Scalar::of(0.9), DType::Float32)), dims, false);
  });
  over_all_dims("all", [](const Tensor& t, const Dims& dims) {
    return all(gt(t, full({}, Scalar::of(-0.9), DType::Float32)), dims, false);
  });
}

TEST(extremes_and_their_places) {
  check_alike("max", [](const Tensors& in) { return Tensors{max(in[0]), min(in[0])}; }, {noisy({40, 50})});
  for (int64_t dim : {0, 1})
    check_alike("max_dim",
                [&](const Tensors& in) {
                  const auto [values, places] = max_dim(in[0], dim, false);
                  return Tensors{values, places, argmin(in[0], dim, true)};
                },
                {noisy({40, 50})});
}

TEST(integers_add_up) {
  check_alike(
      "sum",
      [](const Tensors& in) {
        return Tensors{sum(in[0], {}, false), sum(in[0], {0}, false)};
      },
      {counting({300, 3}, DType::Int32)}, 0);
}
