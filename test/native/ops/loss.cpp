#include <cstring>

#include "backend/cpu/threads.h"
#include "gradcheck.h"

using namespace unroll;

namespace {

Tensor classes_of(const Dims& sizes, const std::vector<int64_t>& values) {
  Tensor t = empty(sizes, DType::Int64);
  std::copy(values.begin(), values.end(), t.data<int64_t>());
  return t;
}

double value(const Tensor& t) { return to_dtype(t, DType::Float64).data<double>()[0]; }

/** Cross entropy of rows (N, C) written out: the losses' sum, and what they are divided by for the mean. */
struct Expected {
  double sum = 0, total = 0;
  std::vector<double> losses;
  Expected(const Tensor& x, const Tensor& target, const Tensor& weight, int64_t ignored, double smoothing) {
    const int64_t n = x.size(0), classes = x.size(1);
    const auto w = [&](int64_t c) { return weight.defined() ? weight.data<double>()[c] : 1.0; };
    for (int64_t r = 0; r < n; ++r) {
      const double* row = x.data<double>() + r * classes;
      const int64_t t = target.data<int64_t>()[r];
      losses.push_back(0);
      if (t == ignored) continue;
      double e = 0, smooth = 0;
      for (int64_t c = 0; c < classes; ++c) e += std::exp(row[c]);
      for (int64_t c = 0; c < classes; ++c) smooth += w(c) * (std::log(e) - row[c]);
      losses.back() = (1 - smoothing) * w(t) * (std::log(e) - row[t]) + smoothing / double(classes) * smooth;
      sum += losses.back();
      total += w(t);
    }
  }
};

}  // namespace

TEST(cross_entropy_of_class_indices) {
  const Tensor x = mul_scalar(some_doubles({6, 65}, 1), Scalar::of(4.0));
  const Tensor target = classes_of({6}, {3, 64, -100, 0, 3, 17});
  for (const Tensor& weight : {Tensor(), abs(some_doubles({65}, 2))})
    for (const double smoothing : {0.0, 0.1, 1.0})
      for (const int64_t ignored : {-100, 3}) {
        const Tensor known = ignored == 3 ? classes_of({6}, {3, 64, 5, 0, 3, 17}) : target;
        const Expected e(x, known, weight, ignored, smoothing);
        CHECK_NEAR(value(cross_entropy(x, known, weight, "sum", ignored, smoothing)), e.sum, 1e-12);
        CHECK_NEAR(value(cross_entropy(x, known, weight, "mean", ignored, smoothing)), e.sum / e.total,
                   1e-12);
        const Tensor each = cross_entropy(x, known, weight, "none", ignored, smoothing);
        for (int64_t r = 0; r < 6; ++r) CHECK_NEAR(each.data<double>()[r], e.losses[size_t(r)], 1e-12);
        const Tensor f = to_dtype(x, DType::Float32);
        const Tensor w = weight.defined() ? to_dtype(weight, DType::Float32) : weight;
        CHECK_NEAR(value(cross_entropy(f, known, w, "mean", ignored, smoothing)), e.sum / e.total, 1e-5);
      }
}

TEST(nll_is_cross_entropy_of_log_softmax) {
  const Tensor x = some_doubles({5, 4}, 1), target = classes_of({5}, {3, 0, 9, 1, 1});
  for (const Tensor& weight : {Tensor(), abs(some_doubles({4}, 2))})
    for (const char* reduction : {"none", "mean", "sum"}) {
      const Tensor a = nll_loss(log_softmax(x, 1), target, weight, reduction, 9);
      const Tensor b = cross_entropy(x, target, weight, reduction, 9, 0);
      CHECK(a.sizes() == b.sizes());
      for (int64_t i = 0; i < a.numel(); ++i) CHECK_NEAR(a.data<double>()[i], b.data<double>()[i], 1e-14);
    }
  // Nothing counted: no mean, but a sum of zero.
  const Tensor ignored = classes_of({2}, {-100, -100}), y = some_doubles({2, 4}, 1);
  CHECK(std::isnan(value(nll_loss(y, ignored, {}, "mean", -100))));
  CHECK(value(nll_loss(y, ignored, {}, "sum", -100)) == 0);
  CHECK(std::isnan(value(cross_entropy(y, ignored, {}, "mean", -100, 0))));
}

