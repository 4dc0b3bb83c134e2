#include "backend/cpu/threads.h"
#include "check.h"
#include "ops/ops.h"
#include "values.h"

using namespace unroll;
using List = std::vector<double>;

TEST(any_strides_to_any_strides) {
  const Tensor source = counting({9, 8, 7}), target = zeros({9, 14, 8});
  const Tensor into = slice(permute(target, {0, 2, 1}), 2, 0, 14, 2);
  copy_kernel(DeviceType::Cpu, into, source);
  CHECK(values(into) == values(source));
  copy_kernel(DeviceType::Cpu, into, select(source, 0, 3));
  CHECK(values(select(into, 0, 8)) == values(select(source, 0, 3)));
}

TEST(large_copies_are_shared_out) {
  const Tensor source = counting({700, 900}, DType::Float64), turned = transpose(source, 0, 1);
  for (int threads : {1, 2, 5}) {
    cpu::set_num_threads(threads);
    const Tensor plain = empty({700, 900}, DType::Float64), other = empty({900, 700});
    copy_kernel(DeviceType::Cpu, plain, source);
    copy_kernel(DeviceType::Cpu, other, turned);
    CHECK(equal(plain, source));
    CHECK(equal(to_dtype(other, DType::Float64), turned));
  }
}

TEST(every_dtype_converts_to_every_other) {
  const List small = {0, 1, 100};
  for (int i = 0; i < kDTypes; ++i)
    for (int j = 0; j < kDTypes; ++j) {
      const Tensor from = tensor_of({3}, small, static_cast<DType>(i)),
                   to = empty({3}, static_cast<DType>(j));
      copy_kernel(DeviceType::Cpu, to, from);
      CHECK(values(to) == (i == 0 || j == 0 ? List{0, 1, 1} : small));
    }
}

TEST(turned_dimensions_are_copied_in_tiles) {
  const Tensor cube = counting({19, 45, 33}, DType::Float64);
  for (const Dims& order : {Dims{2, 1, 0}, Dims{2, 0, 1}, Dims{1, 2, 0}, Dims{0, 2, 1}}) {
    const Tensor turned = permute(cube, order);
    for (int threads : {1, 3}) {
      cpu::set_num_threads(threads);
      const Tensor to = empty(turned.sizes());
      copy_kernel(DeviceType::Cpu, to, turned);
      CHECK(values(to) == values(turned));
    }
  }
}
