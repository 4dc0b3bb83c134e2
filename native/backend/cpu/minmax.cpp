// The greatest or least element of each run and where it lies: NaN before all else, the first of equals.
#include <memory>

#include "backend/cpu/kernels/reduce.h"
#include "backend/cpu/threads.h"
#include "backend/reduce.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 15;  // elements that make another thread worth waking

template <class T>
struct Found {
  T value;
  int64_t index;
};

template <class T>
bool is_nan([[maybe_unused]] T v) {
  if constexpr (std::is_floating_point_v<T>)
    return v != v;
  else
    return false;
}

template <class T>
bool is_better(T a, T b, bool largest) {
  if (is_nan(a) || is_nan(b)) return is_nan(a) && !is_nan(b);
  return largest ? a > b : a < b;
}

/** Finds the value by vectors first and then the place where it stands; false where a NaN is among them. */
bool find_by_value(const float* x, int64_t n, bool largest, float* value) {
  return extreme_f32(x, n, largest, value);
}
bool find_by_value(const double* x, int64_t n, bool largest, double* value) {
  return extreme_f64(x, n, largest, value);
}

template <class T>
Found<T> extreme_of_row(const T* x, int64_t n, bool largest, bool wants_index) {
  if constexpr (std::is_floating_point_v<T>) {
    Found<T> found{x[0], 0};
    const bool has_nan = !find_by_value(x, n, largest, &found.value);
    if (!has_nan && !wants_index) return found;
    while (has_nan ? !is_nan(x[found.index]) : x[found.index] != found.value) ++found.index;
    found.value = x[found.index];
    return found;
  } else {
    Found<T> found{x[0], 0};
    for (int64_t i = 1; i < n; ++i)
      if (is_better(x[i], found.value, largest)) found = {x[i], i};
    return found;
  }
}

template <class T>
void extreme_of_columns(const T* x, int64_t rows, int64_t stride, int64_t columns, bool largest,
                        Found<T>* found) {
  for (int64_t c = 0; c < columns; ++c) found[c] = {x[c], 0};
  for (int64_t r = 1; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c)
      if (is_better(x[r * stride + c], found[c].value, largest)) found[c] = {x[r * stride + c], r};
}

template <class T>
void extreme(const Tensor& values, const Tensor& indices, const Tensor& in, const ReduceShape& s,
             bool largest) {
  const T* x = in.data<T>();
  T* value = values.defined() ? values.data<T>() : nullptr;
  int64_t* index = indices.defined() ? indices.data<int64_t>() : nullptr;
  const auto store = [&](int64_t at, const Found<T>& found) {
    if (value) value[at] = found.value;
    if (index) index[at] = found.index;
  };
  // Which element wins does not depend on where a run is cut, so the whole tensor may be split as threads
  // like.
  if (s.inner == 1 && s.outer == 1 && s.reduced >= 2 * kGrain) {
    const int n = pieces(s.reduced, kGrain);
    const std::unique_ptr<Found<T>[]> found(new Found<T>[static_cast<size_t>(n)]);
    parallel_for(0, n, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = s.reduced * i / n, last = s.reduced * (i + 1) / n;
        found[i] = extreme_of_row(x + first, last - first, largest, index);
        found[i].index += first;
      }
    });
    for (int i = 1; i < n; ++i)
      if (is_better(found[i].value, found[0].value, largest)) found[0] = found[i];
    return store(0, found[0]);
  }
  if (s.inner == 1) {
    parallel_for(0, s.outer, kGrain / s.reduced + 1, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row)
        store(row, extreme_of_row(x + row * s.reduced, s.reduced, largest, index));
    });
    return;
  }
  constexpr int64_t width = 128;
  const int64_t blocks = (s.inner + width - 1) / width;
  parallel_for(0, s.outer * blocks, kGrain / (s.reduced * std::min(width, s.inner) + 1) + 1,
               [&](int64_t begin, int64_t end) {
                 Found<T> found[width];
                 for (int64_t i = begin; i < end; ++i) {
                   const int64_t outer = i / blocks, column = i % blocks * width,
                                 columns = std::min(width, s.inner - column);
                   extreme_of_columns(x + outer * s.reduced * s.inner + column, s.reduced, s.inner, columns,
                                      largest, found);
                   for (int64_t c = 0; c < columns; ++c) store(outer * s.inner + column + c, found[c]);
                 }
               });
}

void extreme_cpu(const Tensor& values, const Tensor& indices, const Tensor& in, const ReduceShape& s,
                 bool largest) {
  if (s.outer * s.inner == 0) return;
  visit_computed(in.dtype(), [&](auto type) { extreme<decltype(type)>(values, indices, in, s, largest); });
}

const KernelOn<DeviceType::Cpu> extreme_on_cpu{extreme_kernel, extreme_cpu};

}  // namespace

}  // namespace unroll::cpu
