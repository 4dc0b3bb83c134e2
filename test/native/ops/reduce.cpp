#include <cmath>

#include "backend/cpu/threads.h"
#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {

/** The sum over `dims` by the definition, and the sum of magnitudes beside it. */
std::pair<List, List> naive_sums(const Tensor& t, const Dims& dims) {
  Dims kept = t.sizes();
  for (int64_t d : dims) kept[static_cast<int>(d)] = 1;
  const Dims strides = contiguous_strides(kept);
  const List all = values(t);
  List sums(static_cast<size_t>(numel_of(kept)), 0.0), magnitudes = sums;
  for (int64_t i = 0; i < t.numel(); ++i) {
    int64_t at = 0, rest = i;
    for (int d = t.dim() - 1; d >= 0; --d) {
      const int64_t place = rest % t.sizes()[d];
      rest /= t.sizes()[d];
      if (kept[d] != 1) at += place * strides[d];
    }
    sums[static_cast<size_t>(at)] += all[static_cast<size_t>(i)];
    magnitudes[static_cast<size_t>(at)] += std::fabs(all[static_cast<size_t>(i)]);
  }
  return {sums, magnitudes};
}

void check_sum(const Tensor& t, const Dims& dims) {
  const auto [expected, magnitudes] = naive_sums(t, dims);
  const List found = values(sum(t, dims, true));
  CHECK(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) CHECK_NEAR(found[i], expected[i], 1e-7 * (1 + magnitudes[i]));
}

}  // namespace

TEST(sums_over_every_choice_of_dimensions) {
  const Tensor x = noisy({3, 4, 1, 5});
  for (const Tensor& t :
       {x, permute(x, {3, 0, 2, 1}), slice(x, 1, 0, 4, 2), expand(slice(x, 3, 1, 2, 1), {3, 4, 6, 5})})
    for (unsigned choice = 1; choice < 16; ++choice) {
      Dims dims;
      for (int d = 0; d < 4; ++d)
        if (choice >> d & 1) dims.push_back(d);
      check_sum(t, dims);
    }
}

TEST(sums_longer_than_a_chunk) {
  check_sum(noisy({200001}), {0});
  check_sum(noisy({2, 70000}), {1});
  check_sum(noisy({70000, 3}), {0});
  check_sum(noisy({3, 900, 600}), {1});
  check_sum(noisy({3, 900, 600}), {0, 2});
  check_sum(noisy({100000}, DType::Float64), {0});
}

TEST(shapes_of_sums) {
  const Tensor x = counting({2, 3});
  CHECK(sum(x, {}, false).dim() == 0 && sum(x, {}, true).sizes() == Dims({1, 1}));
  CHECK(sum(x, {-1}, false).sizes() == Dims({2}) && sum(x, {0}, true).sizes() == Dims({1, 3}));
  CHECK(values(sum(tensor_of({}, {5}), {0}, false)) == List({5}));
  CHECK(values(sum(counting({0}), {}, false)) == List({0}));
  CHECK(values(sum(counting({0, 2}), {0}, false)) == List({0, 0}));
  CHECK(sum(counting({0, 2}), {1}, false).sizes() == Dims({0}));
  CHECK(thrown_by([&] { sum(x, {0, -2}, false); }) == "dim 0 appears multiple times in the list of dims");
  CHECK(thrown_by([&] { sum(x, {3}, false); }) ==
        "Dimension out of range (expected to be in range of [-2, 1], but got 3)");
}

TEST(types_of_sums) {
  for (DType dtype : {DType::Bool, DType::UInt8, DType::Int16, DType::Int32, DType::Int64}) {
    const Tensor ones = full({300}, Scalar::of(int64_t{1}), dtype);
    CHECK(sum(ones, {}, false).dtype() == DType::Int64 && values(sum(ones, {}, false)) == List({300}));
    CHECK(prod(ones).dtype() == DType::Int64 && values(prod(ones)) == List({1}));
  }
  const Tensor x = counting({3}, DType::Int64);
  CHECK(sum(x, {}, false, DType::Float32).dtype() == DType::Float32);
  CHECK(sum(x, {}, false, DType::Int32).dtype() == DType::Int32);
  const Tensor many = full({1 << 20}, Scalar::of(0.1), DType::Float32);
  CHECK_NEAR(values(sum(many, {}, false, DType::Float64))[0], (1 << 20) * double(0.1f), 1e-6);
}

TEST(means) {
  const Tensor x = counting({2, 3});
  CHECK(values(mean(x, {}, false)) == List({2.5}) && values(mean(x, {0}, false)) == List({1.5, 2.5, 3.5}));
  CHECK(std::isnan(values(mean(counting({0}), {}, false))[0]));
  CHECK(thrown_by([] { mean(counting({2}, DType::Int64), {}, false); }) ==
        "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. "
        "Got: Long");
}

