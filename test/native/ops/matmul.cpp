#include <cstring>

#include "backend/cpu/threads.h"
#include "gradcheck.h"

using namespace unroll;

namespace {

/** Element (i, j) of the matrix at `offset` of a tensor of any strides. */
template <class T>
T at(const Tensor& t, int64_t offset, int64_t i, int64_t j) {
  const int d = t.dim();
  return t.data<T>()[offset + i * t.strides()[d - 2] + j * t.strides()[d - 1]];
}

/** Whether out (M, N) is a · b to the precision of T, summed in double; the matrices start at these offsets.
 */
template <class T>
bool is_product(const Tensor& a, int64_t a_offset, const Tensor& b, int64_t b_offset, const Tensor& out,
                int64_t out_offset) {
  const double precision = std::is_same_v<T, float> ? 1e-6 : std::is_same_v<T, double> ? 1e-14 : 0;
  for (int64_t i = 0; i < a.size(-2); ++i)
    for (int64_t j = 0; j < b.size(-1); ++j) {
      double sum = 0, terms = 0;
      for (int64_t k = 0; k < a.size(-1); ++k) {
        const double term = double(at<T>(a, a_offset, i, k)) * double(at<T>(b, b_offset, k, j));
        sum += term;
        terms += std::fabs(term);
      }
      if (!(std::fabs(double(at<T>(out, out_offset, i, j)) - sum) <= precision * (terms + 1))) return false;
    }
  return true;
}

Tensor floats(const Dims& sizes, uint64_t seed) {
  return to_dtype(some_doubles(sizes, seed), DType::Float32);
}

/** Matrices of one shape in every layout: as it is, transposed, with gaps, with reversed roles of both. */
Tensors layouts(int64_t rows, int64_t columns, uint64_t seed) {
  return {floats({rows, columns}, seed),
          transpose(floats({columns, rows}, seed), 0, 1),
          slice(slice(floats({rows + 2, columns + 3}, seed), 0, 1, rows + 1, 1), 1, 2, columns + 2, 1),
          slice(floats({rows, 2 * columns}, seed), 1, 0, 2 * columns, 2),
          transpose(slice(floats({columns, 2 * rows}, seed), 1, 0, 2 * rows, 2), 0, 1),
          expand(floats({1, columns}, seed), {rows, columns}),
          expand(floats({rows, 1}, seed), {rows, columns})};
}

std::string message(const std::function<void()>& body) { return check::thrown_by(body); }

}  // namespace

TEST(mm_takes_any_layout) {
  for (const Dims& shape : {Dims{1, 1, 1}, Dims{3, 5, 4}, Dims{17, 33, 19}, Dims{1, 40, 7}, Dims{40, 7, 1}})
    for (const Tensor& a : layouts(shape[0], shape[1], 1))
      for (const Tensor& b : layouts(shape[1], shape[2], 2)) {
        const Tensor out = mm(a, b);
        CHECK(out.is_contiguous());
        CHECK(is_product<float>(a, 0, b, 0, out, 0));
      }
}

TEST(mm_of_doubles_and_integers) {
  const Tensor a = some_doubles({7, 9}, 3), b = some_doubles({9, 5}, 4);
  CHECK(is_product<double>(a, 0, b, 0, mm(a, b), 0));
  for (const DType dtype : {DType::UInt8, DType::Int16, DType::Int32, DType::Int64}) {
    const Tensor i = to_dtype(abs(mul_scalar(a, Scalar::of(5.0))), dtype);
    const Tensor j = to_dtype(abs(mul_scalar(b, Scalar::of(5.0))), dtype), out = mm(i, j);
    CHECK(out.dtype() == dtype);
    if (dtype == DType::Int64) CHECK(is_product<int64_t>(i, 0, j, 0, out, 0));
    if (dtype == DType::Int32) CHECK(is_product<int32_t>(i, 0, j, 0, out, 0));
  }
}

TEST(empty_products) {
  CHECK((mm(floats({0, 4}, 1), floats({4, 5}, 2)).sizes() == Dims{0, 5}));
  const Tensor out = mm(floats({3, 0}, 1), floats({0, 5}, 2));
  CHECK((out.sizes() == Dims{3, 5}));
  for (int64_t i = 0; i < out.numel(); ++i) CHECK(out.data<float>()[i] == 0);
  CHECK((bmm(floats({0, 2, 3}, 1), floats({0, 3, 4}, 2)).sizes() == Dims{0, 2, 4}));
}

