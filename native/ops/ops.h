// Every operation of the engine, named and shaped as PyTorch's ATen functions. Each is implemented, forward
// beside backward, in the file of its name (or family) in this folder; binding/operations.cpp hands them to
// the script. All of them are differentiable where the mathematics is, and raise PyTorch's errors in
// PyTorch's words. A trailing underscore writes in place and returns its first argument. Empty `dims` of a
// reduction: all of them.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "rng/generator.h"
#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

using OptionalTensor = Tensor;  // may be undefined
using Tensor2 = std::tuple<Tensor, Tensor>;
using Tensor3 = std::tuple<Tensor, Tensor, Tensor>;

// --- creation.cpp
Tensor full(const Dims& sizes, const Scalar& value, DType dtype, Device& device = cpu_device());
Tensor zeros(const Dims& sizes, DType dtype = DType::Float32, Device& device = cpu_device());
Tensor zeros_like(const Tensor& t);
/** end excluded; the dtype is the caller's (torch/ infers it as PyTorch does). */
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, DType dtype);
Tensor linspace(double start, double end, int64_t steps, DType dtype);
Tensor eye(int64_t rows, int64_t columns, DType dtype);

// --- copy.cpp
/** Contiguous copy with history (CloneBackward0); keeps dense strides as PyTorch's preserve_format. */
Tensor clone(const Tensor& t);
/** t itself where it is contiguous already. */
Tensor contiguous(const Tensor& t);
/** t itself where it has the dtype already. */
Tensor to_dtype(const Tensor& t, DType dtype);
/** t itself where it lies there already. */
Tensor to_device(const Tensor& t, Device& device);
/** Broadcasts and converts `source` into self. */
Tensor copy_(const Tensor& self, const Tensor& source);
Tensor fill_(const Tensor& self, const Scalar& value);
Tensor zero_(const Tensor& self);

// --- pointwise arithmetic with broadcasting and type promotion: add.cpp, mul.cpp, div.cpp, pow.cpp
Tensor add(const Tensor& a, const Tensor& b, double alpha = 1);
Tensor sub(const Tensor& a, const Tensor& b, double alpha = 1);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);
Tensor add_scalar(const Tensor& a, const Scalar& b);
Tensor mul_scalar(const Tensor& a, const Scalar& b);
Tensor div_scalar(const Tensor& a, const Scalar& b);
/** b - a */
Tensor rsub_scalar(const Tensor& a, const Scalar& b);
/** "floor" or "trunc" division, python's remainder, C's fmod. */
Tensor div_rounded(const Tensor& a, const Tensor& b, const std::string& mode);
Tensor remainder(const Tensor& a, const Tensor& b);
Tensor fmod(const Tensor& a, const Tensor& b);
Tensor pow(const Tensor& a, const Tensor& b);
Tensor pow_scalar(const Tensor& a, const Scalar& b);
Tensor scalar_pow(const Scalar& a, const Tensor& b);
Tensor maximum(const Tensor& a, const Tensor& b);
Tensor minimum(const Tensor& a, const Tensor& b);
Tensor add_(const Tensor& self, const Tensor& b, double alpha = 1);
Tensor sub_(const Tensor& self, const Tensor& b, double alpha = 1);
Tensor mul_(const Tensor& self, const Tensor& b);
Tensor div_(const Tensor& self, const Tensor& b);
Tensor add_scalar_(const Tensor& self, const Scalar& b);
Tensor mul_scalar_(const Tensor& self, const Scalar& b);
Tensor div_scalar_(const Tensor& self, const Scalar& b);
/** t + value * a * b, t + value * a / b, start + weight * (end - start) */
Tensor addcmul(const Tensor& t, const Tensor& a, const Tensor& b, double value);
Tensor addcdiv(const Tensor& t, const Tensor& a, const Tensor& b, double value);
Tensor lerp(const Tensor& start, const Tensor& end, double weight);
Tensor addcmul_(const Tensor& self, const Tensor& a, const Tensor& b, double value);
Tensor addcdiv_(const Tensor& self, const Tensor& a, const Tensor& b, double value);
Tensor lerp_(const Tensor& self, const Tensor& end, double weight);

