#include "backend/opencl/clblast.h"

#include <optional>

#include "backend/opencl/launch.h"
#include "backend/opencl/shared_library.h"
#include "ops/ops.h"

namespace unroll::opencl {

namespace {

/** Multiplications from which on its several launches pay. */
constexpr int64_t kLeastWork = int64_t{1} << 21;

// As its C interface (clblast_c.h) has them.
constexpr int kRowMajor = 101, kAsIs = 111, kTransposed = 112;
template <class T>
using Gemm = int (*)(int layout, int a_transpose, int b_transpose, size_t m, size_t n, size_t k, T alpha,
                     Memory a, size_t a_offset, size_t a_ld, Memory b, size_t b_offset, size_t b_ld, T beta,
                     Memory c, size_t c_offset, size_t c_ld, Queue* queue, Event* event, Memory scratch);
using ScratchSize = int (*)(int layout, int a_transpose, int b_transpose, size_t m, size_t n, size_t k,
                            size_t a_offset, size_t a_ld, size_t b_offset, size_t b_ld, size_t c_offset,
                            size_t c_ld, Queue* queue, size_t* bytes);

template <class T>
struct Precision {
  Gemm<T> gemm = nullptr;
  ScratchSize scratch_size = nullptr;
};

struct Library {
  Precision<float> single;
  Precision<double> twice;
  std::string absence;
};

Library load() {
  Library out;
  const SharedLibrary library("UNROLL_CLBLAST", "libclblast.so.1");
  if (!library.is_there())
    out.absence = "CLBlast (" + library.name() + ") is not installed";
  else if (!library.find("CLBlastSgemmWithTempBuffer", out.single.gemm) ||
           !library.find("CLBlastSGemmTempBufferSize", out.single.scratch_size) ||
           !library.find("CLBlastDgemmWithTempBuffer", out.twice.gemm) ||
           !library.find("CLBlastDGemmTempBufferSize", out.twice.scratch_size))
    out.absence = library.name() + " is not CLBlast 1.5 or later";
  return out;
}

const Library& library() {
  static const Library the_library = load();
  return the_library;
}

/** A matrix as BLAS has it. */
struct Operand {
  int transpose;
  size_t offset, ld;
};

std::optional<Operand> operand_of(const Tensor& t) {
  const int64_t rows = t.sizes()[0], columns = t.sizes()[1], down = t.strides()[0], across = t.strides()[1];
  const auto offset = static_cast<size_t>(t.offset());
  if (across == 1 && down >= columns) return Operand{kAsIs, offset, static_cast<size_t>(down)};
  if (down == 1 && across >= rows) return Operand{kTransposed, offset, static_cast<size_t>(across)};
  return {};
}

void check_clblast(int status) {
  UNROLL_CHECK(status == 0, "CLBlast: the matrix product failed (", status, ")");
}

template <class T>
void multiply(const Precision<T>& by, const Tensor& a, const Operand& at_a, const Tensor& b,
              const Operand& at_b, const Tensor& out, bool accumulate) {
  ClDevice& device = device_of(out);
  const auto m = static_cast<size_t>(out.sizes()[0]), n = static_cast<size_t>(out.sizes()[1]),
             k = static_cast<size_t>(a.sizes()[1]);
  const auto out_offset = static_cast<size_t>(out.offset()),
             out_ld = m == 1 ? n : static_cast<size_t>(out.strides()[0]);
  const auto memory = [](const Tensor& t) { return static_cast<Memory>(t.storage().block()); };
  Queue queue = device.queue();
  size_t bytes = 0;
  check_clblast(by.scratch_size(kRowMajor, at_a.transpose, at_b.transpose, m, n, k, at_a.offset, at_a.ld,
                                at_b.offset, at_b.ld, out_offset, out_ld, &queue, &bytes));
  // Ours, so that a steady step allocates nothing; the queue is in order, so that it may be let go of at
  // once.
  const Tensor scratch = empty({static_cast<int64_t>(bytes)}, DType::UInt8, device);
  ++device.counters.launches;
  check_clblast(by.gemm(kRowMajor, at_a.transpose, at_b.transpose, m, n, k, T{1}, memory(a), at_a.offset,
                        at_a.ld, memory(b), at_b.offset, at_b.ld, T(accumulate), memory(out), out_offset,
                        out_ld, &queue, nullptr, bytes ? memory(scratch) : nullptr));
}

}  // namespace

const std::string& why_no_clblast() { return library().absence; }

bool multiply_by_clblast(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out,
                         bool accumulate) {
  if (!is_floating(out.dtype()) || out.numel() * a.sizes()[1] < kLeastWork || !why_no_clblast().empty())
    return false;
  const std::optional<Operand> at_a = operand_of(a), at_b = operand_of(b);
  if (!at_a || !at_b || (bias.defined() && accumulate)) return false;
  if (bias.defined()) {
    copy_kernel(DeviceType::OpenCl, out, alias(bias, out.sizes(), {0, 1}, bias.offset()));
    accumulate = true;
  }
  if (out.dtype() == DType::Float32)
    multiply(library().single, a, *at_a, b, *at_b, out, accumulate);
  else
    multiply(library().twice, a, *at_a, b, *at_b, out, accumulate);
  return true;
}

}  // namespace unroll::opencl
