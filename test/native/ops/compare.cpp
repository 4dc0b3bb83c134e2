#include "golden_pointwise.h"
#include "gradcheck.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(values_are_pytorchs) {
  check_binary({{"eq", eq}, {"ne", ne}, {"lt", lt}, {"le", le}, {"gt", gt}, {"ge", ge}});
  check_unary({{"isnan", unroll::isnan},
               {"isinf", unroll::isinf},
               {"isfinite", unroll::isfinite},
               {"logical_not", logical_not}});
}

TEST(mixed_types_compare_in_the_type_they_promote_to) {
  CHECK(values(lt(integers({2}, {1, 2}), tensor_of({}, {1.5}))) == (List{1, 0}));
  CHECK(values(eq(tensor_of({2}, {1, 0}, DType::Bool), integers({2}, {1, 2}))) == (List{1, 0}));
  CHECK(values(gt(tensor_of({2}, {200, 3}, DType::UInt8), tensor_of({1}, {-1}, DType::Int16))) ==
        (List{1, 1}));
}

TEST(bits) {
  const Tensor a = integers({2}, {6, -1}), b = integers({2}, {3, 8}), t = tensor_of({2}, {1, 0}, DType::Bool);
  CHECK(values(bitwise_and(a, b)) == (List{2, 8}));
  CHECK(values(bitwise_or(a, b)) == (List{7, -1}));
  CHECK(values(bitwise_xor(a, b)) == (List{5, -9}));
  CHECK(values(bitwise_not(a)) == (List{-7, 0}));
  CHECK(values(bitwise_not(t)) == (List{0, 1}));
  CHECK(values(bitwise_xor(t, tensor_of({2}, {1, 1}, DType::Bool))) == (List{0, 1}));
  CHECK(thrown_by([] { bitwise_and(counting({1}), counting({1})); }) ==
        "\"bitwise_and_cpu\" not implemented for 'Float'");
}

TEST(equal_compares_wholes) {
  CHECK(equal(counting({2, 3}), counting({2, 3})));
  CHECK(!equal(counting({2, 3}), counting({3, 2})));
  CHECK(!equal(counting({3}), tensor_of({3}, {0, 1, 3})));
  CHECK(equal(empty({0}), empty({0})));
  CHECK(!equal(tensor_of({1}, {golden::kNan}), tensor_of({1}, {golden::kNan})));
  CHECK(equal(counting({3}), integers({3}, {0, 1, 2})));
}