// --- unary.cpp (integers promote to float32 where PyTorch's do)
Tensor neg(const Tensor& a);
Tensor abs(const Tensor& a);
Tensor sign(const Tensor& a);
Tensor exp(const Tensor& a);
Tensor expm1(const Tensor& a);
Tensor log(const Tensor& a);
Tensor log1p(const Tensor& a);
Tensor log2(const Tensor& a);
Tensor log10(const Tensor& a);
Tensor sqrt(const Tensor& a);
Tensor rsqrt(const Tensor& a);
Tensor square(const Tensor& a);
Tensor reciprocal(const Tensor& a);
Tensor sin(const Tensor& a);
Tensor cos(const Tensor& a);
Tensor tan(const Tensor& a);
Tensor erf(const Tensor& a);
Tensor floor(const Tensor& a);
Tensor ceil(const Tensor& a);
Tensor round(const Tensor& a);
Tensor trunc(const Tensor& a);
Tensor clamp(const Tensor& a, const std::optional<Scalar>& min, const std::optional<Scalar>& max);
Tensor clamp_(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max);
// trigonometry.cpp
Tensor sinh(const Tensor& a);
Tensor cosh(const Tensor& a);
Tensor asin(const Tensor& a);
Tensor acos(const Tensor& a);
Tensor atan(const Tensor& a);
Tensor asinh(const Tensor& a);
Tensor acosh(const Tensor& a);
Tensor atanh(const Tensor& a);
Tensor atan2(const Tensor& a, const Tensor& b);
Tensor hypot(const Tensor& a, const Tensor& b);
// special.cpp
Tensor exp2(const Tensor& a);
Tensor sinc(const Tensor& a);
Tensor erfc(const Tensor& a);
Tensor erfinv(const Tensor& a);
Tensor lgamma(const Tensor& a);
Tensor digamma(const Tensor& a);
Tensor polygamma(int64_t n, const Tensor& a);
Tensor i0(const Tensor& a);
Tensor i1(const Tensor& a);
Tensor xlogy(const Tensor& a, const Tensor& b);
Tensor logaddexp(const Tensor& a, const Tensor& b);
// bits.cpp
Tensor gcd(const Tensor& a, const Tensor& b);
Tensor lcm(const Tensor& a, const Tensor& b);
Tensor bitwise_left_shift(const Tensor& a, const Tensor& b);
Tensor bitwise_right_shift(const Tensor& a, const Tensor& b);
Tensor copysign(const Tensor& a, const Tensor& b);
Tensor nextafter(const Tensor& a, const Tensor& b);
// activations.cpp
Tensor sigmoid(const Tensor& a);
Tensor tanh(const Tensor& a);
Tensor relu(const Tensor& a);
Tensor leaky_relu(const Tensor& a, double negative_slope);
Tensor elu(const Tensor& a, double alpha);
Tensor softplus(const Tensor& a, double beta, double threshold);
Tensor silu(const Tensor& a);
/** approximate: "none" or "tanh" */
Tensor gelu(const Tensor& a, const std::string& approximate);

// --- compare.cpp (results are bool)
Tensor eq(const Tensor& a, const Tensor& b);
Tensor ne(const Tensor& a, const Tensor& b);
Tensor lt(const Tensor& a, const Tensor& b);
Tensor le(const Tensor& a, const Tensor& b);
Tensor gt(const Tensor& a, const Tensor& b);
Tensor ge(const Tensor& a, const Tensor& b);
Tensor logical_not(const Tensor& a);
Tensor bitwise_not(const Tensor& a);
Tensor bitwise_and(const Tensor& a, const Tensor& b);
Tensor bitwise_or(const Tensor& a, const Tensor& b);
Tensor bitwise_xor(const Tensor& a, const Tensor& b);
Tensor isnan(const Tensor& a);
Tensor isinf(const Tensor& a);
Tensor isfinite(const Tensor& a);
bool equal(const Tensor& a, const Tensor& b);
// where.cpp
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);
Tensor masked_fill(const Tensor& t, const Tensor& mask, const Scalar& value);
Tensor masked_fill_(const Tensor& self, const Tensor& mask, const Scalar& value);