TEST(further_dimensions) {
  const Tensor x = some_doubles({2, 3, 4, 5}, 1);
  Tensor target = empty({2, 4, 5}, DType::Int64);
  for (int64_t i = 0; i < 40; ++i) target.data<int64_t>()[i] = i * 7 % 3;
  const Tensor rows = contiguous(reshape(permute(x, {0, 2, 3, 1}), {40, 3})), flat = view(target, {40});
  CHECK_NEAR(value(cross_entropy(x, target, {}, "mean", -100, 0.1)),
             value(cross_entropy(rows, flat, {}, "mean", -100, 0.1)), 1e-14);
  const Tensor each = nll_loss(x, target, {}, "none", -100),
               expected = nll_loss(rows, flat, {}, "none", -100);
  CHECK((each.sizes() == Dims{2, 4, 5}));
  for (int64_t i = 0; i < 40; ++i) CHECK(each.data<double>()[i] == expected.data<double>()[i]);
  const Tensor one = some_doubles({3}, 1), two = classes_of({}, {2});
  CHECK((cross_entropy(one, two, {}, "none", -100, 0).sizes() == Dims{}));
  CHECK_NEAR(value(cross_entropy(one, two, {}, "mean", -100, 0)), -log_softmax(one, 0).data<double>()[2],
             1e-14);
}

TEST(class_probabilities) {
  const Tensor x = some_doubles({4, 3}, 1), p = softmax(some_doubles({4, 3}, 2), 1),
               w = abs(some_doubles({3}, 3));
  const Tensor l = log_softmax(x, 1);
  double sum = 0;
  for (int64_t i = 0; i < 12; ++i)
    sum -= (0.9 * p.data<double>()[i] + 0.1 / 3) * w.data<double>()[i % 3] * l.data<double>()[i];
  CHECK_NEAR(value(cross_entropy(x, p, w, "sum", -100, 0.1)), sum, 1e-14);
  CHECK_NEAR(value(cross_entropy(x, p, w, "mean", -100, 0.1)), sum / 4, 1e-14);
  CHECK((cross_entropy(x, p, w, "none", -100, 0.1).sizes() == Dims{4}));
  CHECK_GRADIENTS([](const Tensors& t) { return cross_entropy(t[0], t[1], {}, "mean", -100, 0); },
                  {x, clone(p)});
}

TEST(mse) {
  const Tensor a = some_doubles({3, 4}, 1), b = some_doubles({3, 4}, 2), row = some_doubles({4}, 3);
  double sum = 0;
  for (int64_t i = 0; i < 12; ++i) sum += std::pow(a.data<double>()[i] - b.data<double>()[i], 2);
  CHECK_NEAR(value(mse_loss(a, b, "sum")), sum, 1e-14);
  CHECK_NEAR(value(mse_loss(a, b, "mean")), sum / 12, 1e-14);
  CHECK((mse_loss(a, row, "none").sizes() == Dims{3, 4}));
  for (const char* reduction : {"none", "mean", "sum"}) {
    CHECK_GRADIENTS([&](const Tensors& t) { return mse_loss(t[0], t[1], reduction); }, {clone(a), clone(b)});
    CHECK_GRADIENTS([&](const Tensors& t) { return mse_loss(t[0], t[1], reduction); },
                    {clone(a), clone(row)});
    CHECK_SECOND_GRADIENTS([&](const Tensors& t) { return mse_loss(t[0], t[1], reduction); },
                           {clone(a), clone(b)});
  }
}