TEST(products) {
  CHECK(values(prod(tensor_of({2, 2}, {1, 2, 3, 4}))) == List({24}));
  CHECK(values(prod(counting({0}))) == List({1}));
  CHECK(values(prod(integers({3}, {-2, 3, 5}))) == List({-30}));
}

TEST(truths) {
  const Tensor x = tensor_of({2, 2}, {0, 0, 0, 7}), none = counting({0});
  CHECK(values(any(x, {}, false)) == List({1}) && values(any(x, {1}, false)) == List({0, 1}));
  CHECK(values(all(x, {}, false)) == List({0}) && values(all(x, {0}, false)) == List({0, 0}));
  CHECK(values(any(none, {}, false)) == List({0}) && values(all(none, {}, false)) == List({1}));
  CHECK(any(x, {}, false).dtype() == DType::Bool);
  const Tensor bytes = tensor_of({2}, {3, 2}, DType::UInt8);
  CHECK(all(bytes, {0}, false).dtype() == DType::UInt8 && values(all(bytes, {0}, false)) == List({1}));
}

TEST(running_sums) {
  const Tensor x = counting({2, 3});
  CHECK(values(cumsum(x, 1)) == List({0, 1, 3, 3, 7, 12}));
  CHECK(values(cumsum(x, 0)) == List({0, 1, 2, 3, 5, 7}));
  CHECK(values(cumsum(transpose(x, 0, 1), 0)) == List({0, 3, 1, 7, 3, 12}));
  CHECK(cumsum(tensor_of({2}, {1, 1}, DType::Bool), 0).dtype() == DType::Int64);
  CHECK(values(cumsum(tensor_of({}, {3}), 0)) == List({3}));
  CHECK(cumsum(counting({2, 0}), 0).sizes() == Dims({2, 0}));
  const Tensor wide = noisy({4, 300, 200});
  const List found = values(cumsum(wide, 1)), all = values(wide);
  double total = 0;
  for (int r = 0; r < 300; ++r) {
    total += all[static_cast<size_t>((2 * 300 + r) * 200 + 199)];
    CHECK_NEAR(found[static_cast<size_t>((2 * 300 + r) * 200 + 199)], total, 1e-6 * (1 + std::fabs(total)));
  }
}

TEST(sums_to_a_broadcast_shape) {
  const Tensor x = counting({2, 3});
  CHECK(sum_to(x, {2, 3}).is_same(x));
  CHECK(values(sum_to(x, {3})) == List({3, 5, 7}));
  CHECK(values(sum_to(x, {2, 1})) == List({3, 12}));
  CHECK(sum_to(x, {}).dim() == 0 && values(sum_to(x, {})) == List({15}));
  CHECK(sum_to(counting({1, 1, 3}), {3}).sizes() == Dims({3}));
  CHECK(values(sum_to(counting({0, 3}), {1, 3})) == List({0, 0, 0}));
}

TEST(results_do_not_depend_on_the_number_of_threads) {
  const Tensor x = noisy({1500, 300});
  const int before = cpu::num_threads();
  List alone[3], together[3];
  for (int threads : {1, 3}) {
    cpu::set_num_threads(threads);
    List* results = threads == 1 ? alone : together;
    results[0] = values(sum(x, {}, false));
    results[1] = values(sum(x, {0}, false));
    results[2] = values(var(x, {0}, 1, false));
  }
  cpu::set_num_threads(before);
  for (int i = 0; i < 3; ++i) CHECK(alone[i] == together[i]);
}

TEST(gradients_of_sums) {
  const Tensor x = some_doubles({2, 3, 2});
  CHECK_GRADIENTS([](const Tensors& in) { return sum(in[0], {}, false); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return sum(in[0], {0, 2}, false); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return sum(in[0], {1}, true); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return mean(in[0], {-1}, false); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return mean(in[0], {}, false); }, {some_doubles({})});
  CHECK_GRADIENTS([](const Tensors& in) { return cumsum(in[0], 1); }, {x});
  CHECK_GRADIENTS([](const Tensors& in) { return sum_to(in[0], {3, 1}); }, {x});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return square(sum(in[0], {1}, false)); }, {x});
}

TEST(gradients_of_products) {
  CHECK_GRADIENTS([](const Tensors& in) { return prod(in[0]); }, {some_doubles({5})});
  CHECK_GRADIENTS([](const Tensors& in) { return prod(in[0]); }, {doubles({4}, {2, 0, 3, -1})});
  CHECK_GRADIENTS([](const Tensors& in) { return prod(in[0]); }, {doubles({4}, {2, 0, 3, 0})});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return prod(in[0]); }, {some_doubles({4})});
}