// --- reduce.cpp: fixed chunks combined in order, so neither timing nor the number of threads shows in the
// result
Tensor sum(const Tensor& t, const Dims& dims, bool keepdim, std::optional<DType> dtype = {});
Tensor mean(const Tensor& t, const Dims& dims, bool keepdim);
Tensor prod(const Tensor& t);
Tensor prod_dim(const Tensor& t, int64_t dim, bool keepdim);
Tensor var(const Tensor& t, const Dims& dims, double correction, bool keepdim);
/** The square root of var, whose gradient is 0 where it is 0. */
Tensor std(const Tensor& t, const Dims& dims, double correction, bool keepdim);
Tensor logsumexp(const Tensor& t, const Dims& dims, bool keepdim);
/** p-norm over dims; p = 2, 1, inf, 0 or any other */
Tensor norm(const Tensor& t, double p, const Dims& dims, bool keepdim);
Tensor any(const Tensor& t, const Dims& dims, bool keepdim);
Tensor all(const Tensor& t, const Dims& dims, bool keepdim);
Tensor cumsum(const Tensor& t, int64_t dim);
// scan.cpp
Tensor cumprod(const Tensor& t, int64_t dim);
Tensor logcumsumexp(const Tensor& t, int64_t dim);
/** values and int64 indices */
Tensor2 cummax(const Tensor& t, int64_t dim);
Tensor2 cummin(const Tensor& t, int64_t dim);
/** Sums grad over the dimensions that broadcasting added or stretched; grad itself where nothing did. */
Tensor sum_to(const Tensor& grad, const Dims& sizes);
// minmax.cpp
Tensor max(const Tensor& t);
Tensor min(const Tensor& t);
/** values and int64 indices */
Tensor2 max_dim(const Tensor& t, int64_t dim, bool keepdim);
Tensor2 min_dim(const Tensor& t, int64_t dim, bool keepdim);
/** dim absent: over the flattened tensor */
Tensor argmax(const Tensor& t, std::optional<int64_t> dim, bool keepdim);
Tensor argmin(const Tensor& t, std::optional<int64_t> dim, bool keepdim);
// sort.cpp
Tensor2 sort(const Tensor& t, int64_t dim, bool descending, bool stable);
/** Where each of `values` (..., m) goes into the rising rows (..., n) or the one row (n) of `sorted`: int64.
 */
Tensor searchsorted(const Tensor& sorted, const Tensor& values, bool right);
Tensor2 topk(const Tensor& t, int64_t k, int64_t dim, bool largest, bool sorted);

// --- matmul.cpp, linear.cpp
Tensor mm(const Tensor& a, const Tensor& b);
Tensor bmm(const Tensor& a, const Tensor& b);
Tensor matmul(const Tensor& a, const Tensor& b);
/** beta * t + alpha * a @ b */
Tensor addmm(const Tensor& t, const Tensor& a, const Tensor& b, double beta, double alpha);
/** input (..., in) @ weight (out, in)^T + bias (out) */
Tensor linear(const Tensor& input, const Tensor& weight, const OptionalTensor& bias);

