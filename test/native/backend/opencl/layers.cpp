#include "backend/layers.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

namespace {

Tensor integers_on(const Tensor& like, const std::vector<double>& all) {
  return to_device(integers({static_cast<int64_t>(all.size())}, all), like.device());
}

}  // namespace

TEST(softmax_over_every_dimension) {
  for (int64_t dim : {0, 1, 2}) {
    check_alike(
        "softmax", [&](const Tensors& in) { return Tensors{softmax(in[0], dim)}; }, {noisy({3, 70, 5})},
        1e-3);
    check_alike(
        "log_softmax", [&](const Tensors& in) { return Tensors{log_softmax(in[0], dim)}; },
        {noisy({3, 300, 2})}, 1e-3);
  }
}

TEST(losses) {
  const Tensor target = integers({6}, {0, 3, 2, -100, 1, 3});
  const Tensor weight = tensor_of({4}, {0.5, 1, 2, 0.25});
  for (const char* reduction : {"none", "mean", "sum"})
    for (double smoothing : {0.0, 0.1}) {
      check_alike(
          "cross_entropy",
          [&](const Tensors& in) {
            return Tensors{cross_entropy(in[0], in[1], {}, reduction, -100, smoothing)};
          },
          {noisy({6, 4}), target}, 1e-3);
      check_alike(
          "cross_entropy, weighted",
          [&](const Tensors& in) {
            return Tensors{cross_entropy(in[0], in[1], detach(in[2]), reduction, -100, smoothing)};
          },
          {noisy({6, 4}), target, weight}, 1e-3);
    }
  check_alike(
      "mse_loss", [](const Tensors& in) { return Tensors{mse_loss(in[0], in[1], "mean")}; },
      {noisy({6, 4}), noisy({6, 4}, DType::Float32, 9)}, 1e-3);
}

TEST(rows_of_a_table) {
  const Tensor indices = integers({2, 4}, {3, 1, 3, 0, 5, 3, 1, 1});
  for (int64_t padding : {-1, 3})
    check_alike("embedding", [&](const Tensors& in) { return Tensors{embedding(in[0], in[1], padding)}; },
                {noisy({6, 37}), indices});
}

TEST(gathering_and_scattering) {
  const Tensor index = integers({3, 4}, {0, 2, 1, 1, 2, 2, 0, 4, 3, 3, 1, 0});
  for (int64_t dim : {0, 1})
    check_alike("gather", [&](const Tensors& in) { return Tensors{gather(in[0], dim, in[1])}; },
                {noisy({5, 6}), index});
  check_alike(
      "scatter",
      [](const Tensors& in) {
        return Tensors{
            scatter_add(in[0], 0, in[1], in[2]), scatter(in[0], 1, in[1], detach(in[2])),
            nll_loss(log_softmax(in[0], 1), integers_on(in[0], {0, 2, 5, 1, 4}), {}, "mean", -100)};
      },
      {noisy({5, 6}), index, noisy({3, 4}, DType::Float32, 2)}, 1e-3);
}

TEST(an_index_out_of_range_is_told_when_a_value_is_read) {
  Device& device = opencl_device();
  const Tensor table = to_device(noisy({6, 3}), device);
  const Tensor out = embedding(table, to_device(integers({2}, {1, 6}), device), -1);
  CHECK(check::thrown_by([&] { values_here(out); }).find("index out of range") != std::string::npos);
  CHECK(check::thrown_by([&] { values_here(table); }).empty());
}

TEST(dropout_has_the_processors_masks) {
  check_alike(
      "dropout",
      [](const Tensors& in) {
        default_generator().manual_seed(7);
        return Tensors{dropout(in[0], 0.3, true, default_generator())};
      },
      {noisy({30, 40})}, 0);
}
