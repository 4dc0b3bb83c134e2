// Rows are sorted one a thread, values beside their places.
#include "backend/sort.h"

#include <algorithm>
#include <vector>

#include "backend/cpu/threads.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 12;  // elements that make another thread worth waking

template <class T>
struct Entry {
  T value;
  int64_t index;
};

template <class T>
bool is_less(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    return a < b || (b != b && a == a);
  else
    return a < b;
}

/** Values first, then places: a total order, so that every sorting algorithm is a stable one. */
template <class T, bool descending>
bool stands_before(const Entry<T>& a, const Entry<T>& b) {
  if (descending ? is_less(b.value, a.value) : is_less(a.value, b.value)) return true;
  if (descending ? is_less(a.value, b.value) : is_less(b.value, a.value)) return false;
  return a.index < b.index;
}

template <class T, bool descending>
void sort_row(std::vector<Entry<T>>& row, int64_t k) {
  const auto end = row.end(), cut = row.begin() + k;
  if (cut != end && k > 0) std::nth_element(row.begin(), cut - 1, end, stands_before<T, descending>);
  std::sort(row.begin(), cut, stands_before<T, descending>);
}

template <class T>
void sort(const Tensor& values, const Tensor& indices, const Tensor& in, int64_t rows, int64_t n, int64_t k,
          bool descending) {
  const T* x = in.data<T>();
  T* value = values.data<T>();
  int64_t* index = indices.data<int64_t>();
  parallel_for(0, rows, kGrain / std::max<int64_t>(n, 1) + 1, [&](int64_t begin, int64_t end) {
    std::vector<Entry<T>> row(static_cast<size_t>(n));
    for (int64_t r = begin; r < end; ++r) {
      for (int64_t i = 0; i < n; ++i) row[static_cast<size_t>(i)] = {x[r * n + i], i};
      descending ? sort_row<T, true>(row, k) : sort_row<T, false>(row, k);
      for (int64_t i = 0; i < k; ++i) {
        value[r * k + i] = row[static_cast<size_t>(i)].value;
        index[r * k + i] = row[static_cast<size_t>(i)].index;
      }
    }
  });
}

void sort_cpu(const Tensor& values, const Tensor& indices, const Tensor& in, int64_t rows, int64_t n,
              int64_t k, bool descending) {
  visit_computed(in.dtype(),
                 [&](auto type) { sort<decltype(type)>(values, indices, in, rows, n, k, descending); });
}

template <class T>
void search(const Tensor& places, const Tensor& sorted, const Tensor& values, int64_t n, int64_t m,
            bool is_shared, bool right) {
  const T *rows = sorted.data<T>(), *wanted = values.data<T>();
  int64_t* place = places.data<int64_t>();
  parallel_for(0, values.numel(), kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const T* row = rows + (is_shared ? 0 : i / m * n);
      place[i] = (right ? std::upper_bound(row, row + n, wanted[i], is_less<T>)
                        : std::lower_bound(row, row + n, wanted[i], is_less<T>)) -
                 row;
    }
  });
}

void searchsorted_cpu(const Tensor& places, const Tensor& sorted, const Tensor& values, int64_t n, int64_t m,
                      bool is_shared, bool right) {
  visit_computed(sorted.dtype(),
                 [&](auto type) { search<decltype(type)>(places, sorted, values, n, m, is_shared, right); });
}

const KernelOn<DeviceType::Cpu> searchsorted_on_cpu{searchsorted_kernel, searchsorted_cpu};
const KernelOn<DeviceType::Cpu> sort_on_cpu{sort_kernel, sort_cpu};

}  // namespace

}  // namespace unroll::cpu
