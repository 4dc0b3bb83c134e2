#include <cstring>

#include "backend/cpu/threads.h"
#include "gradcheck.h"

using namespace unroll;

namespace {

/** softmax or log_softmax of t over dim, element by element. */
bool is_softmax(const Tensor& t, int64_t dim, const Tensor& out, bool log, double tolerance) {
  const Tensor x = contiguous(to_dtype(transpose(t, dim, -1), DType::Float64));
  const Tensor y = contiguous(to_dtype(transpose(out, dim, -1), DType::Float64));
  const int64_t n = x.size(-1);
  for (int64_t r = 0; r < x.numel() / std::max<int64_t>(n, 1); ++r) {
    double top = -INFINITY, sum = 0;
    for (int64_t j = 0; j < n; ++j) top = std::max(top, x.data<double>()[r * n + j]);
    for (int64_t j = 0; j < n; ++j) sum += std::exp(x.data<double>()[r * n + j] - top);
    for (int64_t j = 0; j < n; ++j) {
      const double l = x.data<double>()[r * n + j] - top - std::log(sum), expected = log ? l : std::exp(l);
      if (!(std::fabs(y.data<double>()[r * n + j] - expected) <= tolerance * (1 + std::fabs(expected))))
        return false;
    }
  }
  return true;
}

}  // namespace

TEST(over_any_dimension) {
  for (const Dims& sizes : {Dims{7}, Dims{3, 65}, Dims{2, 1000}, Dims{4, 5, 6}, Dims{2, 3, 130}, Dims{1, 1}})
    for (int64_t dim = 0; dim < sizes.size(); ++dim) {
      const Tensor t = mul_scalar(some_doubles(sizes, 1), Scalar::of(20.0)), f = to_dtype(t, DType::Float32);
      CHECK(is_softmax(t, dim, softmax(t, dim), false, 1e-14));
      CHECK(is_softmax(t, dim - sizes.size(), log_softmax(t, dim - sizes.size()), true, 1e-14));
      CHECK(is_softmax(f, dim, softmax(f, dim), false, 1e-6));
      CHECK(is_softmax(f, dim, log_softmax(f, dim), true, 1e-6));
    }
}

TEST(layouts_and_edges) {
  const Tensor t = transpose(some_doubles({5, 4}, 1), 0, 1);
  CHECK(is_softmax(t, 1, softmax(t, 1), false, 1e-14));
  CHECK((softmax(some_doubles({2, 0}), 1).sizes() == Dims{2, 0}));
  CHECK((log_softmax(some_doubles({0, 3}), 1).sizes() == Dims{0, 3}));
  CHECK(softmax(some_doubles({}), 0).data<double>()[0] == 1);
  // Large logits do not overflow, and minus infinity is probability zero.
  const Tensor large = softmax(doubles({3}, {1000, -INFINITY, 1000}), 0);
  CHECK_NEAR(large.data<double>()[0], 0.5, 1e-15);
  CHECK(large.data<double>()[1] == 0);
  const Tensor nothing = softmax(doubles({2}, {-INFINITY, -INFINITY}), 0);
  CHECK(std::isnan(nothing.data<double>()[0]));
}

TEST(gradients) {
  for (const int64_t dim : {0, 1, 2})
    for (const auto& function : {softmax, log_softmax}) {
      CHECK_GRADIENTS([&](const Tensors& t) { return function(t[0], dim); }, {some_doubles({3, 4, 2}, 1)});
      CHECK_SECOND_GRADIENTS([&](const Tensors& t) { return function(t[0], dim); },
                             {some_doubles({3, 4, 2}, 1)});
    }
  CHECK_GRADIENTS([](const Tensors& t) { return softmax(transpose(t[0], 0, 1), 1); },
                  {some_doubles({3, 4}, 1)});
}

TEST(bits_do_not_depend_on_threads) {
  const int before = cpu::num_threads();
  for (const int64_t dim : {0, 1}) {
    Tensor expected;
    for (const int threads : {1, 2, 5}) {
      cpu::set_num_threads(threads);
      const Tensor t = to_dtype(some_doubles({300, 200}, 1), DType::Float32);
      const Tensor out = log_softmax(t, dim);
      if (threads == 1) expected = out;
      CHECK(std::memcmp(out.raw_data(), expected.raw_data(), static_cast<size_t>(out.numel()) * 4) == 0);
    }
  }
  cpu::set_num_threads(before);
}

TEST(errors_are_pytorchs) {
  const auto message = [](const std::function<void()>& body) { return check::thrown_by(body); };
  CHECK(message([] {
          softmax(some_doubles({2, 3}), 5);
        }) == "Dimension out of range (expected to be in range of [-2, 1], but got 5)");
  const Tensor integers = full({2, 3}, Scalar::of(int64_t{1}), DType::Int64);
  CHECK(message([&] { softmax(integers, 1); }) ==
        "\"softmax_lastdim_kernel_impl\" not implemented for 'Long'");
  CHECK(message([&] { log_softmax(integers, 1); }) ==
        "\"log_softmax_lastdim_kernel_impl\" not implemented for 'Long'");
}
