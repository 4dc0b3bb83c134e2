#include "check.h"
#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(joins_along_any_dimension) {
  const Tensor a = counting({2, 2}), b = tensor_of({2, 1}, {8, 9});
  CHECK(values(cat({a, b}, 1)) == List({0, 1, 8, 2, 3, 9}));
  CHECK(values(cat({a, transpose(a, 0, 1)}, -2)) == List({0, 1, 2, 3, 0, 2, 1, 3}));
  CHECK(values(cat({a, counting({0}), counting({0, 2})}, 0)) == values(a));
  CHECK(cat({counting({0}), counting({0})}, 0).sizes() == Dims({0}));
  CHECK(values(cat({expand(counting({1}), {2}), select(b, 1, 0)}, 0)) == List({0, 0, 8, 9}));
}

TEST(joins_of_mixed_types) {
  const Tensor out = cat({counting({2}, DType::Int64), tensor_of({1}, {0.5})}, 0);
  CHECK(out.dtype() == DType::Float32 && values(out) == List({0, 1, 0.5}));
  CHECK(cat({counting({0}), counting({2}, DType::Int64)}, 0).dtype() == DType::Float32);
}

TEST(errors_of_joining) {
  const Tensor x = counting({2, 3});
  CHECK(thrown_by([] { cat({}, 0); }) == "torch.cat(): expected a non-empty list of Tensors");
  CHECK(thrown_by([&] {
          cat({x, counting({2, 4})}, 0);
        }) ==
        "Sizes of tensors must match except in dimension 0. Expected size 3 but got size 4 for tensor number "
        "1 in the "
        "list.");
  CHECK(thrown_by([&] {
          cat({x, counting({3})}, 0);
        }) == "Tensors must have same number of dimensions: got 2 and 1");
  CHECK(thrown_by([&] {
          cat({counting({}), x}, 0);
        }) == "zero-dimensional tensor (at position 0) cannot be concatenated");
  CHECK(thrown_by([] { stack({}, 0); }) == "stack expects a non-empty TensorList");
  CHECK(thrown_by([&] {
          stack({x, counting({2})}, 0);
        }) == "stack expects each tensor to be equal size, but got [2, 3] at entry 0 and [2] at entry 1");
}

TEST(stacks) {
  const Tensor a = counting({2}), b = tensor_of({2}, {8, 9});
  CHECK(values(stack({a, b}, 0)) == List({0, 1, 8, 9}));
  CHECK(values(stack({a, b}, -1)) == List({0, 8, 1, 9}));
  CHECK(stack({counting({}), counting({})}, 0).sizes() == Dims({2}));
  CHECK(stack({counting({0, 2})}, 1).sizes() == Dims({0, 1, 2}));
}

TEST(gradients_of_joining) {
  const Tensor a = some_doubles({2, 3}), b = some_doubles({2, 2}, 2), c = some_doubles({2, 3}, 3);
  CHECK_GRADIENTS([](const Tensors& in) { return cat(in, 1); }, {a, b});
  CHECK_GRADIENTS(
      [](const Tensors& in) {
        return cat({in[0], zeros({0}, DType::Float64), in[1]}, 0);
      },
      {a, c});
  CHECK_GRADIENTS([](const Tensors& in) { return stack(in, 1); }, {a, c});
  CHECK_SECOND_GRADIENTS([](const Tensors& in) { return square(stack(in, 2)); }, {a, c});
}
