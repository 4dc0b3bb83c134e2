#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(gathers) {
  const Tensor x = counting({2, 3});
  CHECK(values(gather(x, 1, integers({2, 2}, {2, 0, 1, 1}))) == List({2, 0, 4, 4}));
  CHECK(values(gather(x, 0, integers({1, 3}, {1, 0, 1}))) == List({3, 1, 5}));
  CHECK(values(gather(transpose(x, 0, 1), -2, integers({2, 1}, {2, 0}))) == List({2, 0}));
  CHECK(values(gather(x, 1, tensor_of({2, 1}, {2, 0}, DType::Int32))) == List({2, 3}));
  CHECK(gather(counting({}), 0, integers({}, {0})).dim() == 0);
  CHECK(values(gather(counting({3}), 0, integers({}, {2}))) == List({2}));
  CHECK(gather(x, 1, integers({2, 0}, {})).sizes() == Dims({2, 0}));
}

TEST(gathers_in_three_dimensions) {
  const Tensor x = noisy({5, 6, 7}), at = empty({5, 4, 7}, DType::Int64);
  for (int64_t i = 0; i < at.numel(); ++i) at.data<int64_t>()[i] = i * 5 % 6;
  const Tensor out = gather(x, 1, at);
  for (int64_t i = 0; i < at.numel(); ++i) {
    const int64_t a = i / 28, c = i % 7;
    CHECK(out.data<float>()[i] == x.data<float>()[(a * 6 + at.data<int64_t>()[i]) * 7 + c]);
  }
}

TEST(scatters) {
  const Tensor x = counting({2, 3}), v = tensor_of({2, 3}, {10, 20, 30, 40, 50, 60});
  CHECK(values(scatter(x, 1, integers({2, 2}, {2, 0, 1, 1}), v)) == List({20, 1, 10, 3, 50, 5}));
  CHECK(values(scatter_add(x, 1, integers({2, 2}, {2, 0, 1, 1}), v)) == List({20, 1, 12, 3, 94, 5}));
  CHECK(values(scatter(x, 0, integers({1, 2}, {1, 0}), v)) == List({0, 20, 2, 10, 4, 5}));
  CHECK(values(x) == List({0, 1, 2, 3, 4, 5}));
  CHECK(values(scatter(transpose(x, 0, 1), 0, integers({1, 1}, {2}), v)) == List({0, 3, 1, 4, 10, 5}));
  CHECK(values(scatter_add(counting({}), 0, integers({}, {0}), tensor_of({}, {5}))) == List({5}));
  CHECK(values(scatter_add(counting({2}, DType::Int64), 0, integers({3}, {1, 1, 0}),
                           integers({3}, {1, 2, 3}))) == List({3, 4}));
  CHECK(values(scatter(x, 0, integers({0, 3}, {}), v)) == values(x));
}

TEST(errors_of_gathering) {
  const Tensor x = counting({2, 3}), whole = counting({2, 3}, DType::Int64);
  CHECK(thrown_by([&] { gather(x, 0, integers({1}, {0})); }) ==
        "Index tensor must have the same number of dimensions as input tensor");
  CHECK(thrown_by([&] {
          gather(x, 0, integers({1, 1}, {5}));
        }) == "index 5 is out of bounds for dimension 0 with size 2");
  CHECK(thrown_by([&] {
          gather(x, 0, integers({1, 1}, {-1}));
        }) == "index -1 is out of bounds for dimension 0 with size 2");
  CHECK(thrown_by([&] {
          gather(x, 1, integers({3, 1}, {0, 0, 0}));
        }) ==
        "Size does not match at dimension 0 expected index [3, 1] to be no larger than self [2, 3] apart "
        "from dimension 1");
  CHECK(thrown_by([&] { gather(x, 1, x); }) == "gather(): Expected dtype int32/int64 for index");
  CHECK(thrown_by([&] {
          scatter(x, 0, integers({1, 1}, {0}), whole);
        }) == "scatter(): Expected self.dtype to be equal to src.dtype");
  CHECK(thrown_by([&] {
          scatter_add(x, 0, integers({1, 1}, {5}), x);
        }) == "index 5 is out of bounds for dimension 0 with size 2");
  CHECK(thrown_by([&] {
          scatter(x, 0, integers({1, 4}, {0, 0, 0, 0}), x);
        }) ==
        "Expected index [1, 4] to be no larger than self [2, 3] apart from dimension 0 and to be no larger "
        "size than src "
        "[2, 3]");
  CHECK(thrown_by([&] { scatter(x, 0, integers({1}, {0}), x); }) ==
        "Index tensor must have the same number of dimensions as self tensor");
}

TEST(gradients_of_gathering) {
  const Tensor x = some_doubles({2, 3}), v = some_doubles({3, 3}, 8);
  const Tensor at = integers({2, 2}, {2, 0, 1, 1}), distinct = integers({2, 2}, {2, 0, 1, 0});
  CHECK_GRADIENTS([&](const Tensors& in) { return gather(in[0], 1, at); }, {x});
  CHECK_GRADIENTS([&](const Tensors& in) { return scatter(in[0], 1, distinct, in[1]); }, {x, v});
  CHECK_GRADIENTS([&](const Tensors& in) { return scatter_add(in[0], 1, at, in[1]); }, {x, v});
  CHECK_GRADIENTS([&](const Tensors& in) { return scatter_add(in[0], 0, integers({}, {0}), in[1]); },
                  {some_doubles({2}), some_doubles({}, 3)});
  CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return square(gather(in[0], 1, at)); }, {x});
  CHECK_SECOND_GRADIENTS([&](const Tensors& in) { return square(scatter(in[0], 1, distinct, in[1])); },
                         {x, v});
}
