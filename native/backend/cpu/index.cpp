// Advanced indexing on the processor: the index tensors become one list of offsets, and runs of elements are
// copied from or to them.
#include "backend/index.h"

#include <cstring>

#include "backend/cpu/threads.h"
#include "ops/ops.h"

namespace unroll::cpu {

namespace {

constexpr int64_t kGrain = 1 << 14;  // elements that make another thread worth waking
constexpr int64_t kRun = 256;        // elements of a run that one thread writes at a time

/** The offset from t's first element of every place the indices name. */
std::vector<int64_t> offsets_of(const Indexing& indexing) {
  std::vector<int64_t> offsets(static_cast<size_t>(indexing.count), 0);
  for (const Indexing::Indexed& d : indexing.indexed) {
    const int64_t* index = d.index.data<int64_t>();
    UNROLL_CHECK_KIND(Index, d.size > 0 || indexing.count == 0,
                      "index is out of bounds for dimension with size 0");
    for (int64_t i = 0; i < indexing.count; ++i) {
      int64_t at = index[i];
      if (at < 0 && !indexing.is_select) at += d.size;
      if (at < 0 || at >= d.size) [[unlikely]] {
        UNROLL_CHECK_KIND(Index, !indexing.is_select, "index out of range in self");
        fail(ErrorKind::Index, "index ", index[i], " is out of bounds for dimension ", d.dim, " with size ",
             d.size);
      }
      offsets[static_cast<size_t>(i)] += at * d.stride;
    }
  }
  return offsets;
}

/** The offsets of all elements of a geometry, row by row. */
std::vector<int64_t> offsets_of(const Dims& sizes, const Dims& strides) {
  std::vector<int64_t> offsets{0};
  for (int d = 0; d < sizes.size(); ++d) {
    std::vector<int64_t> deeper;
    deeper.reserve(offsets.size() * static_cast<size_t>(sizes[d]));
    for (int64_t offset : offsets)
      for (int64_t i = 0; i < sizes[d]; ++i) deeper.push_back(offset + i * strides[d]);
    offsets = std::move(deeper);
  }
  return offsets;
}

/** The places of an Indexing in one tensor: before[b] + at[i] + the offset of a. */
struct Places {
  std::vector<int64_t> before, at, after;
  int64_t run = 1;  // elements after the indexed dimensions
  bool is_dense;    // they lie side by side, and `after` is not filled

  explicit Places(const Indexing& indexing)
      : before(offsets_of(indexing.before_sizes, indexing.before_strides)), at(offsets_of(indexing)) {
    is_dense = true;
    for (int i = indexing.after_sizes.size() - 1; i >= 0; --i) {
      if (indexing.after_sizes[i] != 1) is_dense &= indexing.after_strides[i] == run;
      run *= indexing.after_sizes[i];
    }
    if (!is_dense) after = offsets_of(indexing.after_sizes, indexing.after_strides);
  }
};

/** Calls f(T{}) with an unsigned integer as large as the elements: copying looks at no values. */
template <class F>
void visit_size(DType dtype, F&& f) {
  switch (item_size(dtype)) {
    case 1:
      return f(uint8_t{});
    case 2:
      return f(uint16_t{});
    case 4:
      return f(uint32_t{});
    default:
      return f(uint64_t{});
  }
}

template <class T>
void read(T* out, const T* t, const Places& places) {
  const auto count = static_cast<int64_t>(places.at.size()),
             rows = static_cast<int64_t>(places.before.size()) * count;
  parallel_for(0, rows, kGrain / places.run + 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const T* from =
          t + places.before[static_cast<size_t>(row / count)] + places.at[static_cast<size_t>(row % count)];
      T* to = out + row * places.run;
      if (places.run == 1)
        *to = *from;
      else if (places.is_dense)
        std::memcpy(to, from, static_cast<size_t>(places.run) * sizeof(T));
      else
        for (int64_t a = 0; a < places.run; ++a) to[a] = from[places.after[static_cast<size_t>(a)]];
    }
  });
}

