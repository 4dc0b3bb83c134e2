#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using List = std::vector<double>;

namespace {

const List kStart{1, 2, 3}, kSource{4, 5, 6, 7};

List reduced(const char* how, bool include_self, DType dtype = DType::Float32) {
  return values(scatter_reduce(tensor_of({3}, kStart, dtype), 0, integers({4}, {0, 0, 2, 2}),
                               tensor_of({4}, kSource, dtype), how, include_self));
}

}  // namespace

TEST(every_way_of_combining) {
  CHECK(reduced("sum", true) == List({10, 2, 16}) && reduced("sum", false) == List({9, 2, 13}));
  CHECK(reduced("prod", true) == List({20, 2, 126}) && reduced("prod", false) == List({20, 2, 42}));
  CHECK(reduced("amax", true) == List({5, 2, 7}) && reduced("amin", true) == List({1, 2, 3}));
  CHECK(reduced("amin", false) == List({4, 2, 6}));
  CHECK(reduced("mean", false) == List({4.5, 2, 6.5}));
  CHECK(reduced("mean", true, DType::Int64) == List({3, 2, 5}));
  CHECK(reduced("amax", false, DType::Int64) == List({5, 2, 7}));
}

TEST(unknown_ways_are_refused) {
  CHECK(check::thrown_by([] { reduced("median", true); }) ==
        "reduce argument must be either sum, prod, mean, amax or amin, got median");
}

TEST(gradients_agree_with_differences) {
  const Tensor at = integers({2, 3}, {0, 1, 1, 2, 0, 2});
  for (const char* how : {"sum", "prod", "mean", "amax", "amin"})
    for (bool include_self : {true, false}) {
      CHECK_GRADIENTS(
          [&](const Tensors& in) { return scatter_reduce(in[0], 1, at, in[1], how, include_self); },
          {some_doubles({2, 3}), some_doubles({2, 4}, 2)});
      CHECK_SECOND_GRADIENTS(
          [&](const Tensors& in) {
            return scatter_reduce(mul(in[0], in[0]), 1, at, in[1], how, include_self);
          },
          {some_doubles({2, 3}), some_doubles({2, 4}, 2)}, 1e-4);
    }
  CHECK_GRADIENTS([&](const Tensors& in) { return scatter_reduce(in[0], 1, at, in[1], "prod", true); },
                  {some_doubles({2, 3}), doubles({2, 3}, {0, 2, 0, 3, 0, 0})});
}
