// Matrix products of any strides.
#include "backend/products.h"

#include "backend/opencl/clblast.h"
#include "backend/opencl/launch.h"

namespace unroll::opencl {
namespace {

/** As products.cl has it; strides in elements. */
struct Product {
  int32_t m, n, k;
  int32_t a_batch, a_row, a_column;
  int32_t b_batch, b_row, b_column;
  int32_t out_batch, out_row;
};

void multiply(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out, bool accumulate) {
  ClDevice& device = device_of(out);
  const int d = out.dim() - 2;
  const int64_t batch = d ? out.size(0) : 1;
  const auto batch_stride = [&](const Tensor& t) { return d ? narrow(t.strides()[0]) : 0; };
  const Product p{narrow(out.sizes()[d]),
                  narrow(out.sizes()[d + 1]),
                  narrow(a.sizes()[d + 1]),
                  batch_stride(a),
                  narrow(a.strides()[d]),
                  narrow(a.strides()[d + 1]),
                  batch_stride(b),
                  narrow(b.strides()[d]),
                  narrow(b.strides()[d + 1]),
                  batch_stride(out),
                  narrow(out.sizes()[d] == 1 ? out.sizes()[d + 1] : out.strides()[d])};
  if (out.numel() == 0) return;
  UNROLL_CHECK_KIND(NotImplemented, out.dtype() != DType::Bool,
                    "\"addmm_impl_cpu_\" not implemented for 'Bool'");
  Options options(device, out.dtype());
  options.set("HAS_BIAS", bias.defined()).set("ACCUMULATE", accumulate);
  Launch launch(device, "products", "product", options);
  // Without elements to multiply there is no buffer: out's stands for it, from which nothing is read.
  launch.plain(p).tensor(p.k ? a : out).tensor(p.k ? b : out);
  if (bias.defined()) launch.tensor(bias);
  launch.tensor(out).run_tiles(p.n, p.m, batch);
}

/** Multiplications up to which a work-group for a few elements is faster than one for a block of many: there
 * are too few of these to fill a device. */
constexpr int64_t kFewest = int64_t{1} << 28;
constexpr int64_t kShortest = 32;  // of its sums

/** Whether both factors lie along k and are few enough, and then the product. */
bool multiply_dots(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out, bool accumulate) {
  const int64_t m = out.size(0), n = out.size(1), k = a.size(1);
  if (!is_floating(out.dtype()) || a.strides()[1] != 1 || b.strides()[0] != 1 || k < kShortest ||
      m * n * k > kFewest || m * n == 0)
    return false;
  ClDevice& device = device_of(out);
  Options options(device, out.dtype());
  options.set("HAS_BIAS", bias.defined()).set("ACCUMULATE", accumulate);
  Launch launch(device, "products", "dots", options);
  launch.integer(m).integer(n).integer(k);
  launch.integer(a.strides()[0]).integer(b.strides()[1]).integer(m == 1 ? n : out.strides()[0]);
  launch.tensor(a).tensor(b);
  if (bias.defined()) launch.tensor(bias);
  launch.tensor(out).run_dots(out.dtype(), (n + 3) / 4, m);
  return true;
}

void mm_opencl(const Tensor& a, const Tensor& b, const Tensor& bias, const Tensor& out, bool accumulate) {
  if (multiply_dots(a, b, bias, out, accumulate)) return;
  if (!multiply_by_clblast(a, b, bias, out, accumulate)) multiply(a, b, bias, out, accumulate);
}
void bmm_opencl(const Tensor& a, const Tensor& b, const Tensor& out) { multiply(a, b, {}, out, false); }

const KernelOn<DeviceType::OpenCl> mm_on_opencl{mm_kernel, mm_opencl};
const KernelOn<DeviceType::OpenCl> bmm_on_opencl{bmm_kernel, bmm_opencl};

}  // namespace
}  // namespace unroll::opencl
