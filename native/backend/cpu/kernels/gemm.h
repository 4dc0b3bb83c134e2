// One thread's share of a matrix product, and the packing of its right operand.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

namespace unroll::cpu {

/** Columns in a panel of packed B: two vectors of the instruction set with `vector_bytes` wide registers. */
static constexpr int64_t panel_columns(int64_t vector_bytes, int64_t element_bytes) {
  return 2 * vector_bytes / element_bytes;
}

/**
 * A rectangle of C[M][N] = op(A)[M][K] · B[K][N] (+ C where `accumulate`) (+ bias[N] on each row): rows
 * [row_begin, row_end) and column panels [panel_begin, panel_end). B is either packed, `panels` holding
 * [panel][K][panel columns], or (panels null) given as it lies, b[K][ldb], or [N][ldb] where trans_b.
 */
template <class T>
struct GemmTask {
  int64_t N, K;
  bool trans_a;
  const T* a;  // [M][lda], or [K][lda] where trans_a
  int64_t lda;
  const T* panels;
  bool trans_b;
  const T* b;
  int64_t ldb;
  T* c;  // [M][ldc]
  int64_t ldc;
  bool accumulate;
  const T* bias;  // [N] or null
  int64_t row_begin, row_end, panel_begin, panel_end;
  bool backwards;  // the last panel first: changes no result, but see gemm.cpp's Turns
};

/** Panels [panel_begin, panel_end) of B[K][N] to be laid into `panels`, zeros after column N. */
template <class T>
struct PackTask {
  int64_t N, K;
  bool trans_b;
  const T* b;
  int64_t ldb;
  T* panels;  // where panel 0 starts
  int64_t panel_begin, panel_end;
};

/** The longest stretch of k summed in registers; longer sums add up such stretches, equal in length. */
inline constexpr int64_t kMaxDepth = 512;
/** The most rows of A held packed at a time. */
inline constexpr int64_t kMaxRows = 128;

namespace {

/** A range cut into the fewest parts of at most `most`, which differ by one at most, the longer first. */
struct Split {
  int64_t total, count;
  Split(int64_t total, int64_t most) : total(total), count((total + most - 1) / most) {}
  int64_t begin(int64_t i) const {
    const int64_t longer = total % count;
    return total / count * i + (i < longer ? i : longer);
  }
  int64_t size(int64_t i) const { return begin(i + 1) - begin(i); }
};

}  // namespace

/** Bytes of scratch a GemmTask needs, 64-byte aligned: a packed block of A and one panel of B. */
template <class T>
inline constexpr int64_t kGemmScratchBytes =
    (kMaxRows + panel_columns(64, sizeof(T)) + 1) * kMaxDepth * static_cast<int64_t>(sizeof(T));

}  // namespace unroll::cpu

UNROLL_DISPATCH(void(const unroll::cpu::GemmTask<float>& task, void* scratch), gemm_task_f32)
UNROLL_DISPATCH(void(const unroll::cpu::GemmTask<double>& task, void* scratch), gemm_task_f64)
UNROLL_DISPATCH(void(const unroll::cpu::PackTask<float>& task), pack_task_f32)
UNROLL_DISPATCH(void(const unroll::cpu::PackTask<double>& task), pack_task_f64)
