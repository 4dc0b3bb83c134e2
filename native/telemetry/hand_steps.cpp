#include "telemetry/hand_steps.h"

#include <algorithm>
#include <vector>

#include "autograd/variable.h"
#include "backend/readings.h"
#include "ops/ops.h"
#include "telemetry/mailbox.h"
#include "telemetry/recorder.h"

namespace unroll {

void square_sum_later(const Tensor& t, double& sum) {
  if (!recorder().enabled() || !t.defined()) return;
  read_later(norm(t, 2, {}, false), [&sum](double length) { sum = length * length; });
}

void HandSteps::add(const Tensor& leaf) {
  const auto [entry, is_new] = leaves_.try_emplace(leaf.ptr().get());
  if (!is_new && !entry->second.tensor.expired()) return;
  entry->second = {leaf.ptr(), leaf.storage().writes(), static_cast<int64_t>(leaves_.size())};
}

const std::deque<HandSteps::Updated>& HandSteps::updated() {
  if (updated_.empty()) look(nullptr);
  return updated_;
}

void HandSteps::look(const Storage* cleared) {
  GradMode off(false);
  std::vector<std::pair<int64_t, Tensor>> all;
  bool is_written = false, concerns = cleared == nullptr;
  for (auto leaf = leaves_.begin(); leaf != leaves_.end();) {
    const std::shared_ptr<TensorImpl> impl = leaf->second.tensor.lock();
    if (!impl) {
      leaf = leaves_.erase(leaf);
      continue;
    }
    const Tensor tensor(impl);
    concerns |= tensor.grad().defined() && &tensor.grad().storage() == cleared;
    is_written |= tensor.storage().writes() != leaf->second.writes;
    all.emplace_back(leaf->second.order, tensor);
    ++leaf;
  }
  if (!concerns || !is_written) return;
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [order, tensor] : all) {
    HandSteps::Updated& mine = updated_.emplace_back();
    mine.leaf = tensor.ptr();
    square_sum_later(tensor.grad(), mine.grad);
    square_sum_later(tensor, mine.weight);
  }
  mailbox().gradients_are_of(recorder().steps() + 1);  // whose record is written when the script comes by
}

void HandSteps::begin_step() {
  leaves_.clear();
  updated_.clear();
}

}  // namespace unroll
