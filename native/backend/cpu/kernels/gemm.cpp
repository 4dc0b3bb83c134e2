// The matrix product's inner loops. A tile of C, up to kTileRows × two vectors, stays in registers while k
// runs: at each k the panel of B gives two vectors and packed A one broadcast number a row. An element of
// C is the same chain of multiply-adds whatever tile it falls into, so that cutting the work otherwise
// among threads changes no bit.
#include "backend/cpu/kernels/gemm.h"

#include <cstring>

namespace unroll::cpu::UNROLL_ISA {
namespace {

#if defined(UNROLL_ISA_avx512)
constexpr int kVectorBytes = 64;
constexpr int kTileRows = 14;  // 28 accumulators, 2 vectors of B, 1 of A, of 32 registers
#elif defined(UNROLL_ISA_avx2)
constexpr int kVectorBytes = 32;
constexpr int kTileRows = 6;  // 12 accumulators, 2 vectors of B, 1 of A, of 16 registers
#else
constexpr int kVectorBytes = 16;
constexpr int kTileRows = 4;  // without a fused multiply-add the product needs a register too
#endif

template <class T>
struct Lanes {
  static constexpr int count = kVectorBytes / static_cast<int>(sizeof(T));
  typedef T Vector __attribute__((vector_size(kVectorBytes)));
};
template <class T>
using Vector = typename Lanes<T>::Vector;
template <class T>
constexpr int64_t kPanel = panel_columns(kVectorBytes, sizeof(T));

template <class T>
[[gnu::always_inline]] inline Vector<T> load(const T* p) {
  Vector<T> v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
template <class T>
[[gnu::always_inline]] inline void store(T* p, Vector<T> v) {
  std::memcpy(p, &v, sizeof v);
}

int64_t min(int64_t a, int64_t b) { return a < b ? a : b; }
int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

/** What a tile is multiplied from and what it is added to. */
template <class T>
struct Tile {
  int64_t depth;
  const T* a;  // [depth][rows]
  const T* b;  // [depth][ldb]
  int64_t ldb;
  const char* ahead;  // what is fetched meanwhile: every kStretch steps `lines` cache lines, `apart` bytes
  int64_t lines, apart;
  T* c;  // [rows][ldc]
  int64_t ldc;
  bool accumulate;
  const T* bias;
};

/** Steps of k between prefetches. */
constexpr int64_t kStretch = 8;
/** Cache lines of a panel in a stretch. */
template <class T>
constexpr int64_t kStretchLines = kStretch * kPanel<T> * static_cast<int64_t>(sizeof(T)) / 64;
/** How far ahead a tile fetches its own panel. */
constexpr int64_t kAheadBytes = 4096;

template <class T, int rows, int vectors>
[[gnu::noinline]] void multiply(const Tile<T>& tile) {
  constexpr int lanes = Lanes<T>::count;
  const T* a = tile.a;
  const T* b = tile.b;
  const char* ahead = tile.ahead;
  const char* c_line = reinterpret_cast<const char*>(tile.c);
  const int64_t ldb = tile.ldb, c_step = tile.ldc * static_cast<int64_t>(sizeof(T));
  Vector<T> sum[rows][vectors] = {};
  const auto step = [&] {
    const Vector<T> b0 = load(b), b1 = load(b + (vectors - 1) * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      sum[i][0] += a[i] * b0;
      if constexpr (vectors == 2) sum[i][1] += a[i] * b1;
    }
    a += rows;
    b += ldb;
    asm volatile("" : "+r"(a), "+r"(b));  // keeps steps apart: mixed, they need more registers than there are
  };
  int64_t k = tile.depth;
  for (int64_t c_lines = rows; k >= kStretch; k -= kStretch, --c_lines) {
    // The next panel and the lines of C come one after another: all at once they would hold up B.
    for (int64_t line = 0; line < tile.lines; ++line, ahead += tile.apart) __builtin_prefetch(ahead);
    if (c_lines > 0) {
      __builtin_prefetch(c_line, 1);
      __builtin_prefetch(c_line + 2 * kVectorBytes - 1, 1);
      c_line += c_step;
    }
#pragma GCC unroll 8
    for (int64_t i = 0; i < kStretch; ++i) step();
  }
  for (; k > 0; --k) step();
  const auto each = [&](auto&& change) {
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      change(sum[i][0], i, 0);
      if constexpr (vectors == 2) change(sum[i][1], i, lanes);
    }
  };
  if (tile.bias) each([&](Vector<T>& v, int, int j) { v += load(tile.bias + j); });
  if (tile.accumulate) each([&](Vector<T>& v, int i, int j) { v += load(tile.c + i * tile.ldc + j); });
  each([&](Vector<T>& v, int i, int j) { store(tile.c + i * tile.ldc + j, v); });
}

/** multiply<T, rows, vectors> for rows known only now, 1 to kTileRows. */
template <class T, int vectors, int most = kTileRows>
void multiply(int64_t rows, const Tile<T>& tile) {
  if constexpr (most > 1)
    if (rows < most) return multiply<T, vectors, most - 1>(rows, tile);
  multiply<T, most, vectors>(tile);
}

/** The same where only the panel's first `columns` exist in C. */
template <class T>
void multiply_edge(int64_t rows, int64_t columns, Tile<T> tile) {
  constexpr int64_t width = kPanel<T>;
  T c[kTileRows * width] = {}, bias[width] = {};
  const size_t bytes = static_cast<size_t>(columns) * sizeof(T);
  T* const target = tile.c;
  const int64_t ldc = tile.ldc;
  if (tile.accumulate)
    for (int64_t i = 0; i < rows; ++i) std::memcpy(c + i * width, target + i * ldc, bytes);
  if (tile.bias) {
    std::memcpy(bias, tile.bias, bytes);
    tile.bias = bias;
  }
  tile.c = c;
  tile.ldc = width;
  if (columns <= Lanes<T>::count)
    multiply<T, 1>(rows, tile);
  else
    multiply<T, 2>(rows, tile);
  for (int64_t i = 0; i < rows; ++i) std::memcpy(target + i * ldc, c + i * width, bytes);
}

typedef float Four32 __attribute__((vector_size(16)));
typedef double Four64 __attribute__((vector_size(32)));
template <class T>
struct FourOf;
template <>
struct FourOf<float> {
  typedef Four32 Type;
};
template <>
struct FourOf<double> {
  typedef Four64 Type;
};

/** out[k][0..3] = the four rows' element k, k = 0..3; out's rows lie `stride` apart. */
template <class T>
[[gnu::always_inline]] inline void transpose_4x4(const T* const row[4], T* out, int64_t stride) {
  using Four = typename FourOf<T>::Type;
  Four r[4];
  for (int i = 0; i < 4; ++i) std::memcpy(&r[i], row[i], sizeof r[i]);
  const Four a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5),
             b = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5);
  const Four c = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7),
             d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
  r[0] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  r[1] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  r[2] = __builtin_shufflevector(c, d, 0, 1, 4, 5);
  r[3] = __builtin_shufflevector(c, d, 2, 3, 6, 7);
  for (int k = 0; k < 4; ++k) std::memcpy(out + k * stride, &r[k], sizeof r[k]);
}

