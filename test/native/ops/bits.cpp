#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using List = std::vector<double>;

TEST(values_are_pytorchs) {
  check_binary(
      {{"gcd", gcd}, {"lcm", lcm}, {"shift_left", bitwise_left_shift}, {"shift_right", bitwise_right_shift}});
  check_binary({{"copysign", unroll::copysign}});
}

TEST(shifts_of_narrow_types) {
  const Tensor bytes = tensor_of({3}, {200, 3, 255}, DType::UInt8),
               by = tensor_of({3}, {1, 9, 8}, DType::UInt8);
  CHECK(values(bitwise_right_shift(bytes, by)) == List({100, 0, 0}));
  CHECK(values(bitwise_left_shift(bytes, by)) == List({144, 0, 0}));
  const Tensor chars = tensor_of({2}, {-128, 64}, DType::Int8);
  CHECK(values(bitwise_right_shift(chars, tensor_of({2}, {1, 20}, DType::Int8))) == List({-64, 0}));
}

TEST(the_next_number) {
  const Tensor next = nextafter(doubles({2}, {1, 0}), doubles({2}, {2, -1}));
  CHECK(values(next)[0] == 1 + 0x1p-52 && values(next)[1] < 0);
  const Tensor x = doubles({1}, {1});
  set_requires_grad(x, true);
  CHECK(check::thrown_by([&] { backward({nextafter(x, doubles({1}, {2}))}, {Tensor()}, {}); }) ==
        "derivative for aten::nextafter is not implemented");
}

TEST(gradients_agree_with_differences) {
  CHECK_GRADIENTS([](const Tensors& in) { return unroll::copysign(in[0], in[1]); },
                  {some_doubles({2, 3}), some_doubles({3}, 2)});
}