// linalg.cpp: the last two dimensions are matrices, those before a batch
/** x of a x = b, b (..., n, k) or (..., n) */
Tensor solve(const Tensor& a, const Tensor& b);
Tensor inverse(const Tensor& a);
Tensor det(const Tensor& a);
/** the sign and the logarithm of the magnitude */
Tensor2 slogdet(const Tensor& a);
Tensor cholesky(const Tensor& a, bool upper);
/** Q and R, Q (m, m) where complete, else of the lesser side */
Tensor2 qr(const Tensor& a, bool complete);

// spectral.cpp
/** The rising eigenvalues (n) of symmetric matrices, of which one triangle is read, and their vectors as
 * columns */
Tensor2 eigh(const Tensor& a, bool upper);
/** U, the falling singular values (k), and V^T: (m, k) and (k, n), k the lesser side, or with `full` square
 */
Tensor3 svd(const Tensor& a, bool full);
/** The pseudoinverse (n, m); singular values up to rtol times the largest count as 0 */
Tensor pinv(const Tensor& a, double rtol);

// --- view.cpp: views share storage, version and history with their base
Tensor view(const Tensor& t, const Dims& sizes);
/** Dimensions start_dim to end_dim as one; t itself where that changes nothing. */
Tensor flatten(const Tensor& t, int64_t start_dim, int64_t end_dim);
Tensor reshape(const Tensor& t, const Dims& sizes);
Tensor transpose(const Tensor& t, int64_t dim0, int64_t dim1);
Tensor permute(const Tensor& t, const Dims& dims);
Tensor squeeze(const Tensor& t);
Tensor squeeze_dim(const Tensor& t, int64_t dim);
Tensor unsqueeze(const Tensor& t, int64_t dim);
Tensor expand(const Tensor& t, const Dims& sizes);
Tensor select(const Tensor& t, int64_t dim, int64_t index);
/** python's slice with step >= 1, already clipped or not */
Tensor slice(const Tensor& t, int64_t dim, int64_t start, int64_t end, int64_t step);
Tensor diagonal(const Tensor& t, int64_t offset, int64_t dim1, int64_t dim2);
/** Windows of `size` elements along dim, `step` apart, as the last dimension of the result. */
Tensor unfold(const Tensor& t, int64_t dim, int64_t size, int64_t step);
Tensor as_strided(const Tensor& t, const Dims& sizes, const Dims& strides, int64_t offset);
Tensor detach(const Tensor& t);
/** out, made from `inputs`; a backward pass that reaches it fails, naming `name` ("aten::floor_divide"). */
Tensor without_derivative(const Tensor& out, const Tensors& inputs, const std::string& name);
/** PyTorch's `.data`: shares memory, not the version. */
Tensor data_of(const Tensor& t);
// cat.cpp
Tensor cat(const Tensors& tensors, int64_t dim);
Tensor stack(const Tensors& tensors, int64_t dim);
// rearrange.cpp
Tensor flip(const Tensor& t, const Dims& dims);
Tensor repeat(const Tensor& t, const Dims& repeats);
Tensor tril(const Tensor& t, int64_t diagonal);
Tensor triu(const Tensor& t, int64_t diagonal);

// --- index.cpp: advanced indexing; an undefined index stands for ':'
Tensor index(const Tensor& t, const Tensors& indices);
Tensor index_put_(const Tensor& self, const Tensors& indices, const Tensor& values, bool accumulate);
Tensor index_select(const Tensor& t, int64_t dim, const Tensor& index);
Tensor gather(const Tensor& t, int64_t dim, const Tensor& index);
Tensor scatter(const Tensor& t, int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter_add(const Tensor& t, int64_t dim, const Tensor& index, const Tensor& source);
/** reduce: "sum", "prod", "mean", "amax" or "amin" of what goes to one place, with what was there or without.
 */
Tensor scatter_reduce(const Tensor& t, int64_t dim, const Tensor& index, const Tensor& source,
                      const std::string& reduce, bool include_self);
Tensor masked_select(const Tensor& t, const Tensor& mask);
Tensor nonzero(const Tensor& t);

// --- nn: embedding.cpp, softmax.cpp, loss.cpp, dropout.cpp
/** weight (V, E), indices any shape of int64/int32; padding_idx < 0: none */
Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx);
Tensor softmax(const Tensor& t, int64_t dim);
Tensor log_softmax(const Tensor& t, int64_t dim);
/** log-probabilities (N, C) or (N, C, d1, ...) or (C); reduction "none", "mean", "sum" */
Tensor nll_loss(const Tensor& input, const Tensor& target, const OptionalTensor& weight,
                const std::string& reduction, int64_t ignore_index);
