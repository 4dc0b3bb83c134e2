// Running products, extremes and log-sum-exps, each run by one thread in order.
#include <cmath>
#include <limits>

#include "backend/cpu/threads.h"
#include "backend/reduce.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 13;  // elements that make another thread worth waking

/** Calls run(first) for the place of every run's first element; the next lies `inner` further on. */
template <class F>
void for_each_line(const ReduceShape& s, F run) {
  parallel_for(0, s.outer * s.inner, kGrain / s.reduced + 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) run(i / s.inner * s.reduced * s.inner + i % s.inner);
  });
}

template <class T>
void products(const Tensor& out, const Tensor& in, const ReduceShape& s) {
  constexpr bool is_float = std::is_floating_point_v<T>;
  using Out = std::conditional_t<is_float, T, int64_t>;
  using Acc = std::conditional_t<is_float, double, uint64_t>;  // unsigned: wraps around
  const T* x = in.data<T>();
  Out* y = out.data<Out>();
  for_each_line(s, [&](int64_t at) {
    Acc product = 1;
    for (int64_t r = 0; r < s.reduced; ++r, at += s.inner)
      y[at] = static_cast<Out>(product *= static_cast<Acc>(x[at]));
  });
}

template <class T, bool largest>
void extremes(const Tensor& out, const Tensor& indices, const Tensor& in, const ReduceShape& s) {
  const T* x = in.data<T>();
  T* y = out.data<T>();
  int64_t* index = indices.data<int64_t>();
  for_each_line(s, [&](int64_t at) {
    T best = x[at];
    int64_t place = 0;
    for (int64_t r = 0; r < s.reduced; ++r, at += s.inner) {
      const bool is_nan = x[at] != x[at];
      if (is_nan || (best == best && (largest ? x[at] >= best : x[at] <= best))) {
        best = x[at];
        place = r;
      }
      y[at] = best;
      index[at] = place;
    }
  });
}

template <class T>
void log_sums(const Tensor& out, const Tensor& in, const ReduceShape& s) {
  const T* x = in.data<T>();
  T* y = out.data<T>();
  for_each_line(s, [&](int64_t at) {
    double total = -std::numeric_limits<double>::infinity();
    for (int64_t r = 0; r < s.reduced; ++r, at += s.inner) {
      const double next = static_cast<double>(x[at]);
      const double high = std::max(total, next), low = std::min(total, next);
      if (std::isnan(next) || std::isnan(total))
        total = std::numeric_limits<double>::quiet_NaN();
      else
        total = std::isinf(high) ? high : high + std::log1p(std::exp(low - high));
      y[at] = static_cast<T>(total);
    }
  });
}

void scan_cpu(Scan op, const Tensor& out, const Tensor& indices, const Tensor& in, const ReduceShape& s) {
  visit_computed(in.dtype(), [&](auto type) {
    using T = decltype(type);
    if (op == Scan::Prod) return products<T>(out, in, s);
    if (op == Scan::Max) return extremes<T, true>(out, indices, in, s);
    if (op == Scan::Min) return extremes<T, false>(out, indices, in, s);
    if constexpr (std::is_floating_point_v<T>) log_sums<T>(out, in, s);
  });
}

const KernelOn<DeviceType::Cpu> scan_on_cpu{scan_kernel, scan_cpu};

}  // namespace

}  // namespace unroll::cpu
