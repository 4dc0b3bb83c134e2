#include "tensor/dims.h"

namespace unroll {

std::ostream& operator<<(std::ostream& out, const Dims& dims) {
  out << '[';
  for (int i = 0; i < dims.size(); ++i) out << (i ? ", " : "") << dims[i];
  return out << ']';
}

int64_t numel_of(const Dims& sizes) {
  int64_t n = 1;
  for (int64_t s : sizes) {
    UNROLL_CHECK(!__builtin_mul_overflow(n, s, &n), "the number of elements of ", sizes, " overflows");
  }
  return n;
}

Dims contiguous_strides(const Dims& sizes) {
  Dims strides(sizes.size(), 1);
  for (int i = sizes.size() - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * std::max<int64_t>(sizes[i + 1], 1);
  return strides;
}

int wrap_dim(int64_t dim, int rank) {
  int64_t n = std::max(rank, 1);
  UNROLL_CHECK_KIND(Index, dim >= -n && dim < n, "Dimension out of range (expected to be in range of [", -n,
                    ", ", n - 1, "], but got ", dim, ")");
  return static_cast<int>(dim < 0 ? dim + n : dim);
}

Dims by_stride(const Dims& strides) {
  Dims order(strides.size(), 0);
  for (int i = 0; i < strides.size(); ++i) {
    int at = i;
    for (; at > 0 && strides[static_cast<int>(order[at - 1])] > strides[i]; --at) order[at] = order[at - 1];
    order[at] = i;
  }
  return order;
}

Dims broadcast_sizes(const Dims& a, const Dims& b) {
  int rank = std::max(a.size(), b.size());
  Dims out(rank, 1);
  for (int i = 1; i <= rank; ++i) {
    int64_t x = i <= a.size() ? a[a.size() - i] : 1;
    int64_t y = i <= b.size() ? b[b.size() - i] : 1;
    UNROLL_CHECK(x == y || x == 1 || y == 1, "The size of tensor a (", x,
                 ") must match the size of tensor b (", y, ") at non-singleton dimension ", rank - i);
    out[rank - i] = x == 1 ? y : x;
  }
  return out;
}

}  // namespace unroll
