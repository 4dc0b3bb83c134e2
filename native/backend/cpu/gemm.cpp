#include "backend/cpu/gemm.h"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "backend/cpu/kernels/gemm.h"
#include "backend/cpu/threads.h"

namespace unroll::cpu {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
/** Multiply-adds below which another thread costs more than it brings. */
constexpr int64_t kWorkPerThread = 1 << 18;
/** Elements of B packed below which another thread costs more than it brings. */
constexpr int64_t kPackPerThread = 1 << 14;
/** Bytes of B that gemm packs at a time, where it has many rows. */
constexpr int64_t kPackedBytes = int64_t{2} << 20;

void run(const GemmTask<float>& task, void* scratch) { gemm_task_f32(task, scratch); }
void run(const GemmTask<double>& task, void* scratch) { gemm_task_f64(task, scratch); }
void run(const PackTask<float>& task) { pack_task_f32(task); }
void run(const PackTask<double>& task) { pack_task_f64(task); }

/**
 * Which way round this thread went through a packed matrix last. A matrix larger than the cache, used again
 * and again as a recurrent layer's weights are, leaves its last panels there: the next pass starts with them.
 */
class Turns {
 public:
  /** Forwards and backwards by turns for the same address. Two addresses may share a turn: that is only
   * slower. */
  bool next(const void* panels) {
    bool& turn = backwards_[(reinterpret_cast<uintptr_t>(panels) >> 6) % 61];
    return turn = !turn;
  }

 private:
  bool backwards_[61] = {};
};

template <class T>
void run_here(GemmTask<T> task) {
  thread_local AlignedBuffer scratch;
  thread_local Turns turns;
  task.backwards = turns.next(task.panels);
  run(task, scratch.reserve(static_cast<size_t>(kGemmScratchBytes<T>)));
}

/** C without a product: K = 0. */
template <class T>
void add_nothing(const GemmTask<T>& task) {
  const int64_t width = PackedMatrix<T>::panel_width();
  const int64_t first = task.panel_begin * width, last = std::min(task.N, task.panel_end * width);
  for (int64_t i = task.row_begin; i < task.row_end; ++i)
    for (int64_t j = first; j < last; ++j) {
      T& c = task.c[i * task.ldc + j];
      c = (task.accumulate ? c : T{0}) + (task.bias ? task.bias[j] : T{0});
    }
}

/** The task on the calling thread. */
template <class T>
void run_alone(const GemmTask<T>& task) {
  if (task.row_begin >= task.row_end || task.panel_begin >= task.panel_end) return;
  if (task.K == 0)
    add_nothing(task);
  else
    run_here(task);
}

/** How many parts rows and panels are cut into, one part a thread. */
struct Grid {
  int64_t rows, panels;
};

/** The grid whose largest part costs least: a part pays for packing its rows and for fetching its panels. */
Grid grid_for(int64_t rows, int64_t panels, int64_t threads) {
  Grid best{1, 1};
  int64_t best_cost = INT64_MAX;
  for (int64_t r = 1; r <= std::min(threads, rows); ++r) {
    const int64_t p = std::min(threads / r, panels);
    const int64_t cost = ((rows + r - 1) / r + 8) * ((panels + p - 1) / p + 1);
    if (cost < best_cost) {
      best_cost = cost;
      best = {r, p};
    }
  }
  return best;
}

/** The task on as many threads as its size pays for. */
template <class T>
void run_shared(const GemmTask<T>& task) {
  const int64_t rows = task.row_end - task.row_begin, panels = task.panel_end - task.panel_begin;
  const double work = static_cast<double>(rows) * static_cast<double>(panels) *
                      static_cast<double>(PackedMatrix<T>::panel_width()) * static_cast<double>(task.K);
  const double pays = std::min(work / static_cast<double>(kWorkPerThread), 4096.0);
  const int threads = pieces(static_cast<int64_t>(pays), 1);
  if (threads == 1 || rows == 0 || panels == 0) return run_alone(task);
  const Grid grid = grid_for(rows, panels, threads);
  const int64_t parts = grid.rows * grid.panels;
  parallel_for(0, parts, 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t r = i / grid.panels, p = i % grid.panels;
      GemmTask<T> part = task;
      part.row_begin = task.row_begin + rows * r / grid.rows;
      part.row_end = task.row_begin + rows * (r + 1) / grid.rows;
      part.panel_begin = task.panel_begin + panels * p / grid.panels;
      part.panel_end = task.panel_begin + panels * (p + 1) / grid.panels;
      run_alone(part);
    }
  });
}

