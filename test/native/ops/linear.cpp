#include "gradcheck.h"

using namespace unroll;

namespace {

/** input · weight^T + bias written out, on rows. */
double expected(const Tensor& x, const Tensor& w, const Tensor& b, int64_t row, int64_t column) {
  const int64_t n = w.size(1);
  double sum = b.defined() ? b.data<double>()[b.numel() == 1 ? 0 : column] : 0;
  for (int64_t k = 0; k < n; ++k) sum += x.data<double>()[row * n + k] * w.data<double>()[column * n + k];
  return sum;
}

std::string message(const std::function<void()>& body) { return check::thrown_by(body); }

}  // namespace

TEST(rows_of_any_rank) {
  for (const Dims& sizes : {Dims{3}, Dims{4, 3}, Dims{2, 5, 3}, Dims{0, 3}, Dims{2, 2, 2, 3}})
    for (const Dims& bias_sizes : {Dims{7}, Dims{1}, Dims{0}}) {
      const Tensor x = some_doubles(sizes, 1), w = some_doubles({7, 3}, 2);
      const Tensor b = bias_sizes[0] ? some_doubles(bias_sizes, 3) : Tensor();
      const Tensor out = linear(x, w, b);
      Dims shape = sizes;
      shape[sizes.size() - 1] = 7;
      CHECK(out.sizes() == shape);
      for (int64_t i = 0; i < out.numel(); ++i)
        CHECK_NEAR(out.data<double>()[i], expected(x, w, b, i / 7, i % 7), 1e-14);
    }
}

TEST(input_and_weight_of_any_layout) {
  const Tensor x = some_doubles({4, 3}, 1), w = some_doubles({7, 3}, 2), b = some_doubles({7}, 3);
  const Tensor wanted = linear(x, w, b);
  const Tensor out = linear(transpose(contiguous(transpose(x, 0, 1)), 0, 1),
                            transpose(contiguous(transpose(w, 0, 1)), 0, 1), select(stack({b, b}, 1), 1, 0));
  for (int64_t i = 0; i < out.numel(); ++i)
    CHECK_NEAR(out.data<double>()[i], wanted.data<double>()[i], 1e-14);
}

TEST(gradients) {
  const auto layer = [](const Tensors& t) { return linear(t[0], t[1], t.size() > 2 ? t[2] : Tensor()); };
  for (const Dims& sizes : {Dims{3}, Dims{4, 3}, Dims{2, 2, 3}}) {
    CHECK_GRADIENTS(layer, {some_doubles(sizes, 1), some_doubles({5, 3}, 2), some_doubles({5}, 3)});
    CHECK_GRADIENTS(layer, {some_doubles(sizes, 1), some_doubles({5, 3}, 2)});
    CHECK_SECOND_GRADIENTS(layer, {some_doubles(sizes, 1), some_doubles({5, 3}, 2), some_doubles({5}, 3)});
  }
  CHECK_GRADIENTS(layer, {some_doubles({2, 3}, 1), some_doubles({5, 3}, 2), some_doubles({1}, 3)});
  CHECK_GRADIENTS(layer, {some_doubles({2, 3}, 1), some_doubles({3}, 2)});
  CHECK_GRADIENTS([&](const Tensors& t) { return linear(transpose(t[0], 0, 1), t[1], t[2]); },
                  {some_doubles({3, 4}, 1), some_doubles({5, 3}, 2), some_doubles({5}, 3)});
}

TEST(only_what_is_wanted) {
  const Tensor x = some_doubles({2, 3}, 1), w = some_doubles({4, 3}, 2), b = some_doubles({4}, 3);
  set_requires_grad(b, true);
  const Tensors grads = grad({linear(x, w, b)}, {some_doubles({2, 4}, 4)}, {b}, {}, false);
  const Tensor weights = some_doubles({2, 4}, 4);
  for (int64_t j = 0; j < 4; ++j)
    CHECK_NEAR(grads[0].data<double>()[j], weights.data<double>()[j] + weights.data<double>()[4 + j], 1e-14);
}

TEST(errors_are_pytorchs) {
  const auto d = [](const Dims& sizes) { return some_doubles(sizes); };
  CHECK(message([&] {
          linear(d({2, 3}), d({5, 4}), {});
        }) == "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
  CHECK(message([&] {
          linear(d({2, 2, 3}), d({5, 4}), {});
        }) == "mat1 and mat2 shapes cannot be multiplied (4x3 and 4x5)");
  CHECK(message([&] {
          linear(d({4}), d({5, 3}), d({5}));
        }) == "mat1 and mat2 shapes cannot be multiplied (1x4 and 3x5)");
  CHECK(message([&] {
          linear(d({2, 2, 3}), d({5, 3}), d({4}));
        }) ==
        "The expanded size of the tensor (5) must match the existing size (4) at non-singleton dimension 1.  "
        "Target "
        "sizes: [4, 5].  Tensor sizes: [4]");
  CHECK(message([&] {
          linear(d({}), d({5, 3}), {});
        }) == "both arguments to linear need to be at least 1D, but they are 0D and 2D");
  CHECK(message([&] {
          linear(d({2, 3}), d({5, 3, 2}), {});
        }) == "t() expects a tensor with <= 2 dimensions, but self is 3D");
  CHECK(message([&] {
          linear(d({2, 3}), to_dtype(d({5, 3}), DType::Float32), {});
        }) == "expected m1 and m2 to have the same dtype, but got: double != float");
  CHECK(message([&] {
          linear(d({2, 3}), d({5, 3}), to_dtype(d({5}), DType::Float32));
        }) == "self and mat2 must have the same dtype, but got Float and Double");
}
