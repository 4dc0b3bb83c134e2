#include "backend/cpu/gemm.h"

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "backend/cpu/isa.h"
#include "backend/cpu/threads.h"
#include "check.h"

using namespace unroll::cpu;

namespace {

struct Shape {
  int64_t M, N, K;
};

/** Numbers in [-1, 1) that do not repeat within any matrix here. */
template <class T>
std::vector<T> numbers(int64_t count, uint64_t seed) {
  std::vector<T> out(static_cast<size_t>(count));
  uint64_t state = seed * 2654435761u + 1;
  for (T& x : out) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x = static_cast<T>(static_cast<double>(state >> 11) / 4503599627370496.0 - 1.0);
  }
  return out;
}

/** One product, its operands with spare columns, and C with a border that must stay as it is. */
template <class T>
struct Case {
  bool trans_a, trans_b;
  Shape s;
  bool accumulate;
  int64_t lda, ldb, ldc;
  std::vector<T> a, b, c, bias;

  Case(bool trans_a, bool trans_b, Shape s, bool accumulate, bool with_bias, int64_t spare)
      : trans_a(trans_a), trans_b(trans_b), s(s), accumulate(accumulate) {
    lda = (trans_a ? s.M : s.K) + spare;
    ldb = (trans_b ? s.K : s.N) + 2 * spare;
    ldc = s.N + 3 * spare;
    a = numbers<T>((trans_a ? s.K : s.M) * lda, 1);
    b = numbers<T>((trans_b ? s.N : s.K) * ldb, 2);
    c = numbers<T>(s.M * ldc, 3);
    if (with_bias) bias = numbers<T>(s.N, 4);
  }
  const T* bias_or_null() const { return bias.empty() ? nullptr : bias.data(); }

  std::vector<T> whole() const {
    std::vector<T> out = c;
    gemm(trans_a, trans_b, s.M, s.N, s.K, a.data(), lda, b.data(), ldb, out.data(), ldc, accumulate,
         bias_or_null());
    return out;
  }
  PackedMatrix<T> packed() const {
    PackedMatrix<T> p;
    pack_b(p, trans_b, s.K, s.N, b.data(), ldb);
    return p;
  }
  std::vector<T> with(const PackedMatrix<T>& p) const {
    std::vector<T> out = c;
    gemm_packed(trans_a, s.M, s.N, s.K, a.data(), lda, p, out.data(), ldc, accumulate, bias_or_null());
    return out;
  }
};

/** Whether all bits are equal. */
template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

/** Whether `out` is what three loops in double give, within twice the error sums in T may have. */
template <class T>
bool right(const Case<T>& x, const std::vector<T>& out) {
  std::vector<T> expected = x.c;
  const double eps = std::is_same_v<T, float> ? 6e-8 : 1.2e-16;
  for (int64_t i = 0; i < x.s.M; ++i)
    for (int64_t j = 0; j < x.s.N; ++j) {
      const size_t at = static_cast<size_t>(i * x.ldc + j);
      double sum = (x.accumulate ? static_cast<double>(x.c[at]) : 0.0) +
                   (x.bias.empty() ? 0.0 : static_cast<double>(x.bias[static_cast<size_t>(j)]));
      double size = std::fabs(sum) + 1;
      for (int64_t k = 0; k < x.s.K; ++k) {
        const double a = x.a[static_cast<size_t>(x.trans_a ? k * x.lda + i : i * x.lda + k)];
        const double b = x.b[static_cast<size_t>(x.trans_b ? j * x.ldb + k : k * x.ldb + j)];
        sum += a * b;
        size += std::fabs(a * b);
      }
      if (!(std::fabs(static_cast<double>(out[at]) - sum) <= 2 * eps * (std::sqrt(x.s.K) + 3) * size))
        return false;
      expected[at] = out[at];
    }
  return same(expected, out);  // nothing else written
}

const std::vector<Shape> shapes = {{1, 1, 1},    {4, 4, 4},     {1, 33, 17},   {3, 64, 5},
                                   {6, 96, 40},  {7, 31, 129},  {13, 70, 64},  {20, 160, 50},
                                   {29, 65, 33}, {64, 48, 600}, {300, 72, 19}, {270, 40, 530}};

template <class T>
void every_kind() {
  for (Shape s : shapes)
    for (int kind = 0; kind < 16; ++kind) {
      Case<T> x(kind & 1, kind & 2, s, kind & 4, kind & 8, kind % 3);
      CHECK(right(x, x.whole()));
      CHECK(same(x.with(x.packed()), x.whole()));
    }
}