template <class T>
GemmTask<T> packed_task(bool trans_a, int64_t M, int64_t N, int64_t K, const T* A, int64_t lda,
                        const PackedMatrix<T>& packed, T* C, int64_t ldc, bool accumulate, const T* bias) {
  if (packed.K() != K || packed.N() != N)
    throw std::invalid_argument("gemm_packed: the product needs B of " + std::to_string(K) + " x " +
                                std::to_string(N) + ", packed is " + std::to_string(packed.K()) + " x " +
                                std::to_string(packed.N()));
  GemmTask<T> task{};
  task.N = N;
  task.K = K;
  task.trans_a = trans_a;
  task.a = A;
  task.lda = lda;
  task.panels = packed.data();
  task.c = C;
  task.ldc = ldc;
  task.accumulate = accumulate;
  task.bias = bias;
  task.row_end = M;
  task.panel_end = packed.panels();
  return task;
}

}  // namespace

void AlignedBuffer::Free::operator()(void* memory) const { std::free(memory); }

void* AlignedBuffer::reserve(size_t bytes) {
  if (bytes <= capacity_) return memory_.get();
  const bool large = bytes >= kHugePage;
  const size_t alignment = large ? kHugePage : 64;
  const size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  memory_.reset();
  capacity_ = 0;
  memory_.reset(std::aligned_alloc(alignment, rounded));
  if (!memory_) throw std::bad_alloc();
#if defined(__linux__)
  // Only advice: large pages spare the address translation that packed panels would otherwise cost.
  if (large) madvise(memory_.get(), rounded, MADV_HUGEPAGE);
#endif
  capacity_ = rounded;
  return memory_.get();
}

template <class T>
int64_t PackedMatrix<T>::panel_width() {
  const int64_t vector_bytes = isa() == Isa::Avx512 ? 64 : isa() == Isa::Avx2 ? 32 : 16;
  return panel_columns(vector_bytes, sizeof(T));
}

template <class T>
T* PackedMatrix<T>::resize(int64_t K, int64_t N) {
  K_ = K;
  N_ = N;
  return static_cast<T*>(memory_.reserve(static_cast<size_t>(panels() * K * panel_width()) * sizeof(T)));
}

template <class T>
void pack_b(PackedMatrix<T>& packed, bool trans_b, int64_t K, int64_t N, const T* B, int64_t ldb) {
  T* const panels = packed.resize(K, N);
  const int64_t grain = (kPackPerThread - 1) / std::max<int64_t>(K * packed.panel_width(), 1) + 1;
  parallel_for(0, packed.panels(), grain, [&](int64_t first, int64_t last) {
    run(PackTask<T>{N, K, trans_b, B, ldb, panels, first, last});
  });
}

template <class T>
void gemm_packed(bool trans_a, int64_t M, int64_t N, int64_t K, const T* A, int64_t lda,
                 const PackedMatrix<T>& packed, T* C, int64_t ldc, bool accumulate, const T* bias) {
  run_shared(packed_task(trans_a, M, N, K, A, lda, packed, C, ldc, accumulate, bias));
}

