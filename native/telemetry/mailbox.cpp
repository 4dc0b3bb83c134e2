#include "telemetry/mailbox.h"

#include <algorithm>

#include "autograd/variable.h"
#include "ops/ops.h"
#include "telemetry/control.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {

Reading read(const Tensor& tensor, int64_t first, int64_t count) {
  Reading reading;
  reading.step = recorder().steps();
  if (!tensor.defined()) return reading;
  reading.found = true;
  reading.sizes = tensor.sizes();
  reading.dtype = tensor.dtype();
  GradMode off(false);
  Tensor flat = contiguous(tensor);
  first = std::clamp<int64_t>(first, 0, flat.numel());
  count = std::clamp<int64_t>(count, 0, flat.numel() - first);
  reading.cells.resize(static_cast<size_t>(count));
  visit_dtype(flat.dtype(), [&](auto zero) {
    const auto* data = flat.data<decltype(zero)>() + first;
    for (int64_t i = 0; i < count; ++i) reading.cells[static_cast<size_t>(i)] = static_cast<double>(data[i]);
  });
  return reading;
}

}  // namespace

Mailbox& mailbox() {
  static Mailbox the_mailbox;
  return the_mailbox;
}

uint64_t Mailbox::ask(const std::string& parameter, bool gradient, int64_t first, int64_t count) {
  uint64_t ticket;
  {
    std::lock_guard lock(mutex_);
    ticket = next_ticket_++;
    requests_.push_back({ticket, parameter, gradient, first, count});
    waiting_.store(true, std::memory_order_release);
  }
  wake_trainer();
  return ticket;
}

bool Mailbox::take(uint64_t ticket, Reading& answer) {
  std::lock_guard lock(mutex_);
  auto found = answers_.find(ticket);
  if (found == answers_.end()) return false;
  answer = std::move(found->second);
  answers_.erase(found);
  return true;
}

void Mailbox::answer_all() {
  std::lock_guard lock(mutex_);
  for (const Request& request : requests_) {
    Tensor tensor = recorder().parameter(request.parameter);
    if (tensor.defined() && request.gradient) tensor = tensor.grad();
    answers_[request.ticket] = read(tensor, request.first, request.count);
  }
  requests_.clear();
  waiting_.store(false, std::memory_order_release);
}

}  // namespace unroll
