#include "../../golden/optim.h"

#include <cmath>
#include <cstring>

#include "autograd/variable.h"
#include "backend/cpu/threads.h"
#include "backend/kernels.h"
#include "check.h"
#include "telemetry/drained.h"
#include "telemetry/recorder.h"
#include "values.h"

using namespace unroll;
using check::thrown_by;
using List = std::vector<double>;

namespace {

Tensor start(DType dtype) {
  List all;
  for (int i = 0; i < golden::kCount; ++i) all.push_back((i * 7 % 11 - 5) / 4.0);
  return tensor_of({golden::kCount}, all, dtype);
}

Tensor gradient(int step, DType dtype) {
  List all;
  for (int i = 0; i < golden::kCount; ++i) all.push_back(((i * 5 + step * 3) % 13 - 6) / 8.0);
  return tensor_of({golden::kCount}, all, dtype);
}

void check_close(const Tensor& found, const golden::OptimCase& expected) {
  const List all = values(found);
  const double unit = expected.dtype == DType::Float32 ? 0x1p-24 : 0x1p-53;
  for (size_t i = 0; i < all.size(); ++i)
    CHECK_NEAR(all[i], expected.parameter[i], 4 * unit * (1 + std::fabs(all[i])));
}

/** Switches recording for its lifetime. */
class Recording {
 public:
  explicit Recording(bool enabled) : before_(recorder().enabled()) { recorder().set_enabled(enabled); }
  ~Recording() { recorder().set_enabled(before_); }

 private:
  bool before_;
};

bool same_bits(const Tensor& a, const Tensor& b) {
  const auto bytes = static_cast<size_t>(a.numel() * item_size(a.dtype()));
  return bytes == 0 || std::memcmp(a.raw_data(), b.raw_data(), bytes) == 0;
}

/** Three steps of everything at once, from the same start. */
Tensors trained(int64_t n, DType dtype) {
  const Tensor p = noisy({n}, dtype), q = noisy({n}, dtype, 1), m = zeros({n}, dtype), v = zeros({n}, dtype),
               largest = zeros({n}, dtype);
  Tensor buffer;
  const Tensor count = zeros({});
  for (int64_t step = 1; step <= 3; ++step) {
    const Tensor g = noisy({n}, dtype, 1 + step);
    const Tensors made = sgd_step({p}, {g}, {buffer}, 0.1, 0.9, 0.1, 0.01, true, false);
    if (step == 1) buffer = made[0];
    adam_step({q}, {g}, {m}, {v}, {largest}, {count}, 0.01, 0.9, 0.999, 1e-8, 0.01, true, false);
  }
  return {p, q, buffer, m, v, largest};
}

}  // namespace

TEST(sgd_is_pytorchs) {
  for (const golden::OptimCase& c : golden::sgd) {
    const Tensor p = start(c.dtype);
    Tensors buffers = {Tensor()};
    for (int step = 0; step < golden::kSteps; ++step) {
      const Tensors made = sgd_step({p}, {gradient(step, c.dtype)}, buffers, 0.1, c.momentum, c.dampening,
                                    c.weight_decay, c.nesterov, c.maximize);
      CHECK(std::ssize(made) == (step == 0 && c.momentum != 0));
      if (!made.empty()) buffers = made;
    }
    check_close(p, c);
  }
}

TEST(adam_is_pytorchs) {
  for (const golden::OptimCase& c : golden::adam) {
    const Tensor p = start(c.dtype), m = zeros_like(p), v = zeros_like(p), largest = zeros_like(p),
                 count = zeros({});
    for (int step = 0; step < golden::kSteps; ++step)
      adam_step({p}, {gradient(step, c.dtype)}, {m}, {v}, c.amsgrad ? Tensors{largest} : Tensors(), {count},
                0.1, c.beta1, c.beta2, c.eps, c.weight_decay, c.decoupled, c.maximize);
    check_close(p, c);
    CHECK(values(count)[0] == golden::kSteps);
  }
}

TEST(recording_and_threads_change_no_bit) {
  const int before = cpu::num_threads();
  for (DType dtype : {DType::Float32, DType::Float64})
    for (int64_t n : {1, 7, 1000, 100003}) {
      cpu::set_num_threads(1);
      const Tensors expected = [&] {
        Recording off(false);
        return trained(n, dtype);
      }();
      for (int threads : {1, 2, 3}) {
        cpu::set_num_threads(threads);
        Recording on(true);
        const Tensors found = trained(n, dtype);
        for (size_t i = 0; i < found.size(); ++i) CHECK(same_bits(found[i], expected[i]));
      }
    }
  cpu::set_num_threads(before);
}