// Two indices may name one place: a thread takes some of the columns [before][after] and all the indices.
template <class T, class Store>
void write(T* t, const T* values, const Places& places, Store store) {
  const auto count = static_cast<int64_t>(places.at.size()),
             before = static_cast<int64_t>(places.before.size());
  const int64_t width = std::min(places.run, kRun), blocks = (places.run + width - 1) / width;
  parallel_for(0, before * blocks, kGrain / (count * width) + 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t b = task / blocks, first = task % blocks * width,
                    last = std::min(first + width, places.run);
      for (int64_t i = 0; i < count; ++i) {
        T* to = t + places.before[static_cast<size_t>(b)] + places.at[static_cast<size_t>(i)];
        const T* from = values + (b * count + i) * places.run;
        if (places.is_dense)
          for (int64_t a = first; a < last; ++a) store(to[a], from[a]);
        else
          for (int64_t a = first; a < last; ++a) store(to[places.after[static_cast<size_t>(a)]], from[a]);
      }
    }
  });
}

void index_cpu(const Tensor& out, const Tensor& t, const Indexing& indexing) {
  if (out.numel() == 0) return;
  const Places places(indexing);
  visit_size(t.dtype(), [&](auto word) {
    using T = decltype(word);
    read(reinterpret_cast<T*>(out.raw_data()), reinterpret_cast<const T*>(t.raw_data()), places);
  });
}

void index_put_cpu(const Tensor& t, const Tensor& values, const Indexing& indexing, bool accumulate) {
  if (values.numel() == 0) return;
  const Places places(indexing);
  if (!accumulate) {
    visit_size(t.dtype(), [&](auto word) {
      using T = decltype(word);
      write(reinterpret_cast<T*>(t.raw_data()), reinterpret_cast<const T*>(values.raw_data()), places,
            [](T& to, T from) { to = from; });
    });
    return;
  }
  visit_dtype(t.dtype(), [&](auto type) {
    using T = decltype(type);
    write(t.data<T>(), static_cast<const T*>(values.data<T>()), places, [](T& to, T from) {
      if constexpr (std::is_same_v<T, bool>)
        to = to || from;
      else
        to = static_cast<T>(to + from);
    });
  });
}

void nonzero_cpu(Tensor& places, const Tensor& t) {
  Tensor dense = t;
  if (!t.is_contiguous()) {
    dense = empty(t.sizes(), t.dtype(), t.device());
    copy_kernel(t.device_type(), dense, t);
  }
  visit_dtype(t.dtype(), [&](auto type) {
    using T = decltype(type);
    const T* x = dense.data<T>();
    int64_t count = 0;
    for (int64_t i = 0; i < t.numel(); ++i) count += x[i] != T{};
    places = empty({count, t.dim()}, DType::Int64, t.device());
    if (places.numel() == 0) return;
    int64_t* out = places.data<int64_t>();
    for (int64_t i = 0; i < t.numel(); ++i) {
      if (x[i] == T{}) continue;
      for (int64_t d = t.dim() - 1, rest = i; d >= 0; --d) {
        out[d] = rest % t.sizes()[static_cast<int>(d)];
        rest /= t.sizes()[static_cast<int>(d)];
      }
      out += t.dim();
    }
  });
}

void triangle_cpu(const Tensor& out, const Tensor& t, int64_t diagonal, bool lower) {
  if (t.numel() == 0) return;
  const int64_t rows = t.size(-2), columns = t.size(-1), item = item_size(t.dtype());
  const char* from = t.raw_data();
  char* to = out.raw_data();
  parallel_for(0, t.numel() / columns, kGrain / columns + 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      // Columns [0, border) are kept below the diagonal, [border, columns) above it.
      const int64_t first = row % rows + diagonal,
                    border = std::clamp<int64_t>(lower ? first + 1 : first, 0, columns);
      const auto left = static_cast<size_t>(border * item),
                 right = static_cast<size_t>((columns - border) * item);
      const char* source = from + row * columns * item;
      char* target = to + row * columns * item;
      if (lower) {
        std::memcpy(target, source, left);
        std::memset(target + left, 0, right);
      } else {
        std::memset(target, 0, left);
        std::memcpy(target + left, source + left, right);
      }
    }
  });
}

const KernelOn<DeviceType::Cpu> index_on_cpu{index_kernel, index_cpu};
const KernelOn<DeviceType::Cpu> index_put_on_cpu{index_put_kernel, index_put_cpu};
const KernelOn<DeviceType::Cpu> nonzero_on_cpu{nonzero_kernel, nonzero_cpu};
const KernelOn<DeviceType::Cpu> triangle_on_cpu{triangle_kernel, triangle_cpu};

}  // namespace

}  // namespace unroll::cpu