TEST(bmm_multiplies_each_matrix) {
  for (const Dims& shape : {Dims{1, 2, 3, 4}, Dims{6, 5, 7, 3}, Dims{2, 200, 170, 190}}) {
    const Tensor a = floats({shape[0], shape[1], shape[2]}, 5);
    for (const Tensor& b : {floats({shape[0], shape[2], shape[3]}, 6),
                            transpose(floats({shape[0], shape[3], shape[2]}, 6), 1, 2),
                            expand(floats({1, shape[2], shape[3]}, 6), {shape[0], shape[2], shape[3]})}) {
      const Tensor out = bmm(a, b);
      for (int64_t i = 0; i < shape[0]; ++i)
        CHECK(is_product<float>(a, i * a.strides()[0], b, i * b.strides()[0], out, i * out.strides()[0]));
    }
  }
}

TEST(matmul_of_all_ranks) {
  const auto sizes = [](const Dims& a, const Dims& b) { return matmul(floats(a, 1), floats(b, 2)).sizes(); };
  CHECK((sizes({3}, {3}) == Dims{}));
  CHECK((sizes({2, 3}, {3}) == Dims{2}));
  CHECK((sizes({3}, {3, 2}) == Dims{2}));
  CHECK((sizes({4, 2, 3}, {3}) == Dims{4, 2}));
  CHECK((sizes({4, 2, 3}, {3, 5}) == Dims{4, 2, 5}));
  CHECK((sizes({3}, {4, 3, 5}) == Dims{4, 5}));
  CHECK((sizes({2, 3}, {4, 3, 5}) == Dims{4, 2, 5}));
  CHECK((sizes({6, 1, 2, 3}, {4, 3, 5}) == Dims{6, 4, 2, 5}));
  CHECK((sizes({0, 2, 3}, {3, 5}) == Dims{0, 2, 5}));
  const Tensor a = floats({2, 1, 3, 4}, 1), b = floats({5, 4, 2}, 2), out = matmul(a, b);
  CHECK((out.sizes() == Dims{2, 5, 3, 2}));
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 5; ++j) CHECK(is_product<float>(a, i * 12, b, j * 8, out, (i * 5 + j) * 6));
}

TEST(addmm_adds_and_scales) {
  const Tensor a = some_doubles({3, 4}, 1), b = some_doubles({4, 5}, 2), product = mm(a, b);
  for (const Dims& shape : {Dims{5}, Dims{3, 5}, Dims{1}, Dims{3, 1}, Dims{}})
    for (const double beta : {1.0, 0.5})
      for (const double alpha : {1.0, -2.0}) {
        const Tensor t = some_doubles(shape, 3), out = addmm(t, a, b, beta, alpha);
        const Tensor expected = add(mul_scalar(t, Scalar::of(beta)), mul_scalar(product, Scalar::of(alpha)));
        for (int64_t i = 0; i < 15; ++i) CHECK_NEAR(out.data<double>()[i], expected.data<double>()[i], 1e-14);
      }
  // beta = 0: what t holds does not count, be it no number.
  const Tensor nothing = addmm(full({5}, Scalar::of(std::nan("")), DType::Float64), a, b, 0, 1);
  for (int64_t i = 0; i < 15; ++i) CHECK_NEAR(nothing.data<double>()[i], product.data<double>()[i], 1e-14);
}

