// Losses. Over class indices, with w the class weights and ε the label smoothing, a row x of C logits with
// target t counts
//   (1 - ε) w_t (lse - x_t) + ε / C · Σ_c w_c (lse - x_c),   lse = log Σ exp x,
// and "mean" divides the sum over rows by Σ w_t. Only lse is kept for the backward pass, which makes the
// softmax anew.
#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/layers.h"
#include "ops/ops.h"
#include "ops/softmax.h"

namespace unroll {

namespace {

enum class Reduction { None, Mean, Sum };

Reduction reduction_named(const std::string& name) {
  if (name == "none") return Reduction::None;
  if (name == "mean") return Reduction::Mean;
  if (name == "sum") return Reduction::Sum;
  fail(ErrorKind::Value, name, " is not a valid value for reduction");
}

Tensor reduced(const Tensor& losses, Reduction reduction) {
  if (reduction == Reduction::None) return losses;
  return reduction == Reduction::Sum ? sum(losses, {}, false) : mean(losses, {}, false);
}

void check_class_weight(const Tensor& weight, int64_t classes, DType dtype, const char* prefix) {
  if (!weight.defined()) return;
  UNROLL_CHECK(weight.dim() == 1 && weight.numel() == classes, prefix,
               "weight tensor should be defined either for all ", classes,
               " classes or no classes but got weight tensor of shape: ", weight.sizes());
  UNROLL_CHECK(weight.dtype() == dtype, "expected scalar type ", scalar_type_name(dtype), " but found ",
               scalar_type_name(weight.dtype()));
}

/** Shapes of (N, C, d1, ...) or (C) against targets (N, d1, ...) or a scalar, in PyTorch's words. */
void check_targets(const Tensor& input, const Tensor& target) {
  UNROLL_CHECK_KIND(Value, input.dim() > 0, "Expected 1 or more dimensions (got 0)");
  if (input.dim() == 1) {
    UNROLL_CHECK_KIND(Value, target.dim() <= 1 && target.numel() == 1,
                      "For 1D input, 1D target must have size 1, but got target size: ", target.numel());
  } else {
    const int64_t targets = target.dim() ? target.size(0) : 1;
    UNROLL_CHECK_KIND(Value, input.size(0) == targets, "Expected input batch_size (", input.size(0),
                      ") to match target batch_size (", targets, ").");
    if (input.dim() == 2) {
      UNROLL_CHECK(target.dim() <= 1, "0D or 1D target tensor expected, multi-target not supported");
    } else {
      Dims expected = input.sizes();
      expected.erase(1);
      UNROLL_CHECK(target.sizes() == expected, "Expected target size ", expected, ", got ", target.sizes());
    }
  }
  UNROLL_CHECK(target.dtype() == DType::Int64 || target.dtype() == DType::UInt8,
               "expected target dtype to be Long or Byte, but got ", scalar_type_name(target.dtype()));
}

/** input (N, C, d1, ...) or (C) as rows (N · d1 · ..., C), differentiably. */
Tensor class_rows(const Tensor& input) {
  if (input.dim() == 2) return input;
  if (input.dim() == 1) return unsqueeze(input, 0);
  Dims order{0};
  for (int i = 2; i < input.dim(); ++i) order.push_back(i);
  order.push_back(1);
  return reshape(permute(input, order), {input.numel() / std::max<int64_t>(input.size(1), 1), input.size(1)});
}

/** One number a row: what `losses` (N) become under the reduction, given what each row counts. */
struct Rows {
  Tensor target, counts;  // (N)
  Tensor total;           // scalar: Σ counts, under "mean"
  ClassLoss loss;
  Dims sizes;  // of the result without reduction

  Rows(const Tensor& rows, const Tensor& input, const Tensor& targets, ClassLoss class_loss,
       Reduction reduction)
      : loss(std::move(class_loss)), sizes(input.dim() == 1 ? Dims() : targets.sizes()) {
    target = to_dtype(contiguous(view(contiguous(targets), {targets.numel()})), DType::Int64);
    if (loss.weight.defined()) loss.weight = contiguous(detach(loss.weight));
    counts = empty({target.numel()}, rows.dtype(), rows.device());
    class_counts_kernel(rows.device_type(), target, rows.size(1), loss, counts);
    if (reduction == Reduction::Mean) total = sum(counts, {}, false);
  }

  Tensor reduce(const Tensor& losses, Reduction reduction) const {
    if (reduction == Reduction::None) return alias(losses, sizes, contiguous_strides(sizes), 0);
    const Tensor all = sum(losses, {}, false);
    return reduction == Reduction::Sum ? all : div(all, total);
  }

