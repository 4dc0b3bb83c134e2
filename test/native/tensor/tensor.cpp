#include "tensor/tensor.h"

#include "check.h"

using namespace unroll;

TEST(fresh_tensors_are_contiguous_and_own_their_memory) {
  Tensor t = empty({2, 3});
  CHECK(t.is_contiguous() && t.is_dense() && t.numel() == 6 && t.storage().bytes() == 24);
  CHECK(reinterpret_cast<uintptr_t>(t.raw_data()) % 64 == 0);
  CHECK(t.is_leaf() && !t.requires_grad() && !t.grad().defined());
}

TEST(aliases_share_memory_and_version) {
  Tensor t = empty({4});
  Tensor tail = alias(t, {2}, {1}, 2);
  Tensor data = detached(t, false);
  t.data<float>()[3] = 5;
  CHECK(tail.data<float>()[1] == 5 && data.data<float>()[3] == 5);
  uint64_t writes = t.storage().writes();
  tail.mark_written();
  CHECK(t.version() == 1 && data.version() == 0 && t.storage().writes() == writes + 1);
  data.mark_written();
  CHECK(t.version() == 1 && data.version() == 1 && t.storage().writes() == writes + 2);
}

TEST(geometry_is_told_apart) {
  Tensor t = empty({2, 3});
  CHECK(alias(t, {3, 2}, {1, 3}, 0).is_dense() && !alias(t, {3, 2}, {1, 3}, 0).is_contiguous());
  CHECK(!alias(t, {2, 2}, {3, 1}, 0).is_dense());
  CHECK(!alias(t, {2, 4}, {3, 0}, 0).is_dense());
  CHECK(empty({0, 3}).is_contiguous() && empty({}).is_contiguous());
}

TEST(wrong_sizes_and_types_are_refused) {
  CHECK(check::thrown_by([] {
          empty({2, -1});
        }) == "Trying to create tensor with negative dimension -1: [2, -1]");
  CHECK(check::thrown_by([] { empty({2}).data<double>(); }).find("float32 tensor read as float64") !=
        std::string::npos);
}

TEST(memory_is_given_back) {
  int64_t before = cpu_device().memory().allocated;
  {
    Tensor t = empty({1000, 1000});
    CHECK(cpu_device().memory().allocated >= before + 4000000);
  }
  CHECK(cpu_device().memory().allocated == before);
  CHECK(cpu_device().memory().peak >= before + 4000000);
}