TEST(gradients) {
  CHECK_GRADIENTS([](const Tensors& t) { return mm(t[0], t[1]); },
                  {some_doubles({3, 4}, 1), some_doubles({4, 2}, 2)});
  CHECK_GRADIENTS([](const Tensors& t) { return mm(transpose(t[0], 0, 1), transpose(t[1], 0, 1)); },
                  {some_doubles({4, 3}, 1), some_doubles({2, 4}, 2)});
  CHECK_GRADIENTS([](const Tensors& t) { return bmm(t[0], t[1]); },
                  {some_doubles({2, 3, 4}, 1), some_doubles({2, 4, 2}, 2)});
  CHECK_GRADIENTS([](const Tensors& t) { return addmm(t[0], t[1], t[2], 0.5, 2); },
                  {some_doubles({4}, 1), some_doubles({3, 2}, 2), some_doubles({2, 4}, 3)});
  for (const auto& [a, b] : std::vector<std::pair<Dims, Dims>>{{{3}, {3}},
                                                               {{2, 3}, {3}},
                                                               {{3}, {3, 2}},
                                                               {{2, 2, 3}, {3}},
                                                               {{2, 2, 3}, {3, 2}},
                                                               {{3}, {2, 3, 2}},
                                                               {{2, 3}, {2, 3, 2}},
                                                               {{2, 1, 2, 3}, {2, 3, 2}}})
    CHECK_GRADIENTS([](const Tensors& t) { return matmul(t[0], t[1]); },
                    {some_doubles(a, 1), some_doubles(b, 2)});
  CHECK_SECOND_GRADIENTS([](const Tensors& t) { return mm(t[0], t[1]); },
                         {some_doubles({3, 4}, 1), some_doubles({4, 2}, 2)});
  CHECK_SECOND_GRADIENTS([](const Tensors& t) { return bmm(t[0], t[1]); },
                         {some_doubles({2, 3, 2}, 1), some_doubles({2, 2, 2}, 2)});
}

TEST(bits_do_not_depend_on_threads) {
  const int before = cpu::num_threads();
  const Tensor a = floats({9, 120, 130}, 1), b = floats({9, 130, 110}, 2);
  cpu::set_num_threads(1);
  const Tensor expected = bmm(a, b);
  for (const int threads : {2, 3, 8}) {
    cpu::set_num_threads(threads);
    const Tensor out = bmm(a, b);
    CHECK(std::memcmp(out.raw_data(), expected.raw_data(), static_cast<size_t>(out.numel()) * 4) == 0);
  }
  cpu::set_num_threads(before);
}

TEST(errors_are_pytorchs) {
  const auto f = [](const Dims& sizes) { return floats(sizes, 1); };
  const auto d = [](const Dims& sizes) { return some_doubles(sizes); };
  CHECK(message([&] {
          mm(f({2, 3}), f({4, 5}));
        }) == "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
  CHECK(message([&] { mm(f({2, 3}), f({3})); }) == "mat2 must be a matrix");
  CHECK(message([&] { mm(f({2}), f({3, 3})); }) == "self must be a matrix");
  CHECK(message([&] {
          mm(f({2, 3}), d({3, 4}));
        }) == "expected m1 and m2 to have the same dtype, but got: float != double");
  const Tensor flags = full({2, 2}, Scalar::of(true), DType::Bool);
  CHECK(message([&] { mm(flags, flags); }) == "\"addmm_impl_cpu_\" not implemented for 'Bool'");
  CHECK(message([&] {
          bmm(f({2, 3, 4}), f({2, 5, 6}));
        }) == "Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 5].");
  CHECK(message([&] { bmm(f({2, 3}), f({3, 4, 6})); }) == "batch1 must be a 3D tensor");
  CHECK(message([&] { matmul(f({3}), f({4})); }) ==
        "inconsistent tensor size, expected tensor [3] and src [4] to have the same number of elements, but "
        "got 3 and 4 "
        "elements respectively");
  CHECK(message([&] { matmul(f({2, 3}), f({4})); }) == "size mismatch, got input (2), mat (2x3), vec (4)");
  CHECK(message([&] {
          matmul(f({3}), f({4, 2}));
        }) == "mat1 and mat2 shapes cannot be multiplied (1x3 and 4x2)");
  CHECK(message([&] { matmul(f({}), f({4})); }) ==
        "both arguments to matmul need to be at least 1D, but they are 0D and 1D");
  CHECK(message([&] {
          matmul(f({2, 3, 4}), f({3, 4, 5}));
        }) == "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0");
  CHECK(message([&] {
          matmul(f({2, 3, 4}), f({2, 5, 5}));
        }) == "Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 5].");
  CHECK(message([&] {
          matmul(f({2, 3, 4}), f({5, 5}));
        }) == "mat1 and mat2 shapes cannot be multiplied (6x4 and 5x5)");
  CHECK(message([&] {
          addmm(d({4}), f({2, 3}), f({3, 4}), 1, 1);
        }) == "self and mat2 must have the same dtype, but got Double and Float");
  CHECK(message([&] {
          addmm(f({5}), f({2, 3}), f({3, 4}), 1, 1);
        })
            .find("The expanded size of the tensor (4) must match "
                  "the existing size (5)") == 0);
}