TEST(gradients) {
  const Tensor target = classes_of({4}, {2, -100, 0, 2}), weight = abs(some_doubles({3}, 5));
  for (const char* reduction : {"none", "mean", "sum"})
    for (const Tensor& w : {Tensor(), weight}) {
      for (const double smoothing : {0.0, 0.2}) {
        const auto loss = [&](const Tensors& t) {
          return cross_entropy(t[0], target, w, reduction, -100, smoothing);
        };
        CHECK_GRADIENTS(loss, {some_doubles({4, 3}, 1)});
        CHECK_SECOND_GRADIENTS(loss, {some_doubles({4, 3}, 1)});
      }
      const auto nll = [&](const Tensors& t) {
        return nll_loss(log_softmax(t[0], 1), target, w, reduction, -100);
      };
      CHECK_GRADIENTS(nll, {some_doubles({4, 3}, 1)});
      CHECK_SECOND_GRADIENTS(nll, {some_doubles({4, 3}, 1)});
    }
  const Tensor deep = classes_of({2, 2}, {1, 0, 2, 1});
  CHECK_GRADIENTS([&](const Tensors& t) { return cross_entropy(t[0], deep, {}, "mean", -100, 0); },
                  {some_doubles({2, 3, 2}, 1)});
  CHECK_GRADIENTS([&](const Tensors& t) { return nll_loss(t[0], deep, {}, "mean", -100); },
                  {some_doubles({2, 3, 2}, 1)});
}

TEST(bits_do_not_depend_on_threads) {
  const int before = cpu::num_threads();
  Tensor target = empty({700}, DType::Int64), expected;
  for (int64_t i = 0; i < 700; ++i) target.data<int64_t>()[i] = i * i % 90;
  const Tensor x = to_dtype(some_doubles({700, 90}, 1), DType::Float32);
  set_requires_grad(x, true);
  for (const int threads : {1, 2, 5}) {
    cpu::set_num_threads(threads);
    const Tensor found = grad({cross_entropy(x, target, {}, "mean", -100, 0)}, {Tensor()}, {x}, {}, false)[0];
    if (threads == 1) expected = found;
    CHECK(std::memcmp(found.raw_data(), expected.raw_data(), static_cast<size_t>(x.numel()) * 4) == 0);
  }
  cpu::set_num_threads(before);
}

TEST(errors_are_pytorchs) {
  const auto ce = [](const Dims& input, const Tensor& target, const Tensor& weight = {},
                     double smoothing = 0) {
    return check::thrown_by(
        [&] { cross_entropy(some_doubles(input), target, weight, "mean", -100, smoothing); });
  };
  const auto nll = [](const Dims& input, const Tensor& target, const char* reduction = "mean") {
    return check::thrown_by([&] { nll_loss(some_doubles(input), target, {}, reduction, -100); });
  };
  CHECK(ce({2, 3}, classes_of({2}, {1, 7})) == "Target 7 is out of bounds.");
  CHECK(nll({2, 3}, classes_of({2}, {1, -1})) == "Target -1 is out of bounds.");
  CHECK(ce({2, 3}, classes_of({3}, {1, 2, 0})) ==
        "Expected input batch_size (2) to match target batch_size (3).");
  CHECK(ce({2, 3}, some_doubles({2, 4})) == "0D or 1D target tensor expected, multi-target not supported");
  CHECK(ce({3}, classes_of({2}, {1, 2})) ==
        "For 1D input, 1D target must have size 1, but got target size: 2");
  CHECK(ce({2, 3, 4}, classes_of({2, 2}, {1, 2, 1, 2})) == "Expected target size [2, 4], got [2, 2]");
  CHECK(ce({2, 3}, some_doubles({2})) == "expected target dtype to be Long or Byte, but got Double");
  CHECK(ce({2, 3}, classes_of({2}, {1, 2}), some_doubles({2})) ==
        "weight tensor should be defined either for all 3 classes or no classes but got weight tensor of "
        "shape: [2]");
  CHECK(ce({2, 3}, classes_of({2}, {1, 2}), {}, 1.5) ==
        "label_smoothing must be between 0.0 and 1.0. Got: 1.5");
  CHECK(nll({}, classes_of({}, {1})) == "Expected 1 or more dimensions (got 0)");
  CHECK(nll({2, 3}, classes_of({2}, {1, 2}), "foo") == "foo is not a valid value for reduction");
  CHECK(check::thrown_by([] {
          mse_loss(some_doubles({2, 3}), some_doubles({2, 4}), "mean");
        }) == "The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1");
  const Tensor integers = full({2}, Scalar::of(int64_t{1}), DType::Int64);
  CHECK(check::thrown_by([&] { mse_loss(integers, integers, "mean"); }) ==
        "\"mse_cpu\" not implemented for 'Long'");
}

