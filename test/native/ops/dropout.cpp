#include <cstring>

#include "gradcheck.h"

using namespace unroll;

TEST(zeros_with_probability_p_and_scales) {
  Generator generator(1);
  const Tensor t = full({100, 100}, Scalar::of(3.0), DType::Float32), out = dropout(t, 0.2, true, generator);
  int64_t zeros_found = 0;
  for (int64_t i = 0; i < out.numel(); ++i) {
    const float v = out.data<float>()[i];
    zeros_found += v == 0;
    if (v != 0) CHECK_NEAR(v, 3 / 0.8, 1e-6);
  }
  // 10,000 draws: five standard deviations are 200.
  CHECK(std::llabs(zeros_found - 2000) < 200);
}

TEST(draws_what_the_generator_draws) {
  Generator one(5), two(5);
  const Tensor t = some_doubles({4, 6}, 1), out = dropout(t, 0.5, true, one);
  const Tensor mask = bernoulli_(empty({24}, DType::Float64), 0.5, two);
  for (int64_t i = 0; i < 24; ++i)
    CHECK(out.data<double>()[i] == t.data<double>()[i] * mask.data<double>()[i] / 0.5);
  CHECK(one.random() == two.random());
  // In the order of memory: a transposed tensor loses the same elements.
  Generator three(5);
  CHECK(equal(transpose(dropout(transpose(t, 0, 1), 0.5, true, three), 0, 1), out));
}

TEST(nothing_to_do) {
  Generator generator(1), untouched(1);
  const Tensor t = some_doubles({3}, 1);
  CHECK(dropout(t, 0.5, false, generator).is_same(t));
  CHECK(dropout(t, 0, true, generator).is_same(t));
  const Tensor none = dropout(t, 1, true, generator);
  for (int64_t i = 0; i < 3; ++i) CHECK(none.data<double>()[i] == 0);
  CHECK((dropout(some_doubles({0, 3}), 0.5, true, generator).sizes() == Dims{0, 3}));
  CHECK(generator.random() == untouched.random());
}

TEST(gradients) {
  CHECK_GRADIENTS(
      [](const Tensors& t) {
        Generator generator(9);
        return dropout(t[0], 0.4, true, generator);
      },
      {some_doubles({4, 5}, 1)});
}

TEST(errors_are_pytorchs) {
  Generator generator(1);
  CHECK(check::thrown_by([&] { dropout(some_doubles({3}), 1.5, true, generator); }) ==
        "dropout probability has to be between 0 and 1, but got 1.5");
  CHECK(check::thrown_by([&] {
          dropout(full({3}, Scalar::of(int64_t{1}), DType::Int64), 0.5, true, generator);
        }) == "result type Float can't be cast to the desired output type Long");
}
