#include "check.h"
#include "ops/ops.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {
Scalar whole(int64_t value) { return Scalar::of(value); }
}  // namespace

TEST(full_and_zeros) {
  CHECK(values(full({2, 2}, Scalar::of(1.5), DType::Float32)) == List(4, 1.5));
  CHECK(values(full({2}, Scalar::of(true), DType::Bool)) == List(2, 1.0));
  CHECK(values(zeros({1000}, DType::Int16)) == List(1000, 0.0));
  CHECK(zeros({0, 3}).numel() == 0);
  CHECK(values(full({}, whole(3), DType::Int64)) == List{3});
}

TEST(zeros_like_keeps_the_layout) {
  const Tensor turned = transpose(counting({2, 3}, DType::Float64), 0, 1), zero = zeros_like(turned);
  CHECK(zero.strides() == turned.strides());
  CHECK(zero.dtype() == DType::Float64);
  CHECK(values(zero) == List(6, 0.0));
  CHECK(values(zeros_like(expand(counting({1}), {3}))) == List(3, 0.0));
}

TEST(arange_counts) {
  CHECK(values(arange(whole(0), whole(5), whole(2), DType::Int64)) == (List{0, 2, 4}));
  CHECK(values(arange(whole(5), whole(0), whole(-2), DType::Int64)) == (List{5, 3, 1}));
  CHECK(values(arange(Scalar::of(0.0), Scalar::of(1.0), Scalar::of(0.25), DType::Float32)) ==
        (List{0, 0.25, 0.5, 0.75}));
  CHECK(arange(whole(3), whole(3), whole(1), DType::Int64).numel() == 0);
  const int64_t big = (int64_t{1} << 62) + 1;
  CHECK(arange(whole(big), whole(big + 1), whole(1), DType::Int64).data<int64_t>()[0] == big);
  CHECK(thrown_by([] { arange(whole(0), whole(5), whole(0), DType::Int64); }) == "step must be nonzero");
  CHECK(thrown_by([] { arange(whole(0), whole(5), whole(-1), DType::Int64); }) ==
        "upper bound and lower bound inconsistent with step sign");
}

TEST(linspace_meets_both_ends) {
  CHECK(values(linspace(-1, 1, 5, DType::Float32)) == (List{-1, -0.5, 0, 0.5, 1}));
  CHECK(values(linspace(3, 7, 1, DType::Float32)) == (List{3}));
  const Tensor t = linspace(0, 0.3, 7, DType::Float64);
  CHECK(t.data<double>()[6] == 0.3);
  CHECK(thrown_by([] { linspace(0, 1, -1, DType::Float32); }) == "number of steps must be non-negative");
}

TEST(eye_is_the_identity) {
  CHECK(values(eye(2, 3, DType::Float32)) == (List{1, 0, 0, 0, 1, 0}));
  CHECK(values(eye(3, 2, DType::Int64)) == (List{1, 0, 0, 1, 0, 0}));
  CHECK(eye(0, 0, DType::Float32).numel() == 0);
}
