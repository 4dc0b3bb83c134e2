#include "tensor/iterator.h"

#include <string>
#include <vector>

#include "check.h"

using unroll::Dims;
using unroll::Iterator;

namespace {

char* address(int64_t offset) { return reinterpret_cast<char*>(offset); }

/** Offsets of operand k in the order walked, [begin, end). */
std::vector<int64_t> walk(const Iterator& iterator, int k, int64_t begin, int64_t end) {
  std::vector<int64_t> offsets;
  iterator.for_each_run(begin, end, [&](char* const* data, int64_t n) {
    for (int64_t i = 0; i < n; ++i)
      offsets.push_back(reinterpret_cast<int64_t>(data[k]) + i * iterator.inner_stride(k));
  });
  return offsets;
}

}  // namespace

TEST(contiguous_dimensions_become_one) {
  Iterator iterator(Dims{2, 3, 4});
  iterator.add(address(0), {2, 3, 4}, {12, 4, 1}, 4);
  iterator.add(address(0), {2, 3, 4}, {12, 4, 1}, 8);
  iterator.arrange();
  CHECK(iterator.rank() == 1);
  CHECK(iterator.size(0) == 24);
  CHECK(iterator.inner_stride(0) == 4);
  CHECK(iterator.inner_stride(1) == 8);
}

TEST(the_smallest_stride_runs_innermost) {
  Iterator iterator(Dims{3, 2});
  iterator.add(address(0), {3, 2}, {1, 3}, 1);
  iterator.add(address(0), {2}, {1}, 1);
  iterator.arrange();
  CHECK(walk(iterator, 0, 0, 6) == (std::vector<int64_t>{0, 1, 2, 3, 4, 5}));
  CHECK(walk(iterator, 1, 0, 6) == (std::vector<int64_t>{0, 0, 0, 1, 1, 1}));
}

TEST(pieces_make_up_the_whole) {
  Iterator iterator(Dims{2, 3, 4, 5});
  iterator.add(address(0), {2, 3, 4, 5}, {200, 50, 10, 2}, 1);
  iterator.add(address(0), {4, 1}, {1, 1}, 1);
  iterator.add(address(0), {}, {}, 1);
  iterator.arrange();
  for (int k = 0; k < 3; ++k) {
    const std::vector<int64_t> whole = walk(iterator, k, 0, 120);
    CHECK(whole.size() == 120);
    for (int64_t cut = 0; cut <= 120; ++cut) {
      std::vector<int64_t> parts = walk(iterator, k, 0, cut);
      const std::vector<int64_t> rest = walk(iterator, k, cut, 120);
      parts.insert(parts.end(), rest.begin(), rest.end());
      CHECK(parts == whole);
    }
  }
}

TEST(scalars_and_single_sizes) {
  Iterator scalar(Dims{});
  scalar.add(address(7), {}, {}, 4);
  scalar.arrange();
  CHECK(walk(scalar, 0, 0, 1) == std::vector<int64_t>{7});
  Iterator ones(Dims{1, 3, 1});
  ones.add(address(0), {1, 3, 1}, {99, 2, 77}, 1);
  ones.arrange();
  CHECK(ones.rank() == 1);
  CHECK(walk(ones, 0, 0, 3) == (std::vector<int64_t>{0, 2, 4}));
}

TEST(memory_order_names_the_outermost_first) {
  Iterator iterator(Dims{5, 3, 4});
  iterator.add(nullptr, {5, 3, 4}, {1, 20, 5}, 1);
  int order[unroll::kMaxDims];
  iterator.memory_order(order);
  CHECK(order[0] == 1 && order[1] == 2 && order[2] == 0);
}