template <class T>
void gemm_packed_rows(bool trans_a, int64_t row_begin, int64_t row_end, int64_t N, int64_t K, const T* A,
                      int64_t lda, const PackedMatrix<T>& packed, T* C, int64_t ldc, bool accumulate,
                      const T* bias) {
  GemmTask<T> task = packed_task(trans_a, row_end, N, K, A, lda, packed, C, ldc, accumulate, bias);
  task.row_begin = row_begin;
  run_alone(task);
}

template <class T>
void gemm_packed_panels(bool trans_a, int64_t M, int64_t panel_begin, int64_t panel_end, int64_t N, int64_t K,
                        const T* A, int64_t lda, const PackedMatrix<T>& packed, T* C, int64_t ldc,
                        bool accumulate, const T* bias) {
  GemmTask<T> task = packed_task(trans_a, M, N, K, A, lda, packed, C, ldc, accumulate, bias);
  task.panel_begin = panel_begin;
  task.panel_end = panel_end;
  run_alone(task);
}

template <class T>
void gemm(bool trans_a, bool trans_b, int64_t M, int64_t N, int64_t K, const T* A, int64_t lda, const T* B,
          int64_t ldb, T* C, int64_t ldc, bool accumulate, const T* bias) {
  if (M <= 0 || N <= 0) return;
  const int64_t width = PackedMatrix<T>::panel_width();
  if (M <= kMaxRows || K == 0) {
    // Few rows: each panel of B is read once, and packed, where that helps, by the thread that uses it.
    GemmTask<T> task{N,
                     K,
                     trans_a,
                     A,
                     lda,
                     nullptr,
                     trans_b,
                     B,
                     ldb,
                     C,
                     ldc,
                     accumulate,
                     bias,
                     0,
                     M,
                     0,
                     (N + width - 1) / width,
                     false};
    return run_shared(task);
  }
  // Many rows: a part of B that stays in the cache is packed by all threads, then used by all.
  thread_local PackedMatrix<T> packed;
  const int64_t panels = (N + width - 1) / width, row_bytes = width * static_cast<int64_t>(sizeof(T));
  const Split depths(K, panels * K * row_bytes <= kPackedBytes ? K : kMaxDepth);
  const Split parts(panels, std::max(kPackedBytes / (depths.size(0) * row_bytes), int64_t{1}));
  for (int64_t p = 0; p < parts.count; ++p) {
    const int64_t column = parts.begin(p) * width, columns = std::min(parts.size(p) * width, N - column);
    for (int64_t d = 0; d < depths.count; ++d) {
      const int64_t k = depths.begin(d), depth = depths.size(d);
      pack_b(packed, trans_b, depth, columns, B + (trans_b ? column * ldb + k : k * ldb + column), ldb);
      gemm_packed(trans_a, M, columns, depth, A + (trans_a ? k * lda : k), lda, packed, C + column, ldc,
                  accumulate || d > 0, bias && d == 0 ? bias + column : nullptr);
    }
  }
}

#define UNROLL_GEMM(T)                                                                                      \
  template class PackedMatrix<T>;                                                                           \
  template void pack_b(PackedMatrix<T>&, bool, int64_t, int64_t, const T*, int64_t);                        \
  template void gemm_packed(bool, int64_t, int64_t, int64_t, const T*, int64_t, const PackedMatrix<T>&, T*, \
                            int64_t, bool, const T*);                                                       \
  template void gemm_packed_rows(bool, int64_t, int64_t, int64_t, int64_t, const T*, int64_t,               \
                                 const PackedMatrix<T>&, T*, int64_t, bool, const T*);                      \
  template void gemm_packed_panels(bool, int64_t, int64_t, int64_t, int64_t, int64_t, const T*, int64_t,    \
                                   const PackedMatrix<T>&, T*, int64_t, bool, const T*);                    \
  template void gemm(bool, bool, int64_t, int64_t, int64_t, const T*, int64_t, const T*, int64_t, T*,       \
                     int64_t, bool, const T*);

UNROLL_GEMM(float)
UNROLL_GEMM(double)

}  // namespace unroll::cpu
