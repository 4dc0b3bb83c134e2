#include "tensor/dtype.h"

#include <limits>

#include "check.h"

using namespace unroll;

TEST(tensors_promote_as_pytorchs_do) {
  CHECK(promote_types(DType::UInt8, DType::Int16) == DType::Int16);
  CHECK(promote_types(DType::Int64, DType::Float32) == DType::Float32);
  CHECK(promote_types(DType::Bool, DType::Bool) == DType::Bool);
  CHECK(promote_types(DType::Float32, DType::Float64) == DType::Float64);
}

TEST(a_number_counts_only_in_a_higher_category) {
  CHECK(promote_types(DType::UInt8, Scalar::of(int64_t{300})) == DType::UInt8);
  CHECK(promote_types(DType::Bool, Scalar::of(int64_t{1})) == DType::Int64);
  CHECK(promote_types(DType::Int64, Scalar::of(0.5)) == DType::Float32);
  CHECK(promote_types(DType::Float64, Scalar::of(0.5)) == DType::Float64);
  CHECK(promote_types(DType::Float32, Scalar::of(true)) == DType::Float32);
}

TEST(integers_become_the_default_type) {
  set_default_dtype(DType::Float64);
  CHECK(floating_type(DType::Int64) == DType::Float64);
  CHECK(promote_types(DType::Int64, Scalar::of(0.5)) == DType::Float64);
  set_default_dtype(DType::Float32);
  CHECK(floating_type(DType::Bool) == DType::Float32);
  CHECK(floating_type(DType::Float16) == DType::Float16);
}

TEST(numbers_convert_without_overflow) {
  CHECK(Scalar::of(2.9).to_int() == 2);
  CHECK(Scalar::of(std::numeric_limits<int64_t>::max()).to_int() == std::numeric_limits<int64_t>::max());
  CHECK(!check::thrown_by([] { Scalar::of(1e300).to_int(); }).empty());
  CHECK(!check::thrown_by([] { Scalar::of(std::nan("")).to_int(); }).empty());
}

TEST(only_floating_types_are_visited) {
  CHECK(check::thrown_by([] { visit_floating(DType::Int64, "exp", [](auto) {}); }) ==
        "\"exp\" not implemented for 'Long'");
}
