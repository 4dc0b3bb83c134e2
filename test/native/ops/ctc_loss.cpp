#include "gradcheck.h"
#include "values.h"

using namespace unroll;

namespace {

/** The sum of the probabilities of all paths of T steps over C classes that read as `labels`. */
double naive(const std::vector<double>& p, int64_t steps, int64_t classes,
             const std::vector<int64_t>& labels) {
  double total = 0;
  int64_t paths = 1;
  for (int64_t t = 0; t < steps; ++t) paths *= classes;
  for (int64_t path = 0; path < paths; ++path) {
    double probability = 1;
    std::vector<int64_t> read;
    int64_t rest = path, before = 0;
    for (int64_t t = 0; t < steps; ++t, rest /= classes) {
      const int64_t c = rest % classes;
      probability *= p[static_cast<size_t>(t * classes + c)];
      if (c != 0 && c != before) read.push_back(c);
      before = c;
    }
    if (read == labels) total += probability;
  }
  return total;
}

}  // namespace

TEST(the_loss_sums_over_all_paths) {
  const Tensor logits = some_doubles({5, 1, 3}), log_probs = log_softmax(logits, 2);
  const std::vector<double> p = values(unroll::exp(log_probs));
  for (const std::vector<int64_t>& labels : {std::vector<int64_t>{1}, {1, 2}, {1, 1}, {2, 1, 2}, {}}) {
    const Tensor targets =
        integers({static_cast<int64_t>(labels.size())}, std::vector<double>(labels.begin(), labels.end()));
    const Tensor loss = ctc_loss(log_probs, targets, {5}, {static_cast<int64_t>(labels.size())}, 0, false);
    CHECK_NEAR(values(loss)[0], -std::log(naive(p, 5, 3, labels)), 1e-12);
  }
}

TEST(impossible_targets) {
  const Tensor log_probs = log_softmax(some_doubles({2, 1, 3}), 2), targets = integers({2}, {1, 1});
  CHECK(std::isinf(values(ctc_loss(log_probs, targets, {2}, {2}, 0, false))[0]));
  CHECK(values(ctc_loss(log_probs, targets, {2}, {2}, 0, true))[0] == 0);
}

TEST(gradients_agree_with_differences) {
  const Tensor targets = integers({2, 3}, {1, 2, 2, 3, 1, 0});
  CHECK_GRADIENTS(
      [&](const Tensors& in) {
        return ctc_loss(log_softmax(in[0], 2), targets, {6, 5}, {3, 2}, 0, false);
      },
      {some_doubles({6, 2, 4})});
}

TEST(arguments_are_checked) {
  const Tensor log_probs = log_softmax(some_doubles({2, 1, 3}), 2);
  CHECK(check::thrown_by([&] { ctc_loss(log_probs, integers({1}, {1}), {2}, {1}, 5, false); }) ==
        "blank must be in label range");
  CHECK(check::thrown_by([&] {
          ctc_loss(log_probs, integers({1}, {1}), {2, 2}, {1}, 0, false);
        }) == "input_lengths must be of size batch_size");
}
