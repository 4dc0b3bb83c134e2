#include "autograd/variable.h"

#include "ops/ops.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {
thread_local bool recording = true;
}

bool grad_enabled() { return recording; }
void set_grad_enabled(bool enabled) { recording = enabled; }

AutogradMeta& autograd_meta(const Tensor& t) {
  auto& meta = t.impl().autograd;
  if (!meta) meta = std::make_unique<AutogradMeta>();
  return *meta;
}

// ------------------------------------------------------------------ state of a tensor

std::shared_ptr<Node> grad_fn(const Tensor& t) {
  AutogradMeta* meta = t.impl().autograd.get();
  if (!meta) return nullptr;
  if (meta->view && meta->grad_fn_version != t.version()) {
    meta->grad_fn_version = t.version();
    if (meta->view->base.requires_grad()) {
      GradMode on(true);
      Tensor again = meta->view->replay(meta->view->base);
      AutogradMeta& fresh = autograd_meta(again);
      if (fresh.grad_fn) fresh.grad_fn->rename("AsStridedBackward0");  // as PyTorch calls what it makes anew
      meta->grad_fn = fresh.grad_fn;
      meta->output = fresh.output;
    }
  }
  return meta->grad_fn;
}

bool Tensor::requires_grad() const {
  AutogradMeta* meta = impl_->autograd.get();
  return meta && (meta->requires_grad || grad_fn(*this));
}

bool Tensor::is_leaf() const { return !impl_->autograd || !grad_fn(*this); }

Tensor Tensor::grad() const { return impl_->autograd ? impl_->autograd->grad : Tensor(); }

bool is_unshared(const Tensor& t) {
  return t.ptr().use_count() == 1 && t.impl().storage.use_count() == 1 && t.is_contiguous();
}

Edge gradient_edge(const Tensor& t) {
  if (!t.defined() || !t.impl().autograd) return {};
  if (std::shared_ptr<Node> node = grad_fn(t)) return {node, t.impl().autograd->output};
  AutogradMeta& meta = *t.impl().autograd;
  if (!meta.requires_grad) return {};
  std::shared_ptr<AccumulateGrad> accumulator = meta.accumulator.lock();
  if (!accumulator) {
    accumulator = std::make_shared<AccumulateGrad>(t);
    meta.accumulator = accumulator;
  }
  return {accumulator, 0};
}

void set_requires_grad(const Tensor& t, bool requires_grad) {
  if (!requires_grad && !t.is_leaf())
    fail(ErrorKind::Runtime,
         "you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
         "in a subgraph that doesn't require differentiation use var_no_grad = var.detach().");
  UNROLL_CHECK(!requires_grad || is_floating(t.dtype()),
               "only Tensors of floating point dtype can require gradients");
  if (t.is_leaf()) autograd_meta(t).requires_grad = requires_grad;
}

void set_grad(const Tensor& t, const Tensor& grad) {
  if (grad.defined()) {
    UNROLL_CHECK(grad.sizes() == t.sizes(), "assigned grad has data of a different size");
    UNROLL_CHECK(grad.dtype() == t.dtype(), "assigned grad has data of a different type");
  }
  Tensor& held = autograd_meta(t).grad;
  if (held.defined()) recorder().note_clearing(held);
  held = grad;
}

void retain_grad(const Tensor& t) {
  UNROLL_CHECK(t.requires_grad(), "can't retain_grad on Tensor that has requires_grad=False");
  AutogradMeta& meta = autograd_meta(t);
  if (t.is_leaf() || meta.retains_grad) return;
  meta.retains_grad = true;
  meta.grad_fn->retained.emplace_back(meta.output, t.ptr());
}

void register_hook(const Tensor& t, Node::Hook hook) {
  UNROLL_CHECK(t.requires_grad(), "cannot register a hook on a tensor that doesn't require gradient");
  if (t.is_leaf()) return autograd_meta(t).hooks.push_back(std::move(hook));
  Edge edge = gradient_edge(t);
  edge.node->hooks.emplace_back(edge.index, std::move(hook));
}

void detach_from_graph(const Tensor& t) {
  AutogradMeta* meta = t.impl().autograd.get();
  if (!meta) return;
  UNROLL_CHECK(
      !meta->view,
      "Can't detach views in-place. Use detach() instead. If you are using "
      "DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, "
      "gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients. To "
      "fix this error, please refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py "
      "as a solution.");
  meta->grad_fn = nullptr;
  meta->output = 0;
  meta->requires_grad = false;
}

// ------------------------------------------------------------------ recording

bool needs_grad(std::initializer_list<const Tensor*> inputs) {
  if (!recording) return false;
  for (const Tensor* t : inputs)
    if (t->defined() && t->requires_grad()) return true;
  return false;
}

bool needs_grad(const Tensors& inputs) {
  if (!recording) return false;
  for (const Tensor& t : inputs)
    if (t.defined() && t.requires_grad()) return true;
  return false;
}

void set_history(const Tensor& output, const std::shared_ptr<Node>& node) {
  int index = node->add_output(output);
  if (!is_floating(output.dtype())) return;
  AutogradMeta& meta = autograd_meta(output);
  meta.grad_fn = node;
  meta.output = index;
  meta.grad_fn_version = output.version();
}

std::shared_ptr<Node> record_all(const Tensors& outputs, const char* name, const Tensors& inputs,
                                 Backward backward, bool holds) {
  auto node = std::make_shared<Node>(name, std::move(backward), holds);
  for (const Tensor& input : inputs) node->add_edge(gradient_edge(input));
  for (const Tensor& output : outputs) set_history(output, node);
  return node;
}