/** out[depth][width] = rows[width][depth] transposed; missing rows (count < width) become zeros. */
template <class T>
void pack_transposed(const T* rows, int64_t ld, int64_t count, int64_t width, int64_t depth, T* out) {
  // One cache line of a row at a time: rows a power of two apart share a few sets of the cache.
  constexpr int64_t line = 64 / static_cast<int64_t>(sizeof(T));
  int64_t k = 0;
  if (count >= 4)
    for (; k + line <= depth; k += line)
      for (int64_t four = 0; four < count; four += 4) {
        const int64_t i = min(four, count - 4);  // the last four rows may overlap those before
        const T* row[4];
        for (int r = 0; r < 4; ++r) {
          row[r] = rows + (i + r) * ld + k;
          __builtin_prefetch(row[r] + 4 * line);
        }
        for (int64_t kk = k; kk < k + line; kk += 4) {
          transpose_4x4(row, out + kk * width + i, width);
          for (int r = 0; r < 4; ++r) row[r] += 4;
        }
      }
  for (; k < depth; ++k)
    for (int64_t i = 0; i < count; ++i) out[k * width + i] = rows[i * ld + k];
  if (count < width)
    for (k = 0; k < depth; ++k)
      for (int64_t i = count; i < width; ++i) out[k * width + i] = 0;
}

