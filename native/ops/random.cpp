// Tensors filled from a generator, element by element in PyTorch's order.
#include <algorithm>
#include <numeric>

#include "autograd/variable.h"
#include "ops/ops.h"
#include "rng/distributions.h"
#include "rng/sampling.h"

namespace unroll {

namespace {

void check_on_cpu(const Tensor& t, const char* name) {
  UNROLL_CHECK_KIND(NotImplemented, t.device_type() == DeviceType::Cpu, "the operation '", name,
                    "' is not supported on device ", device_type_name(t.device_type()));
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

/** Overwrites self with what `draw(memory, n)` makes, n elements side by side. Self's old value gets no
 * gradient. */
template <class Draw>
Tensor fill_drawn(const Tensor& self, const char* name, const char* node, Draw draw) {
  check_on_cpu(self, name);
  UNROLL_CHECK_KIND(NotImplemented, !is_half(self.dtype()), '"', name, "\" not implemented for '",
                    scalar_type_name(self.dtype()), "': draw float32 and convert");
  in_place(
      self, false,
      [&] {
        if (self.is_contiguous()) return draw(self);
        const Tensor samples = empty_in_order_of(self);
        draw(samples);
        copy_kernel(self.device_type(), self, samples);
      },
      [&](const Tensor& old) {
        Tensor samples = empty_in_order_of(self);
        draw(samples);
        record(samples, node, {old}, [](Node&, const Tensor&) -> Tensors { return Tensors(1); });
        return samples;
      });
  return self;
}

}  // namespace

Tensor uniform_(const Tensor& self, double from, double to, Generator& generator) {
  return fill_drawn(self, "uniform_", "UniformBackward0", [&](const Tensor& t) {
    visit_floating(t.dtype(), "check_uniform_bounds", [&](auto type) {
      using T = decltype(type);
      rng::uniform_(t.data<T>(), t.numel(), from, to, generator);
    });
  });
}

Tensor normal_(const Tensor& self, double mean, double std, Generator& generator) {
  const bool in_blocks = self.is_contiguous();
  return fill_drawn(self, "normal_", "NormalBackward0", [&](const Tensor& t) {
    visit_floating(t.dtype(), "normal_kernel_cpu", [&](auto type) {
      using T = decltype(type);
      if (in_blocks)
        rng::normal_(t.data<T>(), t.numel(), mean, std, generator);
      else
        rng::normal_pairwise_(t.data<T>(), t.numel(), mean, std, generator);
    });
  });
}

Tensor exponential_(const Tensor& self, double lambda, Generator& generator) {
  UNROLL_CHECK(is_floating(self.dtype()),
               "Exponential distribution is a continuous probability distribution. dtype must be a floating "
               "point but you "
               "specified ",
               scalar_type_name(self.dtype()));
  return fill_drawn(self, "exponential_", "ExponentialBackward0", [&](const Tensor& t) {
    visit_floating(t.dtype(), "exponential_", [&](auto type) {
      using T = decltype(type);
      rng::exponential_(t.data<T>(), t.numel(), lambda, generator);
    });
  });
}

Tensor bernoulli_(const Tensor& self, double p, Generator& generator) {
  return fill_drawn(self, "bernoulli_", "BernoulliBackward0", [&](const Tensor& t) {
    visit_computed(t.dtype(), [&](auto type) {
      using T = decltype(type);
      rng::bernoulli_(t.data<T>(), t.numel(), p, generator);
    });
  });
}

Tensor bernoulli(const Tensor& p, Generator& generator) {
  check_on_cpu(p, "bernoulli");
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
  return fill_drawn(self, "random_", "RandomBackward0", [&](const Tensor& t) {
    visit_computed(t.dtype(), [&](auto type) {
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
  const Tensor weights = contiguous(detach(probabilities));
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