namespace {

/** The gradients of x, and of log_softmax's output where it is asked for, of nll_loss behind log_softmax. */
struct Behind {
  Tensor x, scores;
};

Behind behind_log_softmax(const Tensor& x, const Tensor& target, const Tensor& weight, const char* reduction,
                          const std::function<Tensor(const Tensor&)>& change, bool asked = false) {
  const Tensor leaf = detach(x);
  set_requires_grad(leaf, true);
  const Tensor scores = log_softmax(leaf, 1);
  const Tensor loss = nll_loss(change(scores), target, weight, reduction, -100);
  const Tensors grads{loss.dim() ? some_doubles(loss.sizes(), 7) : full({}, Scalar::of(1.5), DType::Float64)};
  if (!asked) return {grad({loss}, grads, {leaf}, {}, false)[0], {}};
  const Tensors both = grad({loss}, grads, {leaf, scores}, {}, false);
  return {both[0], both[1]};
}

}  // namespace

TEST(nll_loss_behind_log_softmax_is_one_pass) {
  const auto as_it_is = [](const Tensor& t) { return t; };
  const auto disguised = [](const Tensor& t) { return mul_scalar(t, Scalar::of(1.0)); };
  const Tensor x = mul_scalar(some_doubles({5, 33}, 1), Scalar::of(3.0)),
               target = classes_of({5}, {3, 32, -100, 0, 3});
  for (const Tensor& weight : {Tensor(), abs(some_doubles({33}, 2))})
    for (const char* reduction : {"mean", "sum", "none"}) {
      const Behind own = behind_log_softmax(x, target, weight, reduction, as_it_is),
                   plain = behind_log_softmax(x, target, weight, reduction, disguised),
                   asked = behind_log_softmax(x, target, weight, reduction, as_it_is, true);
      for (int64_t i = 0; i < x.numel(); ++i) {
        CHECK_NEAR(own.x.data<double>()[i], plain.x.data<double>()[i], 1e-14);
        CHECK_NEAR(asked.x.data<double>()[i], plain.x.data<double>()[i], 1e-14);
      }
      // The gradient of the scores themselves: a number a row.
      for (int64_t r = 0; r < 5; ++r)
        for (int64_t c = 0; c < 33; ++c) {
          const int64_t t = target.data<int64_t>()[r];
          CHECK((contiguous(asked.scores).data<double>()[r * 33 + c] != 0) == (c == t));
        }
    }
  // Scores that were changed since are not log_softmax's any more.
  const Tensor leaf = detach(x);
  set_requires_grad(leaf, true);
  const Tensor scores = log_softmax(leaf, 1), loss = nll_loss(scores, target, {}, "sum", -100);
  {
    GradMode off(false);
    fill_(scores, Scalar::of(0.0));
  }
  CHECK(check::thrown_by([&] {
          backward({loss}, {Tensor()}, {});
        }).find("modified by an inplace operation") != std::string::npos);
}