/** out[depth][width] = the first `width` of each of `depth` rows; columns from `count` on become zeros. */
template <class T>
void pack_rows(const T* rows, int64_t ld, int64_t count, int64_t width, int64_t depth, T* out) {
  if (count == kPanel<T> && width == count) {
    for (int64_t k = 0; k < depth; ++k) std::memcpy(out + k * width, rows + k * ld, sizeof(T) * kPanel<T>);
    return;
  }
  for (int64_t k = 0; k < depth; ++k) {
    for (int64_t i = 0; i < count; ++i) out[k * width + i] = rows[k * ld + i];
    for (int64_t i = count; i < width; ++i) out[k * width + i] = 0;
  }
}

/** out[depth][count] = the first `count` of each of `depth` rows, for a count the compiler must know to copy
 * it fast. */
template <class T, int most = kTileRows>
void pack_columns(const T* rows, int64_t ld, int64_t count, int64_t depth, T* out) {
  if constexpr (most > 1)
    if (count < most) return pack_columns<T, most - 1>(rows, ld, count, depth, out);
  for (int64_t k = 0; k < depth; ++k) std::memcpy(out + k * most, rows + k * ld, sizeof(T) * most);
}

/** Rows and columns of B[K][N] from (k, column) on, packed: out[depth][kPanel]. */
template <class T>
void pack_panel(const T* b, int64_t ldb, bool trans_b, int64_t N, int64_t k, int64_t column, int64_t depth,
                T* out) {
  const int64_t columns = min(kPanel<T>, N - column);
  if (trans_b)
    pack_transposed(b + column * ldb + k, ldb, columns, kPanel<T>, depth, out);
  else
    pack_rows(b + k * ldb + column, ldb, columns, kPanel<T>, depth, out);
}

/** Rows read one after another where as many lie side by side as there are panels or tiles. */
constexpr int64_t kPackedRows = 8;

template <class T>
void pack(const PackTask<T>& task) {
  // Few rows of all panels at a time, so that B is read as it lies.
  const int64_t stretch = task.trans_b ? task.K : kPackedRows;
  for (int64_t k = 0; k < task.K; k += stretch)
    for (int64_t p = task.panel_begin; p < task.panel_end; ++p)
      pack_panel(task.b, task.ldb, task.trans_b, task.N, k, p * kPanel<T>, min(stretch, task.K - k),
                 task.panels + (p * task.K + k) * kPanel<T>);
}

/** Rows of op(A) from `row` on and its columns from `k` on, packed tile after tile: [depth][rows of the
 * tile]. */
template <class T>
void pack_a(const GemmTask<T>& task, int64_t row, const Split& tiles, int64_t k, int64_t depth, T* out) {
  // Transposed, few rows of all tiles at a time, so that A is read as it lies.
  const int64_t stretch = task.trans_a ? kPackedRows : depth;
  for (int64_t d = 0; d < depth; d += stretch)
    for (int64_t t = 0; t < tiles.count; ++t) {
      const int64_t first = row + tiles.begin(t), rows = tiles.size(t);
      T* const tile = out + tiles.begin(t) * depth;
      if (task.trans_a)
        pack_columns(task.a + (k + d) * task.lda + first, task.lda, rows, min(stretch, depth - d),
                     tile + d * rows);
      else
        pack_transposed(task.a + first * task.lda + k, task.lda, rows, rows, depth, tile);
    }
}