  /** The gradient of each row's loss (N) from that of the result. */
  Tensor row_gradients(const Tensor& grad, Reduction reduction) const {
    if (reduction == Reduction::None) return reshape(grad, counts.sizes());
    return expand(reduction == Reduction::Mean ? div(grad, total) : grad, counts.sizes());
  }
};

/** The fused loss over rows of logits (N, C). */
Tensor cross_entropy_rows(const Tensor& rows, const Tensor& input, const Tensor& target,
                          const ClassLoss& loss, Reduction reduction) {
  Tensor out, logits, lse;
  std::shared_ptr<const Rows> kept;
  {
    GradMode off(false);
    logits = contiguous(rows);
    kept = std::make_shared<Rows>(rows, input, target, loss, reduction);
    lse = empty({rows.size(0)}, rows.dtype(), rows.device());
    Tensor losses = empty({rows.size(0)}, rows.dtype(), rows.device());
    cross_entropy_kernel(rows.device_type(), logits, kept->target, kept->counts, kept->loss, losses, lse);
    out = kept->reduce(losses, reduction);
  }
  if (!needs_grad(rows)) return out;
  record(out, "NllLossBackward0", {rows},
         [logits = logits.is_same(rows) ? Saved(rows) : Saved(logits), rows = Saved(rows), lse, kept,
          reduction](Node& self, const Tensor& g) -> Tensors {
           const Tensor x = logits.get(self), scale = kept->row_gradients(g, reduction);
           Tensor grad_rows = empty(x.sizes(), x.dtype(), x.device());
           const auto fused = [&](const Tensor& s) {
             GradMode off(false);
             cross_entropy_backward_kernel(x.device_type(), x, kept->target, kept->counts, kept->loss, lse,
                                           contiguous(s), grad_rows);
           };
           if (!grad_enabled()) {
             fused(scale);
             return {grad_rows};
           }
           // Differentiable: (p · a - b) · scale, where p is the softmax, a what a row counts in all, and b
           // constant.
           fused(full({x.size(0)}, Scalar::of(1.0), x.dtype(), x.device()));
           Tensor a;
           {
             GradMode off(false);
             const double smoothing = kept->loss.label_smoothing;
             const Tensor& w = kept->loss.weight;
             const Tensor classes =
                 w.defined() ? sum(w, {}, false) : full({}, Scalar::of(double(x.size(1))), x.dtype());
             const Tensor smooth = mul_scalar(classes, Scalar::of(smoothing / double(x.size(1))));
             const Tensor is_counted =
                 ne(kept->target, full({}, Scalar::of(kept->loss.ignore_index), DType::Int64));
             a = add(mul_scalar(kept->counts, Scalar::of(1 - smoothing)),
                     mul(smooth, to_dtype(is_counted, x.dtype())));
             a = unsqueeze(a, 1);
           }
           const Tensor p = softmax(rows.get(self), 1);
           const Tensor b = sub(mul(detach(p), a), grad_rows);
           return {mul(sub(mul(p, a), b), unsqueeze(scale, 1))};
         });
  return out;
}

/** The node of `rows` (N, C) where they are a log_softmax's output over C, as it was made; else nullptr. */
std::shared_ptr<LogSoftmaxNode> log_softmax_of(const Tensor& rows) {
  const auto node = made_by<LogSoftmaxNode>(rows);
  return node && node->dim == 1 ? node : nullptr;
}

/**
 * The gradient of log_softmax's input from its output and those of the rows' losses (N), in one pass: that of
 * the output, zero but for a number a row, is never made.
 */
Tensor past_log_softmax(const Tensor& scores, const Rows& rows, const Tensor& row_gradients) {
  const Tensor grad = empty(scores.sizes(), scores.dtype(), scores.device());
  const Tensor lse =
      zeros({scores.size(0)}, scores.dtype(), scores.device());  // of logarithms that sum up to 1
  cross_entropy_backward_kernel(scores.device_type(), scores, rows.target, rows.counts, rows.loss, lse,
                                row_gradients, grad);
  return grad;
}

/** Cross entropy against probabilities of input's own shape. */
Tensor probability_loss(const Tensor& input, const Tensor& target, const Tensor& weight, Reduction reduction,
                        double label_smoothing) {
  UNROLL_CHECK(is_floating(target.dtype()),
               "Expected floating point type for target with class probabilities, got ",
               scalar_type_name(target.dtype()));
  const int dim = input.dim() == 1 ? 0 : 1;
  const int64_t classes = input.size(dim);
  check_class_weight(weight, classes, input.dtype(), "cross_entropy: ");
  Tensor wanted = target;
  if (label_smoothing > 0)
    wanted = add_scalar(mul_scalar(target, Scalar::of(1 - label_smoothing)),
                        Scalar::of(label_smoothing / static_cast<double>(classes)));
  Tensor product = mul(log_softmax(input, dim), wanted);
  if (weight.defined()) {
    Dims sizes(input.dim(), 1);
    sizes[dim] = classes;
    product = mul(product, view(contiguous(weight), sizes));
  }
  const Tensor losses = neg(sum(product, {dim}, false));
  if (reduction != Reduction::Mean) return reduced(losses, reduction);
  const int64_t rows = classes ? input.numel() / classes : 0;
  return div_scalar(sum(losses, {}, false), Scalar::of(static_cast<double>(rows)));
}

}  // namespace

Tensor nll_loss(const Tensor& input, const Tensor& target, const OptionalTensor& weight,
                const std::string& reduction, int64_t ignore_index) {
  const Reduction how = reduction_named(reduction);
  check_targets(input, target);
  UNROLL_CHECK_KIND(NotImplemented, is_floating(input.dtype()),
                    "\"nll_loss_out_frame\" not implemented for '", scalar_type_name(input.dtype()), "'");
  const Tensor rows = class_rows(input);
  check_class_weight(weight, rows.size(1), input.dtype(), "");
  std::shared_ptr<const Rows> kept;
  Tensor out, index;
  {
    GradMode off(false);
    kept = std::make_shared<Rows>(rows, input, target, ClassLoss{weight, ignore_index, 0}, how);
    // Ignored targets may lie outside: they look at class 0 and count nothing, be it infinite.
    const Tensor is_ignored = eq(kept->target, full({}, Scalar::of(ignore_index), DType::Int64));
    index = unsqueeze(masked_fill(kept->target, is_ignored, Scalar::of(int64_t{0})), 1);
    const Tensor hit = squeeze_dim(gather(rows, 1, index), 1);
    out = kept->reduce(masked_fill(neg(mul(hit, kept->counts)), is_ignored, Scalar::of(0.0)), how);
  }
  if (!needs_grad(rows)) return out;
  const std::shared_ptr<LogSoftmaxNode> before = log_softmax_of(rows);
  const auto node = record_all(
      {out}, "NllLossBackward0", {rows},
      [kept, index, sizes = rows.sizes(), how, before, scores = before ? Saved(rows) : Saved()](
          Node& self, Tensors grads) -> Tensors {
        const Tensor& g = grads[0];
        if (before && may_pass_by(*before))
          return {{}, past_log_softmax(scores.get(self), *kept, contiguous(kept->row_gradients(g, how)))};
        const Tensor hit = neg(mul(kept->row_gradients(g, how), kept->counts));
        return {scatter(zeros(sizes, g.dtype(), g.device()), 1, index, unsqueeze(hit, 1))};
      });
  if (before) node->add_edge(before->next_edges()[0]);
  return out;
}

Tensor cross_entropy(const Tensor& input, const Tensor& target, const OptionalTensor& weight,
                     const std::string& reduction, int64_t ignore_index, double label_smoothing) {
  const Reduction how = reduction_named(reduction);
  UNROLL_CHECK(label_smoothing <= 1, "label_smoothing must be between 0.0 and 1.0. Got: ", label_smoothing);
  if (input.sizes() == target.sizes()) {
    UNROLL_CHECK(ignore_index < 0, "ignore_index is not supported for floating point target");
    return probability_loss(input, target, weight, how, std::max(label_smoothing, 0.0));
  }
  check_targets(input, target);
  UNROLL_CHECK_KIND(NotImplemented, is_floating(input.dtype()),
                    "\"log_softmax_lastdim_kernel_impl\" not implemented for '",
                    scalar_type_name(input.dtype()), "'");
  const Tensor rows = class_rows(input);
  check_class_weight(weight, rows.size(1), input.dtype(), "");
  return cross_entropy_rows(rows, input, target, {weight, ignore_index, std::max(label_smoothing, 0.0)}, how);
}

Tensor mse_loss(const Tensor& input, const Tensor& target, const std::string& reduction) {
  const Reduction how = reduction_named(reduction);
  const DType dtype = promote_types(input.dtype(), target.dtype());
  UNROLL_CHECK_KIND(NotImplemented, is_floating(dtype), "\"mse_cpu\" not implemented for '",
                    scalar_type_name(dtype), "'");
  Tensor out;
  {
    GradMode off(false);
    out = reduced(square(sub(input, target)), how);
  }
  if (needs_grad(input, target))
    record(out, "MseLossBackward0", {input, target},
           [input = Saved(input), target = Saved(target), how](Node& self, const Tensor& g) -> Tensors {
             const Tensor a = input.get(self), b = target.get(self), difference = sub(a, b);
             const double factor =
                 how == Reduction::Mean ? 2.0 / static_cast<double>(difference.numel()) : 2.0;
             const Tensor grad = mul(mul_scalar(difference, Scalar::of(factor)), g);
             return {self.needs(0) ? sum_to(grad, a.sizes()) : Tensor(),
                     self.needs(1) ? sum_to(neg(grad), b.sizes()) : Tensor()};
           });
  return out;
}

}  // namespace unroll