TEST(the_sweep_gathers_sums_of_squares) {
  const int64_t n = 20003;
  for (int threads : {1, 3}) {
    cpu::set_num_threads(threads);
    const Tensor p = noisy({n}), g = noisy({n}, DType::Float32, 1);
    const List before = values(p), grads = values(g);
    SquareSums sums;
    sgd_kernel(DeviceType::Cpu, {p}, {g}, {}, {0.5, 0, 0, 0.1, false, false, false}, {&sums});
    const List after = values(p);
    double grad = 0, weight = 0, update = 0;
    for (size_t i = 0; i < after.size(); ++i) {
      grad += grads[i] * grads[i];
      weight += after[i] * after[i];
      update += (after[i] - before[i]) * (after[i] - before[i]);
    }
    CHECK_NEAR(sums.grad, grad, 1e-12 * grad);
    CHECK_NEAR(sums.weight, weight, 1e-12 * weight);
    CHECK_NEAR(sums.update, update, 1e-12 * update);
  }
}

TEST(any_layout) {
  const Tensor p = clone(transpose(noisy({30, 40}), 0, 1)), q = contiguous(p),
               g = noisy({40, 30}, DType::Float32, 1);
  Tensor buffer_p, buffer_q;
  for (int step = 0; step < 2; ++step) {
    const Tensor across = transpose(contiguous(transpose(g, 0, 1)), 0, 1);
    const Tensors made_p = sgd_step({p}, {g}, {buffer_p}, 0.1, 0.9, 0, 0, false, false),
                  made_q = sgd_step({q}, {across}, {buffer_q}, 0.1, 0.9, 0, 0, false, false);
    if (step > 0) continue;
    buffer_p = made_p[0];
    buffer_q = made_q[0];
  }
  CHECK(values(p) == values(q));
  CHECK(values(buffer_p) == values(buffer_q));
  const Tensor wide = noisy({10, 8}), gaps = slice(wide, 1, 0, 8, 2), dense = contiguous(gaps);
  const Tensor m = zeros({10, 4}), v = zeros({10, 4}), m2 = zeros({10, 4}), v2 = zeros({10, 4}),
               h = noisy({10, 4});
  adam_step({gaps}, {h}, {m}, {v}, {}, {zeros({})}, 0.1, 0.9, 0.999, 1e-8, 0, false, false);
  adam_step({dense}, {h}, {m2}, {v2}, {}, {zeros({})}, 0.1, 0.9, 0.999, 1e-8, 0, false, false);
  CHECK(values(gaps) == values(dense));
  CHECK(values(m) == values(m2));
}

TEST(all_at_once_is_one_after_the_other) {
  // Of two dtypes, sizes around a chunk, an empty one, and one that begins a step later.
  const std::vector<std::pair<Dims, DType>> kinds = {{{3}, DType::Float32},     {{100, 90}, DType::Float32},
                                                     {{2, 2}, DType::Float64},  {{0, 4}, DType::Float32},
                                                     {{20000}, DType::Float32}, {{8192}, DType::Float32},
                                                     {{5, 3}, DType::BFloat16}};
  struct Side {
    Tensors p, buffers, q, m, v, counts;
  };
  const auto make = [&] {
    Side s;
    for (size_t i = 0; i < kinds.size(); ++i) {
      const auto& [sizes, dtype] = kinds[i];
      for (Tensors* list : {&s.p, &s.q}) list->push_back(to_dtype(noisy(sizes), dtype));
      for (Tensors* list : {&s.m, &s.v}) list->push_back(zeros(sizes, dtype));
      s.buffers.emplace_back();
      s.counts.push_back(zeros({}));
    }
    return s;
  };
  const Side together = make(), apart = make();
  const auto step = [](const Side& on, const Tensors& grads, size_t first, size_t count, Tensors& buffers) {
    const auto some = [&](const Tensors& all) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
      return Tensors(begin, begin + static_cast<std::ptrdiff_t>(count));
    };
    const Tensors made = sgd_step(some(on.p), some(grads), some(buffers), 0.1, 0.9, 0.1, 0.01, true, false);
    size_t next = 0;
    for (size_t i = first; i < first + count; ++i)
      if (!buffers[i].defined()) buffers[i] = made[next++];
    CHECK(next == made.size());
    adam_step(some(on.q), some(grads), some(on.m), some(on.v), {}, some(on.counts), 0.01, 0.9, 0.999, 1e-8,
              0.01, true, false);
  };
  Tensors both[2] = {together.buffers, apart.buffers};
  for (int round = 0; round < 3; ++round) {
    Tensors grads;
    for (const auto& [sizes, dtype] : kinds)
      grads.push_back(to_dtype(noisy(sizes, DType::Float32, 7 + round), dtype));
    const size_t first = round == 0 ? 1 : 0, count = kinds.size() - first;
    step(together, grads, first, count, both[0]);
    for (size_t i = first; i < first + count; ++i) step(apart, grads, i, 1, both[1]);
  }
  for (size_t i = 0; i < kinds.size(); ++i) {
    CHECK(same_bits(together.p[i], apart.p[i]) && same_bits(together.q[i], apart.q[i]));
    CHECK(same_bits(both[0][i], both[1][i]));
    CHECK(same_bits(together.m[i], apart.m[i]) && same_bits(together.v[i], apart.v[i]));
    CHECK(values(together.counts[i])[0] == (i == 0 ? 2 : 3));
  }
}

