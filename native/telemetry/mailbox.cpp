#include "telemetry/mailbox.h"

#include <algorithm>

#include "telemetry/control.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {

Reading answer_to(const Question& question, const Tensor& tensor) {
  Reading reading = read_tensor(tensor, question);
  reading.step = recorder().steps();
  return reading;
}

}  // namespace

Mailbox& mailbox() {
  static Mailbox the_mailbox;
  return the_mailbox;
}

uint64_t Mailbox::ask(const Question& question) {
  uint64_t ticket;
  {
    std::lock_guard lock(mutex_);
    ticket = next_ticket_++;
    requests_.push_back({ticket, question});
    (question.of == Question::Of::Activation ? wanting_ : waiting_).store(true, std::memory_order_release);
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

void Mailbox::forget(uint64_t ticket) {
  std::lock_guard lock(mutex_);
  answers_.erase(ticket);
  std::erase_if(requests_, [&](const Request& request) { return request.ticket == ticket; });
}

void Mailbox::answer_all() {
  std::lock_guard lock(mutex_);
  std::vector<Request> kept;
  for (Request& request : requests_) {
    if (request.question.of == Question::Of::Activation) {
      kept.push_back(std::move(request));
      continue;
    }
    Tensor tensor = recorder().parameter(request.question.name);
    if (tensor.defined() && request.question.of == Question::Of::Gradient) tensor = tensor.grad();
    answers_[request.ticket] = answer_to(request.question, tensor);
  }
  requests_ = std::move(kept);
  waiting_.store(false, std::memory_order_release);
}

std::vector<std::string> Mailbox::wanted_activations() {
  if (!wanting_.load(std::memory_order_acquire)) return {};
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (Request& request : requests_) {
    if (request.question.of != Question::Of::Activation || request.is_announced) continue;
    request.is_announced = true;
    if (std::find(names.begin(), names.end(), request.question.name) == names.end())
      names.push_back(request.question.name);
  }
  wanting_.store(false, std::memory_order_release);
  return names;
}

void Mailbox::offer_activation(const std::string& module, const Tensor& output) {
  std::lock_guard lock(mutex_);
  std::erase_if(requests_, [&](const Request& request) {
    if (request.question.of != Question::Of::Activation || request.question.name != module) return false;
    answers_[request.ticket] = answer_to(request.question, output);
    return true;
  });
}

}  // namespace unroll
