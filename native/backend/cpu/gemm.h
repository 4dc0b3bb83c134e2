// The matrix product, C[M][N] = op(A)[M][K] · op(B)[K][N], for float and double.
//
// All matrices lie row by row; ld is the distance between rows, in elements. op(A) is A[M][lda], or
// A[K][lda] transposed where trans_a; op(B) is B[K][ldb], or B[N][ldb] transposed where trans_b. With
// `accumulate` the product is added to C, else it replaces C; `bias` (length N, or null) is added to each
// row either way. C must not overlap the operands.
//
// An element of C is the same sequence of multiply-adds over k for the same K, whatever M, N, the number
// of threads and the way rows or panels are shared out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace unroll::cpu {

/** Uninitialised memory on a 64-byte boundary (2 MiB where large), kept while it suffices. */
class AlignedBuffer {
 public:
  /** At least `bytes`, their content undefined. Throws std::bad_alloc. */
  void* reserve(size_t bytes);
  void* data() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  std::unique_ptr<void, Free> memory_;
  size_t capacity_ = 0;
};

/**
 * op(B)[K][N] laid out for the product: panels of panel_width() columns, [panel][K][panel_width()], zeros
 * after column N. Filled by pack_b; packing again reuses the memory where it suffices.
 */
template <class T>
class PackedMatrix {
 public:
  int64_t K() const { return K_; }
  int64_t N() const { return N_; }
  /** Columns in a panel: two vectors of the instruction set in use. */
  static int64_t panel_width();
  /** ceil(N / panel_width()). */
  int64_t panels() const { return (N_ + panel_width() - 1) / panel_width(); }
  /** [panels()][K][panel_width()]. */
  const T* data() const { return static_cast<const T*>(memory_.data()); }

  /** Takes a shape and gives the memory to fill. */
  T* resize(int64_t K, int64_t N);

 private:
  int64_t K_ = 0, N_ = 0;
  AlignedBuffer memory_;
};

/** Packs op(B)[K][N], on all threads. */
template <class T>
void pack_b(PackedMatrix<T>& packed, bool trans_b, int64_t K, int64_t N, const T* B, int64_t ldb);

/** The product with B packed, on all threads. N and K must be the packed matrix's: std::invalid_argument. */
template <class T>
void gemm_packed(bool trans_a, int64_t M, int64_t N, int64_t K, const T* A, int64_t lda,
                 const PackedMatrix<T>& packed, T* C, int64_t ldc, bool accumulate, const T* bias = nullptr);

/**
 * Rows [row_begin, row_end) of gemm_packed, on the calling thread alone, with no barrier: for a team that
 * shares out rows within a parallel region of its own. A and C point at row 0.
 */
template <class T>
void gemm_packed_rows(bool trans_a, int64_t row_begin, int64_t row_end, int64_t N, int64_t K, const T* A,
                      int64_t lda, const PackedMatrix<T>& packed, T* C, int64_t ldc, bool accumulate,
                      const T* bias = nullptr);

/** The same for all M rows and the column panels [panel_begin, panel_end); A, C and bias point at 0. */
template <class T>
void gemm_packed_panels(bool trans_a, int64_t M, int64_t panel_begin, int64_t panel_end, int64_t N, int64_t K,
                        const T* A, int64_t lda, const PackedMatrix<T>& packed, T* C, int64_t ldc,
                        bool accumulate, const T* bias = nullptr);

/** The product of unpacked operands, on all threads where it is large enough to pay. */
template <class T>
void gemm(bool trans_a, bool trans_b, int64_t M, int64_t N, int64_t K, const T* A, int64_t lda, const T* B,
          int64_t ldb, T* C, int64_t ldc, bool accumulate, const T* bias = nullptr);

}  // namespace unroll::cpu
