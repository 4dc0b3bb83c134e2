// Every way operands come into a loop: flat, strided, broadcast, converted; and any number of threads.
#include "backend/cpu/threads.h"
#include "backend/kernels.h"
#include "check.h"
#include "values.h"

using namespace unroll;
using List = std::vector<double>;

namespace {

/** a + b by the definition. */
void check_sum(const Tensor& a, const Tensor& b) {
  const Tensor sum = add(a, b);
  const List x = values(expand(a, sum.sizes())), y = values(expand(b, sum.sizes())), found = values(sum);
  for (size_t i = 0; i < found.size(); ++i)
    if (found[i] != x[i] + y[i])
      return check::fail(__FILE__, __LINE__, text("sum of ", a.sizes(), " and ", b.sizes()));
}

}  // namespace

TEST(layouts_and_broadcasting) {
  const Tensor cube = counting({7, 13, 11}), flat = counting({1001});
  check_sum(cube, cube);
  check_sum(cube, permute(counting({11, 13, 7}), {2, 1, 0}));
  check_sum(permute(cube, {1, 2, 0}), counting({11, 1}));
  check_sum(slice(flat, 0, 3, 1000, 2), slice(flat, 0, 1, 998, 2));
  check_sum(counting({600, 1}), counting({1, 700}));
  check_sum(counting({2, 1, 600}), counting({3, 1}));
  check_sum(cube, counting({}));
  check_sum(counting({}), counting({}));
  check_sum(counting({1, 1}), counting({1}));
  check_sum(expand(counting({3, 1}), {3, 5}), counting({5}));
  CHECK(add(empty({3, 0}), empty({1, 0})).sizes() == (Dims{3, 0}));
}

TEST(every_dtype_with_every_other) {
  for (int i = 0; i < kDTypes; ++i)
    for (int j = 0; j < kDTypes; ++j) {
      const Tensor a = tensor_of({3, 1}, {0, 1, 1}, static_cast<DType>(i)),
                   b = tensor_of({2}, {0, 1}, static_cast<DType>(j));
      const bool is_or = i == 0 && j == 0;
      CHECK(values(add(a, b)) == (is_or ? List{0, 1, 1, 1, 1, 1} : List{0, 1, 1, 2, 1, 2}));
    }
}

TEST(results_are_converted_on_the_way_out) {
  const Tensor t = counting({1200}, DType::Int16), view = slice(t, 0, 0, 1200, 3);
  add_(view, full({400}, Scalar::of(int64_t{1}), DType::Int64));
  const List all = values(t);
  for (size_t i = 0; i < all.size(); ++i) CHECK(all[i] == static_cast<double>(i) + (i % 3 == 0 ? 1 : 0));
}

TEST(an_operand_may_be_the_output) {
  const Tensor t = counting({3000}), turned = transpose(counting({40, 50}), 0, 1);
  mul_(t, t);
  for (size_t i = 0; i < 3000; ++i)
    CHECK(values(slice(t, 0, static_cast<int64_t>(i), static_cast<int64_t>(i) + 1, 1))[0] ==
          static_cast<double>(i * i));
  const List before = values(turned);
  add_(turned, turned);
  const List after = values(turned);
  for (size_t i = 0; i < before.size(); ++i) CHECK(after[i] == 2 * before[i]);
}

TEST(the_number_of_threads_does_not_show) {
  const Tensor x = noisy({300007}), y = noisy({300007}, DType::Float32, 1);
  const auto all = [&] {
    return cat({tanh(x), unroll::exp(x), sigmoid(x), addcmul(x, y, y, 0.3), gelu(x, "tanh"),
                unroll::div(x, y), unroll::log(unroll::abs(x))},
               0);
  };
  const int before = cpu::num_threads();
  cpu::set_num_threads(1);
  const Tensor one = all();
  for (int threads : {2, 3, 7}) {
    cpu::set_num_threads(threads);
    CHECK(equal(all(), one));
  }
  cpu::set_num_threads(before);
}
