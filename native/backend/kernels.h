// The kernels that backends provide, a slot each: operations check, promote and record; kernels only compute.
#pragma once

#include <array>
#include <initializer_list>

#include "backend/pointwise.h"
#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

// --- pointwise operations, copies, optimizer steps

/** What a pointwise operation reads: a tensor of any dtype, or one number. Lives no longer than the call. */
class Operand {
 public:
  Operand() = default;
  Operand(const Tensor& tensor) : tensor_(&tensor) {}
  Operand(const Scalar& number) : number_(number) {}
  /** nullptr for a number. */
  const Tensor* tensor() const { return tensor_; }
  const Scalar& number() const { return number_; }

 private:
  const Tensor* tensor_ = nullptr;
  Scalar number_;
};

/** Up to three operands. */
class Operands {
 public:
  Operands(std::initializer_list<Operand> operands) {
    for (const Operand& operand : operands) items_[static_cast<size_t>(size_++)] = operand;
  }
  int size() const { return size_; }
  const Operand& operator[](int i) const { return items_[static_cast<size_t>(i)]; }

 private:
  std::array<Operand, 3> items_;
  int size_ = 0;
};

/**
 * Computes in dtype `compute` (operands are converted to it, the result to out's dtype) and writes all of
 * out, whose sizes every operand broadcasts to. An operand may be out itself, but must not overlap it
 * otherwise.
 */
inline constinit Kernel<void(PointwiseOp op, DType compute, const Tensor& out, const Operands& operands,
                             const Numbers& numbers)>
    pointwise_kernel{"pointwise"};

/** Every element of self becomes the number, converted to self's dtype. */
inline constinit Kernel<void(const Tensor& self, const Scalar& value)> fill_kernel{"fill_"};

/** Sums of squares over one parameter: of its gradient as given, its new values and the change between. */
struct SquareSums {
  double grad = 0, weight = 0, update = 0;
};

/**
 * out (one for each of the dense float32 `tensors`): its 2-norm as PyTorch adds it up on AVX2: eight sums,
 * one element of each eight in turn. Over some millions of elements that stays measurably (1e-4) below the
 * true norm, which is why a clipped training only follows PyTorch's where this does too.
 */
inline constinit Kernel<void(const Tensor& out, const Tensors& tensors)> norms_in_lanes_kernel{"total_norm"};

/** out, of one element: the 2-norm over all of the dense `tensors`; of one floating dtype, as out. */
inline constinit Kernel<void(const Tensor& out, const Tensors& tensors)> total_norm_kernel{"total_norm"};
/** Multiplies all of the dense `tensors` by the one element of `factor`; of one floating dtype. */
inline constinit Kernel<void(const Tensors& tensors, const Tensor& factor)> scale_kernel{"scale_"};

/** Where the sums of each parameter go; empty: nobody asks. */
using SumsOfEach = std::vector<SquareSums*>;

struct SgdStep {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, maximize, is_first;
};
/**
 * Writes the parameters and their buffers, of which there are none without momentum: as many of each, all of
 * one floating dtype, those that belong together flat alike.
 */
inline constinit Kernel<void(const Tensors& parameters, const Tensors& grads, const Tensors& buffers,
                             const SgdStep& step, const SumsOfEach& sums)>
    sgd_kernel{"sgd_step", true};

struct AdamStep {
  double lr, beta1, beta2, eps, weight_decay;
  bool decoupled, maximize;
  int64_t step;
};
/** Writes the parameters and the averages (of `largest` there may be none); otherwise as sgd_kernel. */
inline constinit Kernel<void(const Tensors& parameters, const Tensors& grads, const Tensors& averages,
                             const Tensors& square_averages, const Tensors& largest, const AdamStep& step,
                             const SumsOfEach& sums)>
    adam_kernel{"adam_step", true};

}  // namespace unroll