/** Fused log_softmax + nll_loss over class indices, or cross entropy over class probabilities of input's
 * shape. */
Tensor cross_entropy(const Tensor& input, const Tensor& target, const OptionalTensor& weight,
                     const std::string& reduction, int64_t ignore_index, double label_smoothing);
Tensor mse_loss(const Tensor& input, const Tensor& target, const std::string& reduction);
Tensor dropout(const Tensor& t, double p, bool training, Generator& generator);

// normalise.cpp
/** Over the last dimensions, whose sizes are `shape`; weight and bias of that shape. */
Tensor layer_norm(const Tensor& t, const Dims& shape, const OptionalTensor& weight,
                  const OptionalTensor& bias, double eps);
/** eps absent: the least difference of the dtype */
Tensor rms_norm(const Tensor& t, const Dims& shape, const OptionalTensor& weight, std::optional<double> eps);
/** t (N, C, ...), weight and bias (C) */
Tensor group_norm(const Tensor& t, int64_t groups, const OptionalTensor& weight, const OptionalTensor& bias,
                  double eps);
/** t (N, C, ...), the others (C); where training the running statistics are written, else used */
Tensor batch_norm(const Tensor& t, const OptionalTensor& weight, const OptionalTensor& bias,
                  const OptionalTensor& running_mean, const OptionalTensor& running_var, bool training,
                  double momentum, double eps);

// patches.cpp: images (N, C, H, W); kernel, dilation, padding and stride are pairs
/** (C · kernel, N · places): each patch a column, zeros outside the image */
Tensor im2col(const Tensor& t, const Dims& kernel, const Dims& dilation, const Dims& padding,
              const Dims& stride);
/** Images of the sizes given: the sum of the columns where im2col would have read them. */
Tensor col2im(const Tensor& columns, const Dims& sizes, const Dims& kernel, const Dims& dilation,
              const Dims& padding, const Dims& stride);
/** values and int64 places in each flattened image */
Tensor2 max_pool2d(const Tensor& t, const Dims& kernel, const Dims& stride, const Dims& padding,
                   const Dims& dilation, bool ceil_mode);
/** How many windows fit along a dimension. */
int64_t pooled_size(int64_t size, int64_t kernel, int64_t stride, int64_t padding, int64_t dilation,
                    bool ceil_mode);
// ctc_loss.cpp
/**
 * log_probs (T, N, C), targets (N, S) or, one after the other, (sum of lengths); lengths (N), int64 on the
 * processor. The loss of each sequence (N).
 */
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const std::vector<int64_t>& input_lengths,
                const std::vector<int64_t>& target_lengths, int64_t blank, bool zero_infinity);

// --- recurrent layers, fused over layers and time: rnn.cpp, lstm.cpp, gru.cpp
/**
 * input (T, B, I), with batch_first (B, T, I), or packed (N, I) with the rows of each step in batch_sizes
 * (T); h0 (L D, B, P), c0 (L D, B, H), D = 1 or 2 directions, P = H but for an LSTM with projections;
 * weights, by layer and direction: w_ih, w_hh[, b_ih, b_hh][, w_hr]. `module` is the script's number of the
 * layer's module, under which the gradient through time is recorded (0: not). Results: output (..., D P),
 * laid out as the input, h_n[, c_n] as h0[, c0].
 */