TEST(what_is_written_is_counted) {
  const Tensor p = noisy({4}), m = zeros({4}), v = zeros({4});
  set_requires_grad(p, true);
  const uint64_t writes = p.storage().writes();
  adam_step({p}, {noisy({4})}, {m}, {v}, {}, {zeros({})}, 0.1, 0.9, 0.999, 1e-8, 0, false, false);
  CHECK(p.storage().writes() == writes + 1 && p.version() == 1);
  CHECK(m.version() == 1 && v.version() == 1);
  CHECK(p.is_leaf() && p.requires_grad());
}

TEST(refusals) {
  const Tensor p = noisy({4});
  const auto sgd = [](const Tensor& q, const Tensor& g) {
    sgd_step({q}, {g}, {}, 0.1, 0, 0, 0, false, false);
  };
  CHECK(thrown_by([&] { sgd(p, noisy({3})); }) ==
        "the gradient of sizes [3] does not belong to a parameter of sizes [4]");
  CHECK(thrown_by([&] { sgd(p, noisy({4}, DType::Float64)); }) ==
        "the gradient of dtype float64 does not belong to a parameter of dtype float32");
  CHECK(thrown_by([&] { sgd(integers({1}, {1}), integers({1}, {1})); }) ==
        "only parameters of floating point can be optimized, not int64");
  const auto adam = [&](const Tensors& grads, const Tensor& count) {
    adam_step({p}, grads, {zeros({4})}, {zeros({4})}, {}, {count}, 0.1, 0.9, 0.999, 1e-8, 0, false, false);
  };
  CHECK(thrown_by([&] { adam({p}, full({}, Scalar::of(-1.0), DType::Float32)); }) ==
        "adam_step counts from 1, got step 0");
  CHECK(thrown_by([&] { adam({p, p}, zeros({})); }) == "got 1 parameters and 2 gradients");
}

TEST(an_update_by_other_operations_is_recorded) {
  const bool was_enabled = recorder().enabled();
  recorder().set_enabled(true);
  drained(recorder());
  const Tensor p = full({4}, Scalar::of(3.0), DType::Float32),
               before = full({4}, Scalar::of(1.0), DType::Float32);
  recorder().name_parameters(7, {p}, {"p"});
  note_update(p, full({4}, Scalar::of(0.5), DType::Float32), before);
  recorder().end_step(7);
  const std::vector<uint8_t> record = drained(recorder());
  const auto holds = [&](float value) {
    for (size_t i = 0; i + sizeof value <= record.size(); ++i)
      if (std::memcmp(record.data() + i, &value, sizeof value) == 0) return true;
    return false;
  };
  CHECK(holds(1.0F) && holds(6.0F) && holds(4.0F));  // 2-norms of gradient, weight and update
  CHECK(thrown_by([&] { note_update(p, noisy({3}), before); }) ==
        "the gradient of sizes [3] does not belong to a parameter of sizes [4]");
  recorder().set_enabled(was_enabled);
}

TEST(total_norm_is_pytorchs) {
  Tensors tensors;
  for (int step = 0; step < golden::kSteps; ++step)
    tensors.push_back(slice(gradient(step, DType::Float32), 0, 0, step + 1, 1));
  for (auto [p, expected] : golden::norms)
    CHECK_NEAR(values(total_norm(tensors, p))[0], expected, 1e-6 * expected);
  // Eight sums of a quarter of a million squares each, whose rounding shows.
  const Tensor many = full({1 << 21}, Scalar::of(0.1), DType::Float32);
  const double low = values(total_norm({many}, 2))[0], exact = 0.1 * std::sqrt(double(1 << 21));
  CHECK(low != exact && std::abs(low / exact - 1) < 1e-3);
  float lane = 0;
  for (int i = 0; i < 1 << 18; ++i) lane += 0.1F * 0.1F;
  float all = lane;
  for (int i = 1; i < 8; ++i) all += lane;
  CHECK(low == double(std::sqrt(all)));
  CHECK(values(total_norm({transpose(full({3, 5}, Scalar::of(1.0), DType::Float32), 0, 1)}, 2))[0] ==
        double(std::sqrt(15.0F)));
  CHECK(values(total_norm({}, 2)) == List{0});
  CHECK(total_norm({noisy({3}, DType::Float64)}, 2).dtype() == DType::Float64);
}
