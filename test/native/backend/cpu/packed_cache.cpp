#include "backend/cpu/packed_cache.h"

#include "gradcheck.h"

using namespace unroll;

namespace {

/** Element (k, n) of a packed matrix. */
double at(const cpu::PackedMatrix<double>& packed, int64_t k, int64_t n) {
  const int64_t width = packed.panel_width();
  return packed.data()[(n / width * packed.K() + k) * width + n % width];
}

/** Whether `packed` is the right operand that `weight`, or its transpose, is. */
bool holds(const cpu::PackedMatrix<double>& packed, const Tensor& weight, bool transposed) {
  const Tensor w = contiguous(transposed ? transpose(weight, 0, 1) : weight);
  if (packed.K() != w.size(0) || packed.N() != w.size(1)) return false;
  for (int64_t k = 0; k < packed.K(); ++k)
    for (int64_t n = 0; n < packed.N(); ++n)
      if (at(packed, k, n) != w.data<double>()[k * packed.N() + n]) return false;
  return true;
}

}  // namespace

TEST(packs_any_layout_either_way) {
  const Tensor w = some_doubles({37, 21}, 1);
  for (const Tensor& weight : {w, transpose(w, 0, 1), slice(w, 0, 3, 30, 1), slice(w, 1, 1, 20, 2)})
    for (const bool transposed : {true, false})
      CHECK(holds(*cpu::packed_weight<double>(weight, transposed), weight, transposed));
}

TEST(packs_once_until_written) {
  const Tensor w = some_doubles({8, 4}, 1);
  const auto first = cpu::packed_weight<double>(w, true);
  CHECK(cpu::packed_weight<double>(w, true) == first);
  CHECK(cpu::packed_weight<double>(w, false) != first);
  // Written through an alias that autograd's version does not know of; `first` is still held, so it is left
  // alone.
  fill_(select(data_of(w), 0, 2), Scalar::of(7.0));
  const auto second = cpu::packed_weight<double>(w, true);
  CHECK(second != first);
  CHECK(holds(*second, w, true));
  CHECK(at(*first, 0, 2) != 7);
}

TEST(different_views_do_not_meet) {
  const Tensor w = some_doubles({8, 4}, 1);
  const auto top = cpu::packed_weight<double>(slice(w, 0, 0, 4, 1), true);
  const auto bottom = cpu::packed_weight<double>(slice(w, 0, 4, 8, 1), true);
  CHECK(top != bottom);
  CHECK(holds(*bottom, slice(w, 0, 4, 8, 1), true));
}

TEST(memory_of_the_dead_is_given_back) {
  cpu::empty_packed_cache();
  for (uint64_t i = 0; i < 50; ++i) cpu::packed_weight<double>(some_doubles({64, 64}, i), true);
  // The last one's storage lived while it was packed; all others were dropped by then.
  const int64_t one = cpu::empty_packed_cache();
  CHECK(one > 0 && one <= 2 * 64 * 64 * 8);
  CHECK(cpu::empty_packed_cache() == 0);
}