struct RnnOptions {
  bool has_biases = true;
  int64_t num_layers = 1;
  double dropout = 0;
  bool training = false;
  bool batch_first = false;
  bool is_bidirectional = false;
  bool has_projections = false;
  OptionalTensor batch_sizes;
  int64_t module = 0;
};
Tensor2 rnn(const Tensor& input, const Tensor& h0, const Tensors& weights, const RnnOptions& options,
            bool relu, Generator& generator);
Tensor2 gru(const Tensor& input, const Tensor& h0, const Tensors& weights, const RnnOptions& options,
            Generator& generator);
Tensor3 lstm(const Tensor& input, const Tensor& h0, const Tensor& c0, const Tensors& weights,
             const RnnOptions& options, Generator& generator);
/** One step of one layer: input (B, I), states (B, H), weights w_ih, w_hh[, b_ih, b_hh]; the new states. */
Tensor rnn_cell(const Tensor& input, const Tensor& h, const Tensors& weights, int64_t module, bool relu);
Tensor gru_cell(const Tensor& input, const Tensor& h, const Tensors& weights, int64_t module);
Tensor2 lstm_cell(const Tensor& input, const Tensor& h, const Tensor& c, const Tensors& weights,
                  int64_t module);

// --- random.cpp
Tensor uniform_(const Tensor& self, double from, double to, Generator& generator);
Tensor normal_(const Tensor& self, double mean, double std, Generator& generator);
Tensor exponential_(const Tensor& self, double lambda, Generator& generator);
Tensor bernoulli_(const Tensor& self, double p, Generator& generator);
Tensor bernoulli(const Tensor& p, Generator& generator);
/** [from, to); `to` absent: the dtype's whole range as PyTorch defines it */
Tensor random_(const Tensor& self, int64_t from, std::optional<int64_t> to, Generator& generator);
Tensor randperm(int64_t n, Generator& generator);
Tensor multinomial(const Tensor& probabilities, int64_t samples, bool replacement, Generator& generator);

// --- optimizer steps, in place, no history: optim.cpp. As many gradients, states and counts as parameters;
// where no gradients are given, the parameters' own.
/** torch.optim.SGD; returns the momentum buffers that it made, in order, for those that were undefined (not
 * used without momentum). */
Tensors sgd_step(const Tensors& parameters, const Tensors& grads, const Tensors& momentum_buffers, double lr,
                 double momentum, double dampening, double weight_decay, bool nesterov, bool maximize);
/** torch.optim.Adam (decoupled: AdamW); max_exp_avg_sqs only with amsgrad. Counts on in state_steps, each of
 * one element. */
void adam_step(const Tensors& parameters, const Tensors& grads, const Tensors& exp_avgs,
               const Tensors& exp_avg_sqs, const Tensors& max_exp_avg_sqs, const Tensors& state_steps,
               double lr, double beta1, double beta2, double eps, double weight_decay, bool decoupled,
               bool maximize);
/** Tells the recorder what an update made of `before` by other operations did: the norms that a step's sweep
 * gathers. */
void note_update(const Tensor& parameter, const Tensor& grad, const Tensor& before);
/** 2-norm (or p-norm) over all the tensors together, as torch.nn.utils.get_total_norm: a scalar tensor. */
Tensor total_norm(const Tensors& tensors, double p);
/** total_norm of the gradients of those parameters that have one; undefined where none has. */
Tensor grad_norm(const Tensors& parameters, double p);
/** Multiplies these gradients by max_norm / (total_norm + 1e-6) where that is below 1, as
 * torch.nn.utils.clip_grads_with_norm_. */
void clip_grads_with_norm_(const Tensors& parameters, double max_norm, const Tensor& total_norm);

// --- kernels that more than one file calls
/** Broadcasting, converting copy of `source` into `self`, any strides; no history, no counters. */
inline constinit Kernel<void(const Tensor& self, const Tensor& source)> copy_kernel{"copy_"};

}  // namespace unroll