template <class T>
void every_team() {
  const int before = num_threads();
  for (Shape s : {Shape{6, 700, 300}, Shape{37, 513, 520}, Shape{300, 260, 130}, Shape{530, 33, 100}}) {
    for (bool trans : {false, true}) {
      Case<T> x(trans, !trans, s, trans, !trans, 1);
      set_num_threads(1);
      const std::vector<T> alone = x.whole();
      CHECK(right(x, alone));
      for (int threads : {1, 2, 3, 4, 8}) {
        set_num_threads(threads);
        CHECK(same(x.whole(), alone));
        const PackedMatrix<T> packed = x.packed();
        CHECK(same(x.with(packed), alone));
        // A team of our own: each thread its rows, then each thread its panels.
        std::vector<T> rows = x.c, panels = x.c;
#pragma omp parallel for num_threads(threads)
        for (int t = 0; t < threads; ++t) {
          gemm_packed_rows(x.trans_a, s.M * t / threads, s.M * (t + 1) / threads, s.N, s.K, x.a.data(), x.lda,
                           packed, rows.data(), x.ldc, x.accumulate, x.bias_or_null());
          gemm_packed_panels(x.trans_a, s.M, packed.panels() * t / threads,
                             packed.panels() * (t + 1) / threads, s.N, s.K, x.a.data(), x.lda, packed,
                             panels.data(), x.ldc, x.accumulate, x.bias_or_null());
        }
        CHECK(same(rows, alone));
        CHECK(same(panels, alone));
      }
    }
  }
  set_num_threads(before);
}

template <class T>
void nothing_to_sum() {
  for (int kind = 0; kind < 4; ++kind) {
    Case<T> x(false, false, {5, 40, 0}, kind & 1, kind & 2, 1);
    CHECK(right(x, x.whole()));
    CHECK(right(x, x.with(x.packed())));
  }
  for (Shape s : {Shape{0, 5, 3}, Shape{5, 0, 3}, Shape{0, 0, 0}}) {
    Case<T> x(false, true, s, false, false, 2);
    CHECK(same(x.whole(), x.c));
    CHECK(same(x.with(x.packed()), x.c));
  }
}

}  // namespace

TEST(float_products_of_every_kind_are_right) { every_kind<float>(); }
TEST(double_products_of_every_kind_are_right) { every_kind<double>(); }
TEST(float_products_do_not_hang_on_the_team) { every_team<float>(); }
TEST(double_products_do_not_hang_on_the_team) { every_team<double>(); }
TEST(empty_products) {
  nothing_to_sum<float>();
  nothing_to_sum<double>();
}

TEST(elements_are_chains_of_multiply_adds) {
  if (isa() == Isa::Baseline) return;  // no fused multiply-add there
  Case<float> x(false, true, {5, 70, 200}, true, true, 0);
  const std::vector<float> out = x.whole();
  bool equal = true;
  for (int64_t i = 0; i < x.s.M; ++i)
    for (int64_t j = 0; j < x.s.N; ++j) {
      float sum = 0;
      for (int64_t k = 0; k < x.s.K; ++k)
        sum = std::fma(x.a[static_cast<size_t>(i * x.lda + k)], x.b[static_cast<size_t>(j * x.ldb + k)], sum);
      const size_t at = static_cast<size_t>(i * x.ldc + j);
      equal = equal && out[at] == sum + x.bias[static_cast<size_t>(j)] + x.c[at];
    }
  CHECK(equal);
}

TEST(packing_again_reuses_the_memory) {
  Case<float> large(false, true, {4, 100, 90}, false, false, 0),
      small(false, false, {4, 60, 33}, false, false, 1);
  PackedMatrix<float> packed;
  pack_b(packed, true, 90, 100, large.b.data(), large.ldb);
  const float* memory = packed.data();
  pack_b(packed, false, 33, 60, small.b.data(), small.ldb);
  CHECK(packed.data() == memory);
  CHECK(same(small.with(packed), small.whole()));
}

TEST(packed_shape_is_checked) {
  Case<float> x(false, false, {2, 8, 3}, false, false, 0);
  const PackedMatrix<float> packed = x.packed();
  const std::string message =
      check::thrown_by([&] { gemm_packed(false, 2, 9, 3, x.a.data(), 3, packed, x.c.data(), 9, false); });
  CHECK(message == "gemm_packed: the product needs B of 3 x 9, packed is 3 x 8");
}

TEST(team_size_is_checked) {
  CHECK(check::thrown_by([] { set_num_threads(0); }) == "set_num_threads expects a positive integer, got 0");
}

// The instruction set is chosen once in a process: the others are tested in processes of their own.
TEST(every_instruction_set) {
  if (std::getenv("UNROLL_ISA")) return;
  for (const char* wanted : {"sse4", "avx2", "avx512"})
    CHECK(std::system((std::string("UNROLL_ISA=") + wanted + " /proc/$PPID/exe > /dev/null").c_str()) == 0);
  CHECK(std::system("UNROLL_ISA=mmx /proc/$PPID/exe 2>&1 | grep -q \"not 'mmx'\"") == 0);
}