/** What the tiles of one panel have in common: its part of B, and what to fetch while they are computed. */
template <class T>
Tile<T> panel_of_b(const GemmTask<T>& task, int64_t panel, int64_t next, int64_t k, int64_t depth,
                   int64_t tiles, T* packed_b) {
  constexpr int64_t width = kPanel<T>, bytes = static_cast<int64_t>(sizeof(T));
  const int64_t column = panel * width;
  Tile<T> tile{};
  tile.depth = depth;
  tile.ldb = width;
  if (task.panels) {
    // The tiles share the fetching of the next panel; a tile alone looks ahead within its own.
    tile.b = task.panels + (panel * task.K + k) * width;
    tile.ahead = tiles > 1 ? reinterpret_cast<const char*>(task.panels + (next * task.K + k) * width)
                           : reinterpret_cast<const char*>(tile.b) + kAheadBytes;
    tile.lines = divide_up(kStretchLines<T>, tiles);
    tile.apart = 64;
  } else if (tiles == 1 && !task.trans_b && column + width <= task.N) {
    tile.b = task.b + k * task.ldb + column;
    tile.ldb = task.ldb;
    tile.ahead = reinterpret_cast<const char*>(tile.b + 2 * kStretch * task.ldb);
    tile.lines = kStretch;
    tile.apart = task.ldb * bytes;
  } else {
    pack_panel(task.b, task.ldb, task.trans_b, task.N, k, column, depth, packed_b);
    tile.b = packed_b;
  }
  return tile;
}

template <class T>
void product(const GemmTask<T>& task, void* scratch) {
  constexpr int64_t width = kPanel<T>;
  T* const packed_b = static_cast<T*>(scratch);
  T* const packed_a = packed_b + kMaxDepth * width;
  const int64_t panels = task.panel_end - task.panel_begin;
  const Split depths(task.K, kMaxDepth), blocks(task.row_end - task.row_begin, kMaxRows);
  for (int64_t d = 0; d < depths.count; ++d) {
    const int64_t k = depths.begin(d), depth = depths.size(d);
    for (int64_t r = 0; r < blocks.count; ++r) {
      const int64_t row = task.row_begin + blocks.begin(r);
      const Split tiles(blocks.size(r), kTileRows);
      pack_a(task, row, tiles, k, depth, packed_a);
      const bool backwards = task.backwards != (r % 2 == 1);
      for (int64_t i = 0; i < panels; ++i) {
        const int64_t panel = backwards ? task.panel_end - 1 - i : task.panel_begin + i;
        const int64_t next = i + 1 == panels ? panel : backwards ? panel - 1 : panel + 1;
        const int64_t column = panel * width, columns = min(width, task.N - column);
        Tile<T> tile = panel_of_b(task, panel, next, k, depth, tiles.count, packed_b);
        const int64_t fetched = tile.lines * tile.apart * (depth / kStretch);
        tile.a = packed_a;
        tile.c = task.c + row * task.ldc + column;
        tile.ldc = task.ldc;
        tile.accumulate = task.accumulate || d > 0;
        tile.bias = task.bias && d == 0 ? task.bias + column : nullptr;
        for (int64_t t = 0; t < tiles.count; ++t) {
          const int64_t rows = tiles.size(t);
          if (columns == width)
            multiply<T, 2>(rows, tile);
          else
            multiply_edge(rows, columns, tile);
          tile.a += rows * depth;
          tile.c += rows * task.ldc;
          tile.ahead += fetched;
          if ((t + 1) * tile.lines >= kStretchLines<T>) tile.lines = 0;  // the next panel is there
        }
      }
    }
  }
}

}  // namespace

void gemm_task_f32(const GemmTask<float>& task, void* scratch) { product(task, scratch); }
void gemm_task_f64(const GemmTask<double>& task, void* scratch) { product(task, scratch); }
void pack_task_f32(const PackTask<float>& task) { pack(task); }
void pack_task_f64(const PackTask<double>& task) { pack(task); }

}  // namespace unroll::cpu::UNROLL_ISA
