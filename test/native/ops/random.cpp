#include <algorithm>

#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {

/** A contiguous fill of n elements from a fresh generator: what every other layout must draw, too. */
template <class F>
List drawn(int64_t n, F fill) {
  Generator generator(1);
  Tensor t = empty({n});
  fill(t, generator);
  return values(t);
}

void uniform(const Tensor& t, Generator& g) { uniform_(t, 0, 1, g); }

}  // namespace

TEST(draws_in_the_order_of_memory) {
  const List flat = drawn(12, uniform);
  CHECK_NEAR(flat[0], 0.7576, 5e-5);  // PyTorch's with this seed
  CHECK_NEAR(flat[11], 0.5247, 5e-5);
  Generator generator(1);
  const Tensor memory = empty({4, 3});
  uniform_(transpose(memory, 0, 1), 0, 1, generator);
  CHECK(values(memory) == flat);
  generator.manual_seed(1);
  const Tensor spaced = zeros({4, 6});
  uniform_(slice(spaced, 1, 0, 6, 2), 0, 1, generator);
  CHECK(values(slice(spaced, 1, 0, 6, 2)) == flat);
  CHECK(values(slice(spaced, 1, 1, 6, 2)) == List(12, 0));
}

TEST(normals_by_blocks_only_where_contiguous) {
  const auto normal = [](const Tensor& t, Generator& g) { normal_(t, 0, 1, g); };
  const List blocks = drawn(40, normal);
  CHECK_NEAR(blocks[0], -1.5256, 5e-5);  // PyTorch's, with this seed
  Generator generator(1);
  const Tensor spaced = zeros({80});
  normal(slice(spaced, 0, 0, 80, 2), generator);
  CHECK_NEAR(values(spaced)[0], 0.6614, 5e-5);
  CHECK_NEAR(values(spaced)[2], 0.2669, 5e-5);
}

TEST(fills_of_every_type) {
  Generator generator(3);
  for (DType dtype :
       {DType::Bool, DType::UInt8, DType::Int32, DType::Int64, DType::Float32, DType::Float64}) {
    const List coins = values(bernoulli_(empty({200}, dtype), 0.3, generator));
    CHECK(std::all_of(coins.begin(), coins.end(), [](double v) { return v == 0 || v == 1; }));
    const double heads = std::count(coins.begin(), coins.end(), 1.0);
    CHECK(heads > 30 && heads < 90);
    const List dice = values(random_(empty({200}, dtype), 0, 2, generator));
    CHECK(*std::max_element(dice.begin(), dice.end()) == 1 &&
          *std::min_element(dice.begin(), dice.end()) == 0);
  }
  const List waits = values(exponential_(empty({1000}), 2, generator));
  CHECK(*std::min_element(waits.begin(), waits.end()) > 0);
  const Tensor p = tensor_of({2, 2}, {0, 1, 1, 0});
  CHECK(values(bernoulli(transpose(p, 0, 1), generator)) == List({0, 1, 1, 0}));
}

TEST(permutations_and_choices) {
  Generator generator(5);
  List order = values(randperm(100, generator));
  CHECK(!std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  CHECK(order == values(counting({100})));
  const Tensor weights = tensor_of({2, 3}, {0, 1, 0, 0, 0, 4});
  const Tensor chosen = multinomial(weights, 5, true, generator);
  CHECK(chosen.dtype() == DType::Int64 && chosen.sizes() == Dims({2, 5}));
  CHECK(values(chosen) == List({1, 1, 1, 1, 1, 2, 2, 2, 2, 2}));
  CHECK(multinomial(select(weights, 0, 0), 1, false, generator).sizes() == Dims({1}));
}

TEST(errors_of_drawing) {
  Generator g;
  const Tensor i = counting({3}, DType::Int64), x = counting({3});
  CHECK(thrown_by([&] { uniform_(i, 0, 1, g); }) == "\"check_uniform_bounds\" not implemented for 'Long'");
  CHECK(thrown_by([&] { normal_(i, 0, 1, g); }) == "\"normal_kernel_cpu\" not implemented for 'Long'");
  CHECK(thrown_by([&] { exponential_(i, 1, g); }) ==
        "Exponential distribution is a continuous probability distribution. dtype must be a floating point "
        "but you "
        "specified Long");
  CHECK(thrown_by([&] { bernoulli(i, g); }) == "\"bernoulli_tensor_cpu_p_\" not implemented for 'Long'");
  CHECK(thrown_by([&] { uniform_(x, 2, 1, g); }) ==
        "uniform_ expects to return a [from, to) range, but found from=2 > to=1");
  CHECK(thrown_by([&] { random_(x, 3, 3, g); }) ==
        "random_ expects 'from' to be less than 'to', but got from=3 >= to=3");
  CHECK(thrown_by([&] { randperm(-1, g); }) == "Trying to create tensor with negative dimension -1: [-1]");
  CHECK(thrown_by([&] { multinomial(counting({}), 1, true, g); }) == "prob_dist must be 1 or 2 dim");
  CHECK(thrown_by([&] { multinomial(i, 1, true, g); }) ==
        "multinomial only supports floating-point dtypes for input, got: Long");
  CHECK(thrown_by([&] { multinomial(x, 0, true, g); }) == "cannot sample n_sample <= 0 samples");
}

TEST(what_is_overwritten_gets_no_gradient) {
  Generator g;
  const Tensor leaf = some_doubles({4});
  set_requires_grad(leaf, true);
  CHECK(thrown_by([&] { uniform_(leaf, 0, 1, g); }) ==
        "a leaf Variable that requires grad is being used in an in-place operation.");
  const Tensor copy = clone(leaf);
  uniform_(copy, 0, 1, g);
  CHECK(copy.requires_grad());
  const Tensors found = grad({sum(copy, {}, false)}, {Tensor()}, {leaf}, {}, true);
  CHECK(!found[0].defined() || values(found[0]) == List(4, 0));
}
