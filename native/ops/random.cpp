// Tensors filled from a generator, element by element in PyTorch's order.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "autograd/variable.h"
#include "ops/ops.h"
#include "rng/distributions.h"
#include "rng/sampling.h"

namespace unroll {

namespace {

void check_on_cpu(const Tensor& t, const char* name) {
  UNROLL_CHECK_KIND(NotImplemented, t.device_type() == DeviceType::Cpu, "the operation '", name,
                    "' is not supported on ", t.device().name());
}

/**
 * An uninitialised tensor of t's sizes without gaps whose memory has t's order of dimensions: PyTorch draws
 * the elements of a tensor in the order in which they lie in memory.
 */
Tensor empty_in_order_of(const Tensor& t) {
  int order[kMaxDims];
  std::iota(order, order + t.dim(), 0);
  std::stable_sort(order, order + t.dim(), [&](int a, int b) { return t.strides()[a] > t.strides()[b]; });
  Dims strides(t.dim(), 1);
  int64_t stride = 1;
  for (int i = t.dim() - 1; i >= 0; --i) {
    strides[order[i]] = stride;
    stride *= std::max<int64_t>(t.sizes()[order[i]], 1);
  }
  return empty_strided(t.sizes(), strides, t.dtype(), t.device());
}

/** Elements of 16 bits are drawn in float32 and rounded, but for integers. */
template <class Draw>
auto widening(Draw draw) {
  return [draw](const Tensor& t) {
    if (!is_half(t.dtype())) return draw(t);
    const Tensor wide = empty_strided(t.sizes(), t.strides(), DType::Float32, t.device());
    draw(wide);
    copy_kernel(t.device_type(), t, wide);
  };
}

/** What `draw` makes on the processor, whose generator it is, in the gapless t on its own device. */
template <class Draw>
void draw_into(const Tensor& t, Draw draw) {
  if (t.device_type() == DeviceType::Cpu) return draw(t);
  if (t.numel() == 0) return;
  const Tensor samples = empty_strided(t.sizes(), t.strides(), t.dtype(), cpu_device());
  draw(samples);
  t.device().copy_in(t.storage().block(), t.byte_offset(), samples.raw_data(), samples.storage().bytes());
}

/** Overwrites self with what `draw(tensor)` makes of a tensor without gaps. Self's old value gets no
 * gradient. */
template <class Draw>
Tensor fill_drawn(const Tensor& self, const char* node, Draw draw) {
  in_place(
      self, false,
      [&] {
        if (self.is_contiguous()) return draw_into(self, draw);
        const Tensor samples = empty_in_order_of(self);
        draw_into(samples, draw);
        copy_kernel(self.device_type(), self, samples);
      },
      [&](const Tensor& old) {
        Tensor samples = empty_in_order_of(self);
        draw_into(samples, draw);
        record(samples, node, {old}, [](Node&, const Tensor&) -> Tensors { return Tensors(1); });
        return samples;
      });
  return self;
}

/** Where rounding to the 16-bit type would reach `to`, `from` stands: [from, to) leaves it out. */
template <class T>
void keep_below(const Tensor& wide, double from, double to) {
  float* values = wide.data<float>();
  for (int64_t i = 0; i < wide.numel(); ++i)
    if (static_cast<float>(T(values[i])) == static_cast<float>(T(to))) values[i] = static_cast<float>(from);
}

void check_bounds(DType type, double from, double to) {
  const double largest = type == DType::Float16 ? 65504 : 0x1.fep127;
  UNROLL_CHECK(std::fabs(from) <= largest, "from is out of bounds for ", c_type_name(type));
  UNROLL_CHECK(std::fabs(to) <= largest, "to is out of bounds for ", c_type_name(type));
  UNROLL_CHECK(to - from <= largest, "uniform_ expects to-from <= std::numeric_limits<",
               scalar_type_name(type), ">::max(), but found to=", to, " and from=", from,
               " which result in to-from to exceed the limit");
}

}  // namespace

Tensor uniform_(const Tensor& self, double from, double to, Generator& generator) {
  const DType stored = self.dtype();
  if (is_half(stored)) check_bounds(stored, from, to);
  return fill_drawn(self, "UniformBackward0", widening([&, stored](const Tensor& t) {
                      visit_floating(t.dtype(), "check_uniform_bounds", [&](auto type) {
                        using T = decltype(type);
                        rng::uniform_(t.data<T>(), t.numel(), from, to, generator);
                      });
                      if (stored == DType::Float16) keep_below<Half>(t, from, to);
                      if (stored == DType::BFloat16) keep_below<BFloat16>(t, from, to);
                    }));
}

Tensor normal_(const Tensor& self, double mean, double std, Generator& generator) {
  const bool in_blocks = self.is_contiguous();
  const bool draws_rest = !is_half(self.dtype());
  return fill_drawn(self, "NormalBackward0", widening([&](const Tensor& t) {
                      visit_floating(t.dtype(), "normal_kernel_cpu", [&](auto type) {
                        using T = decltype(type);
                        if (in_blocks)
                          rng::normal_(t.data<T>(), t.numel(), mean, std, generator, draws_rest);
                        else
                          rng::normal_pairwise_(t.data<T>(), t.numel(), mean, std, generator);
                      });
                    }));
}

Tensor exponential_(const Tensor& self, double lambda, Generator& generator) {
  UNROLL_CHECK(is_floating(self.dtype()),
               "Exponential distribution is a continuous probability distribution. dtype must be a floating "
               "point but you "
               "specified ",
               scalar_type_name(self.dtype()));
  return fill_drawn(self, "ExponentialBackward0", widening([&](const Tensor& t) {
                      visit_floating(t.dtype(), "exponential_", [&](auto type) {
                        using T = decltype(type);
                        rng::exponential_(t.data<T>(), t.numel(), lambda, generator);
                      });
                    }));
}

Tensor bernoulli_(const Tensor& self, double p, Generator& generator) {
  return fill_drawn(self, "BernoulliBackward0", widening([&](const Tensor& t) {
                      visit_computed(t.dtype(), [&](auto type) {
                        using T = decltype(type);
                        rng::bernoulli_(t.data<T>(), t.numel(), p, generator);
                      });
                    }));
}

Tensor bernoulli(const Tensor& p, Generator& generator) {
  check_on_cpu(p, "bernoulli");
  if (is_half(p.dtype())) return to_dtype(bernoulli(to_dtype(p, DType::Float32), generator), p.dtype());
  Tensor out = empty(p.sizes(), p.dtype(), p.device());
  const Tensor probabilities = contiguous(detach(p));
  visit_floating(p.dtype(), "bernoulli_tensor_cpu_p_", [&](auto type) {
    using T = decltype(type);
    const T* first = probabilities.data<T>();
    UNROLL_CHECK(std::all_of(first, first + p.numel(), [](T v) { return v >= 0 && v <= 1; }),
                 "Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
    rng::bernoulli_(out.data<T>(), first, p.numel(), generator);
  });
  if (needs_grad(p))
    record(out, "BernoulliBackward0", {p}, [](Node&, const Tensor&) -> Tensors { return Tensors(1); });
  return out;
}

Tensor random_(const Tensor& self, int64_t from, std::optional<int64_t> to, Generator& generator) {
  return fill_drawn(self, "RandomBackward0", [&](const Tensor& t) {
    visit_dtype(t.dtype(), [&](auto type) {
      using T = decltype(type);
      if (from == 0 && !to)
        rng::random_(t.data<T>(), t.numel(), generator);
      else
        rng::random_(t.data<T>(), t.numel(), from, to, generator);
    });
  });
}

Tensor randperm(int64_t n, Generator& generator) {
  Tensor out = empty({n}, DType::Int64);
  rng::randperm(out.data<int64_t>(), n, generator);
  return out;
}

Tensor multinomial(const Tensor& probabilities, int64_t samples, bool replacement, Generator& generator) {
  check_on_cpu(probabilities, "multinomial");
  UNROLL_CHECK(probabilities.dim() == 1 || probabilities.dim() == 2, "prob_dist must be 1 or 2 dim");
  UNROLL_CHECK(is_floating(probabilities.dtype()),
               "multinomial only supports floating-point dtypes for input, got: ",
               scalar_type_name(probabilities.dtype()));
  UNROLL_CHECK(samples > 0, "cannot sample n_sample <= 0 samples");
  const bool is_narrow = is_half(probabilities.dtype());
  const Tensor weights =
      contiguous(is_narrow ? to_dtype(detach(probabilities), DType::Float32) : detach(probabilities));
  const int64_t categories = weights.size(-1), rows = weights.dim() == 2 ? weights.size(0) : 1;
  Dims sizes = weights.sizes();
  sizes[sizes.size() - 1] = samples;
  Tensor out = empty(sizes, DType::Int64, weights.device());
  visit_floating(weights.dtype(), "multinomial", [&](auto type) {
    using T = decltype(type);
    rng::multinomial(out.data<int64_t>(), static_cast<const T*>(weights.data<T>()), rows, categories, samples,
                     replacement, generator);
  });
  return out;
}

}  // namespace unroll