void record_one(const Tensor& output, const char* name, const Tensors& inputs, BackwardOne backward,
                bool holds) {
  record_all(
      {output}, name, inputs,
      [backward = std::move(backward)](Node& self, Tensors grads) {
        return grads[0].defined() ? backward(self, grads[0]) : Tensors(self.next_edges().size());
      },
      holds);
}

Saved::Saved(const Tensor& input) : tensor_(input) {
  if (!input.defined()) return;
  version_ = input.version();
  if (input.impl().autograd) made_by_ = grad_fn(input);
}

Saved Saved::output(const Tensor& out, int index) {
  Saved saved(detached(out));
  saved.output_ = index;
  return saved;
}

namespace {

[[noreturn]] void fail_modified(const Tensor& t, uint32_t expected, const Node* made_by, int output) {
  const std::string origin =
      made_by ? text(", which is output ", output, " of ", made_by->name(), ",") : std::string();
  const char* hint =
      anomaly_mode().where
          ? "the backtrace further above shows the operation that failed to compute its gradient. The "
            "variable in question was changed in there or anywhere later. Good luck!"
          : "enable anomaly detection to find the operation that failed to compute its gradient, with "
            "torch.autograd.set_detect_anomaly(True).";
  fail(ErrorKind::Runtime,
       "one of the variables needed for gradient computation has been modified by an inplace operation: "
       "[torch.",
       scalar_type_name(t.dtype()), "Tensor ", t.sizes(), "]", origin, " is at version ", t.version(),
       "; expected version ", expected, " instead. Hint: ", hint);
}

}  // namespace

Tensor Saved::get(Node& self) const {
  if (!tensor_.defined()) return tensor_;
  if (tensor_.version() != version_) {
    const std::shared_ptr<Node> made_by = made_by_.lock();
    const int output = output_ < 0 && tensor_.impl().autograd ? tensor_.impl().autograd->output : output_;
    fail_modified(tensor_, version_, output_ < 0 ? made_by.get() : &self, output);
  }
  if (output_ < 0 || !grad_enabled()) return tensor_;
  Tensor again = detached(tensor_);
  AutogradMeta& meta = autograd_meta(again);
  meta.grad_fn = self.shared_from_this();
  meta.output = output_;
  return again;
}

// ------------------------------------------------------------------ views and in-place writes

Tensor make_view_of(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset, const char* name,
                    Replay replay, BackwardOne backward, bool holds) {
  Tensor out = alias(t, sizes, strides, offset);
  if (needs_grad(t)) record_one(out, name, {t}, std::move(backward), holds);
  AutogradMeta& meta = autograd_meta(out);
  meta.view = std::make_unique<ViewOf>();
  meta.grad_fn_version = out.version();
  const AutogradMeta* parent = t.impl().autograd.get();
  if (parent && parent->view) {
    meta.view->base = parent->view->base;
    meta.view->replay = [first = parent->view->replay, then = std::move(replay)](const Tensor& b) {
      return then(first(b));
    };
  } else {
    meta.view->base = t;
    meta.view->replay = std::move(replay);
  }
  return out;
}

namespace {

void check_in_place(const Tensor& self) {
  const AutogradMeta* meta = self.impl().autograd.get();
  for (int i = 0; i < self.dim(); ++i)
    UNROLL_CHECK(self.strides()[i] != 0 || self.sizes()[i] <= 1,
                 "unsupported operation: more than one element of the written-to tensor refers to a single "
                 "memory location. "
                 "Please clone() the tensor before performing the operation.");
  if (!grad_enabled() || !meta) return;
  UNROLL_CHECK(!(meta->requires_grad && self.is_leaf()),
               "a leaf Variable that requires grad is being used in an in-place operation.");
  if (meta->view) {
    const Tensor& base = meta->view->base;
    UNROLL_CHECK(!(base.is_leaf() && base.requires_grad()),
                 "a view of a leaf Variable that requires grad is being used in an in-place operation.");
  }
}

// The base of a written view becomes "itself, with the view's part replaced by `result`". Its gradient is
// laid out as the base is, whatever strides it arrives with: only then can the view's steps be repeated on
// it.
void rebase_base(const ViewOf& view, const Tensor& result) {
  const Dims strides = view.base.is_dense() ? view.base.strides() : contiguous_strides(view.base.sizes());
  auto node = std::make_shared<Node>(
      "CopySlices",
      [replay = view.replay, strides](Node& self, Tensors grads) -> Tensors {
        if (!grads[0].defined()) return Tensors(2);
        Tensor of_base = empty_strided(grads[0].sizes(), strides, grads[0].dtype(), grads[0].device());
        copy_(of_base, grads[0]);
        Tensor of_result = self.needs(1) ? clone(replay(of_base)) : Tensor();
        zero_(replay(of_base));
        return {of_base, of_result};
      },
      true);
  node->add_edge(gradient_edge(view.base));
  node->add_edge(gradient_edge(result));
  set_history(view.base, node);
}

}  // namespace

void in_place(const Tensor& self, bool inputs_need_grad, const std::function<void()>& direct,
              const std::function<Tensor(const Tensor& old)>& functional) {
  check_in_place(self);
  if (!grad_enabled() || !(inputs_need_grad || self.requires_grad())) {
    direct();
    self.mark_written();
    return;
  }
  Tensor result = functional(clone(self));
  UNROLL_CHECK(result.sizes() == self.sizes(), "output with shape ", self.sizes(),
               " doesn't match the broadcast shape ", result.sizes());
  {
    GradMode off(false);
    copy_kernel(self.device_type(), self, result);
  }
  self.mark_written();
  AutogradMeta& meta = autograd_meta(self);
  if (meta.view) {
    rebase_base(*meta.view, result);
  } else {
    Edge edge = gradient_edge(result);
    meta.grad_fn = edge.node;
    meta.output = edge.index;
    meta.grad_fn_version = self.version();
  }
}

}  // namespace unroll
