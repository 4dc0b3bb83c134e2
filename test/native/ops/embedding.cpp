#include <cstring>

#include "backend/cpu/threads.h"
#include "gradcheck.h"

using namespace unroll;

namespace {

Tensor indices_of(const Dims& sizes, const std::vector<int64_t>& values, DType dtype = DType::Int64) {
  Tensor t = empty(sizes, DType::Int64);
  std::copy(values.begin(), values.end(), t.data<int64_t>());
  return to_dtype(t, dtype);
}

}  // namespace

TEST(takes_rows) {
  const Tensor weight = some_doubles({5, 3}, 1);
  for (const DType dtype : {DType::Int64, DType::Int32}) {
    const Tensor out = embedding(weight, indices_of({2, 2}, {4, 0, 4, 2}, dtype), -1);
    CHECK((out.sizes() == Dims{2, 2, 3}));
    const int64_t rows[] = {4, 0, 4, 2};
    for (int64_t i = 0; i < 4; ++i)
      for (int64_t j = 0; j < 3; ++j)
        CHECK(out.data<double>()[i * 3 + j] == weight.data<double>()[rows[i] * 3 + j]);
  }
  CHECK((embedding(weight, indices_of({}, {1}), -1).sizes() == Dims{3}));
  CHECK((embedding(weight, indices_of({0, 2}, {}), -1).sizes() == Dims{0, 2, 3}));
}

TEST(any_layout) {
  const Tensor weight = some_doubles({5, 3}, 1), index = indices_of({3, 2}, {4, 0, 1, 1, 2, 3});
  const Tensor out =
      embedding(transpose(contiguous(transpose(weight, 0, 1)), 0, 1), transpose(index, 0, 1), -1);
  CHECK(equal(out, transpose(embedding(weight, index, -1), 0, 1)));
}

TEST(gradients_add_up) {
  const Tensor index = indices_of({2, 3}, {1, 0, 1, 3, 1, 0});
  for (const int64_t padding : {-1, 1}) {
    const Tensor weight = some_doubles({4, 2}, 1);
    set_requires_grad(weight, true);
    const Tensor g = some_doubles({2, 3, 2}, 2);
    const Tensor found = grad({embedding(weight, index, padding)}, {g}, {weight}, {}, false)[0];
    double expected[8] = {};
    for (int64_t i = 0; i < 6; ++i)
      for (int64_t j = 0; j < 2; ++j) {
        const int64_t row = index.data<int64_t>()[i];
        if (row != padding) expected[row * 2 + j] += g.data<double>()[i * 2 + j];
      }
    for (int64_t k = 0; k < 8; ++k) CHECK_NEAR(found.data<double>()[k], expected[k], 1e-15);
  }
  CHECK_GRADIENTS([&](const Tensors& t) { return embedding(t[0], index, -1); }, {some_doubles({4, 2}, 1)});
  CHECK_SECOND_GRADIENTS([&](const Tensors& t) { return square(embedding(t[0], index, -1)); },
                         {some_doubles({4, 2}, 1)});
}

TEST(bits_do_not_depend_on_threads) {
  const int before = cpu::num_threads();
  const int64_t n = 3000, rows = 40, width = 130;
  Tensor index = empty({n}, DType::Int64);
  for (int64_t i = 0; i < n; ++i) index.data<int64_t>()[i] = i * i % rows;
  const Tensor weight = to_dtype(some_doubles({rows, width}, 1), DType::Float32);
  const Tensor g = to_dtype(some_doubles({n, width}, 2), DType::Float32);
  set_requires_grad(weight, true);
  Tensor expected;
  for (const int threads : {1, 2, 3, 8}) {
    cpu::set_num_threads(threads);
    const Tensor found = grad({embedding(weight, index, -1)}, {g}, {weight}, {}, false)[0];
    if (threads == 1) expected = found;
    CHECK(std::memcmp(found.raw_data(), expected.raw_data(), static_cast<size_t>(rows * width) * 4) == 0);
  }
  cpu::set_num_threads(before);
}

TEST(errors_are_pytorchs) {
  const Tensor weight = some_doubles({3, 2});
  const auto message = [&](const Tensor& w, const Tensor& i) {
    return check::thrown_by([&] { embedding(w, i, -1); });
  };
  CHECK(message(weight, indices_of({1}, {3})) == "index out of range in self");
  CHECK(message(weight, indices_of({1}, {-1}, DType::Int32)) == "index out of range in self");
  CHECK(message(some_doubles({3}), indices_of({1}, {1})) == "'weight' must be 2-D");
  CHECK(message(weight, indices_of({1}, {1}, DType::Int16)) ==
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but "
        "got "
        "torch.ShortTensor instead (while checking arguments for embedding)");
}
