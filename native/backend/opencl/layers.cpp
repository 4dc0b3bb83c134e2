// Softmax, the losses over class indices, and rows by index.
#include "backend/layers.h"

#include "backend/index.h"
#include "backend/opencl/launch.h"

namespace unroll::opencl {
namespace {

struct Runs {
  int64_t count = 1, n = 1, inner = 1;
  Runs(const Tensor& t, int dim) {
    for (int i = 0; i < t.dim(); ++i) (i < dim ? count : i == dim ? n : inner) *= t.sizes()[i];
    count *= inner;
  }
};

void softmax_opencl(const Tensor& in, const Tensor& out, int dim, bool log) {
  ClDevice& device = device_of(in);
  const Runs runs(in, dim);
  count_of(in);
  Launch(device, "softmax", "softmax", Options(device, in.dtype()).set("IS_LOG", log))
      .integer(runs.n)
      .integer(runs.inner)
      .tensor(in)
      .tensor(out)
      .run_groups(in.numel() ? runs.count : 0);
}

void softmax_backward_opencl(const Tensor& grad, const Tensor& out, const Tensor& grad_in, int dim,
                             bool log) {
  ClDevice& device = device_of(out);
  const Runs runs(out, dim);
  count_of(out);
  Launch(device, "softmax", "softmax_backward", Options(device, out.dtype()).set("IS_LOG", log))
      .integer(runs.n)
      .integer(runs.inner)
      .tensor(grad)
      .tensor(out)
      .tensor(grad_in)
      .run_groups(out.numel() ? runs.count : 0);
}

Options loss_options(ClDevice& device, DType dtype, const ClassLoss& loss) {
  return Options(device, dtype).set("HAS_WEIGHT", loss.weight.defined());
}

void class_counts_opencl(const Tensor& target, int64_t classes, const ClassLoss& loss, const Tensor& counts) {
  ClDevice& device = device_of(target);
  Launch(device, "loss", "counts", loss_options(device, counts.dtype(), loss))
      .integer(target.numel())
      .integer(classes)
      .integer(loss.ignore_index)
      .tensor(target)
      .tensor(loss.weight)
      .tensor(counts)
      .fault()
      .run(target.numel());
}

/** What both directions begin with. */
Launch cross_entropy_launch(const char* kernel, const Tensor& logits, const Tensor& target,
                            const Tensor& counts, const ClassLoss& loss) {
  ClDevice& device = device_of(logits);
  count_of(logits);
  Launch launch(device, "loss", kernel, loss_options(device, logits.dtype(), loss));
  launch.integer(logits.size(1))
      .integer(loss.ignore_index)
      .number(Scalar::of(loss.label_smoothing), logits.dtype())
      .tensor(logits)
      .tensor(target)
      .tensor(counts)
      .tensor(loss.weight);
  return launch;
}

void cross_entropy_opencl(const Tensor& logits, const Tensor& target, const Tensor& counts,
                          const ClassLoss& loss, const Tensor& losses, const Tensor& lse) {
  cross_entropy_launch("cross_entropy", logits, target, counts, loss)
      .tensor(losses)
      .tensor(lse)
      .run_groups(logits.size(0));
}

void cross_entropy_backward_opencl(const Tensor& logits, const Tensor& target, const Tensor& counts,
                                   const ClassLoss& loss, const Tensor& lse, const Tensor& scale,
                                   const Tensor& grad_logits) {
  cross_entropy_launch("cross_entropy_backward", logits, target, counts, loss)
      .tensor(lse)
      .tensor(scale)
      .tensor(grad_logits)
      .run_groups(logits.size(0));
}

Options lookup_options(ClDevice& device, DType dtype, const Tensor& indices) {
  return Options(device, dtype).set("INDEX", type_name(indices.dtype(), device)).set("RANK", int64_t{1});
}

void embedding_opencl(const Tensor& weight, const Tensor& indices, const Tensor& out) {
  ClDevice& device = device_of(weight);
  Launch(device, "embedding", "lookup", lookup_options(device, weight.dtype(), indices))
      .integer(indices.numel())
      .integer(weight.size(0))
      .integer(weight.size(1))
      .tensor(weight)
      .tensor(indices)
      .tensor(out)
      .fault()
      .run(count_of(out));
}

void embedding_backward_opencl(const Tensor& grad, const Tensor& indices, int64_t padding_idx,
                               const Tensor& grad_weight) {
  ClDevice& device = device_of(grad);
  if (grad_weight.numel()) device.fill_zero(grad_weight.storage().block(), 0, grad_weight.storage().bytes());
  Launch(device, "embedding", "lookup_backward", lookup_options(device, grad.dtype(), indices))
      .integer(indices.numel())
      .integer(grad_weight.size(0))
      .integer(grad_weight.size(1))
      .integer(padding_idx)
      .tensor(grad)
      .tensor(indices)
      .tensor(grad_weight)
      .fault()
      .run(count_of(grad));
}

/** As embedding.cl has it. */
struct Gather {
  int32_t sizes[kMaxDims], index[kMaxDims], in[kMaxDims], out[kMaxDims];
};

void gather_opencl(const Tensor& out, const Tensor& t, int dim, const Tensor& index) {
  ClDevice& device = device_of(t);
  Gather g{};
  for (int d = 0; d < out.dim(); ++d) {
    g.sizes[d] = narrow(index.sizes()[d]);
    g.index[d] = narrow(index.strides()[d]);
    g.in[d] = d == dim ? 0 : narrow(t.strides()[d]);
    g.out[d] = narrow(out.strides()[d]);
  }
  Options options(device, t.dtype());
  options.set("INDEX", "long").set("RANK", int64_t{out.dim()});
  Launch(device, "embedding", "gather", options)
      .integer(index.numel())
      .plain(g)
      .integer(t.sizes()[dim])
      .integer(t.strides()[dim])
      .tensor(index)
      .tensor(t)
      .tensor(out)
      .fault()
      .run(count_of(index));
}

void scatter_opencl(const Tensor& out, int dim, const Tensor& index, const Tensor& source, Scattering how) {
  ClDevice& device = device_of(out);
  Gather g{};
  for (int d = 0; d < out.dim(); ++d) {
    g.sizes[d] = d == dim ? 1 : narrow(index.sizes()[d]);
    g.index[d] = narrow(index.strides()[d]);
    g.in[d] = narrow(source.strides()[d]);
    g.out[d] = narrow(out.strides()[d]);
  }
  const int64_t count = index.sizes()[dim];
  if (index.numel() == 0) return;
  Options options(device, out.dtype());
  options.set("INDEX", "long").set("RANK", int64_t{out.dim()}).set("HOW", static_cast<int64_t>(how));
  Launch(device, "embedding", "scatter", options)
      .integer(index.numel() / count)
      .plain(g)
      .integer(dim)
      .integer(count)
      .integer(out.sizes()[dim])
      .tensor(index)
      .tensor(source)
      .tensor(out)
      .fault()
      .run(count_of(index) / count);
}

const KernelOn<DeviceType::OpenCl> softmax_on_opencl{softmax_kernel, softmax_opencl};
const KernelOn<DeviceType::OpenCl> softmax_backward_on_opencl{softmax_backward_kernel,
                                                              softmax_backward_opencl};
const KernelOn<DeviceType::OpenCl> class_counts_on_opencl{class_counts_kernel, class_counts_opencl};
const KernelOn<DeviceType::OpenCl> cross_entropy_on_opencl{cross_entropy_kernel, cross_entropy_opencl};
const KernelOn<DeviceType::OpenCl> cross_entropy_backward_on_opencl{cross_entropy_backward_kernel,
                                                                    cross_entropy_backward_opencl};
const KernelOn<DeviceType::OpenCl> embedding_on_opencl{embedding_kernel, embedding_opencl};
const KernelOn<DeviceType::OpenCl> embedding_backward_on_opencl{embedding_backward_kernel,
                                                                embedding_backward_opencl};
const KernelOn<DeviceType::OpenCl> gather_on_opencl{gather_kernel, gather_opencl};
const KernelOn<DeviceType::OpenCl> scatter_on_opencl{scatter_kernel, scatter_opencl};

}  // namespace
}  // namespace unroll::opencl
