#include "gradcheck.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

TEST(where_broadcasts_and_promotes) {
  const Tensor condition = tensor_of({2, 1}, {1, 0}, DType::Bool);
  const Tensor out = where(condition, counting({3}), full({}, Scalar::of(9.0), DType::Float64));
  CHECK(out.dtype() == DType::Float32);
  CHECK(values(out) == (List{0, 1, 2, 9, 9, 9}));
  CHECK(where(condition, integers({1}, {1}), counting({1})).dtype() == DType::Float32);
  CHECK(thrown_by([] {
          where(counting({1}), counting({1}), counting({1}));
        }).starts_with("where expected condition to be a boolean tensor"));
}

TEST(what_is_not_chosen_does_not_count) {
  const Tensor condition = tensor_of({2}, {1, 0}, DType::Bool);
  const Tensor out = where(condition, counting({2}), tensor_of({2}, {NAN, 5}));
  CHECK(values(out) == (List{0, 5}));
}

TEST(masked_fill_fills) {
  const Tensor mask = tensor_of({2}, {0, 1}, DType::Bool);
  CHECK(values(masked_fill(counting({2, 2}), mask, Scalar::of(-1.0))) == (List{0, -1, 2, -1}));
  CHECK(masked_fill(counting({}), mask, Scalar::of(1.0)).sizes() == (Dims{2}));
  const Tensor t = counting({2, 2}, DType::Int64);
  masked_fill_(t, mask, Scalar::of(int64_t{7}));
  CHECK(values(t) == (List{0, 7, 2, 7}));
  masked_fill_(t, mask, Scalar::of(2.5));
  CHECK(values(t) == (List{0, 2, 2, 2}));
  CHECK(thrown_by([&] { masked_fill_(t, mask, Scalar::of(1e300)); }) ==
        "value cannot be converted to type int64_t without overflow");
  CHECK(thrown_by([&] { masked_fill(t, t, Scalar::of(int64_t{1})); }) ==
        "masked_fill_ only supports boolean masks, but got mask with dtype long int");
  CHECK(thrown_by([&] {
          masked_fill_(select(t, 0, 0), tensor_of({2, 2}, {1, 1, 1, 1}, DType::Bool), Scalar::of(int64_t{1}));
        }) == "output with shape [2] doesn't match the broadcast shape [2, 2]");
}

TEST(gradients_agree_with_differences) {
  const Tensor condition = tensor_of({2, 3}, {1, 0, 0, 1, 1, 0}, DType::Bool);
  const auto chosen = [&](const Tensors& in) { return mul(where(condition, in[0], in[1]), in[0]); };
  CHECK_GRADIENTS(chosen, {some_doubles({2, 3}), some_doubles({3}, 2)});
  CHECK_SECOND_GRADIENTS(chosen, {some_doubles({2, 3}), some_doubles({3}, 2)});
  CHECK_GRADIENTS([&](const Tensors& in) { return masked_fill(in[0], condition, Scalar::of(2.0)); },
                  {some_doubles({2, 3})});
  CHECK_GRADIENTS(
      [&](const Tensors& in) {
        const Tensor t = mul(in[0], in[0]);
        masked_fill_(select(t, 0, 1), select(condition, 0, 1), Scalar::of(0.0));
        return t;
      },
      {some_doubles({2, 3})});
}
