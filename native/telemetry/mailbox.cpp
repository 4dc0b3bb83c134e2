#include "telemetry/mailbox.h"

#include <algorithm>
#include <iterator>

#include "backend/recurrence.h"
#include "telemetry/control.h"
#include "telemetry/recorder.h"

namespace unroll {

namespace {

Reading answer_to(const Question& question, const Tensor& tensor) {
  Reading reading = read_tensor(tensor, question);
  reading.step = recorder().steps();
  return reading;
}

// A long time loop keeps no question waiting to its end.
const bool is_asked_between_steps = (
    between_steps = [] { mailbox().serve(); }, true);

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

void Mailbox::forget(uint64_t ticket) {
  std::lock_guard lock(mutex_);
  answers_.erase(ticket);
  std::erase_if(requests_, [&](const Request& request) { return request.ticket == ticket; });
}

/** Where a question that has just been looked at goes on waiting; Fresh: nowhere, it can be answered. */
Mailbox::Request::Stage Mailbox::stage_after(const Question& question) const {
  using Stage = Request::Stage;
  switch (question.of) {
    case Question::Of::Parameter:
      return Stage::Fresh;
    case Question::Of::Gradient:
      return gradients_of_ >= 0 ? Stage::Fresh : Stage::Held;
    case Question::Of::Buffer: {
      // Without a handle the script has replaced it by another.
      const auto shown = buffers_.find(question.name);
      return shown != buffers_.end() && shown->second.impl().handle != 0 ? Stage::Fresh : Stage::Left;
    }
    case Question::Of::Update:
    case Question::Of::Activation:
    case Question::Of::Variable:
      return Stage::Left;
  }
  return Stage::Left;
}

Tensor Mailbox::find(const Question& question) const {
  if (question.of == Question::Of::Buffer) return buffers_.at(question.name);
  const Tensor parameter = recorder().parameter(question.name);
  return question.of == Question::Of::Gradient && parameter.defined() ? parameter.grad() : parameter;
}

// The reader waits for no tensor: answers are made outside of the lock.
void Mailbox::answer_all() {
  if (recorder().updating())
    return;  // some parameters are a step ahead of the others: asked again when it ends
  std::vector<Request> fresh;
  bool is_wanting = false;
  {
    std::lock_guard lock(mutex_);
    waiting_.store(false, std::memory_order_release);
    for (Request& request : requests_) {
      if (request.stage != Request::Stage::Fresh) continue;
      request.stage = stage_after(request.question);
      if (request.stage == Request::Stage::Fresh) fresh.push_back(request);
      is_holding_ |= request.stage == Request::Stage::Held;
      is_wanting |= request.stage == Request::Stage::Left;
    }
  }
  std::vector<std::pair<uint64_t, Reading>> answers;
  for (const Request& request : fresh) {
    Reading reading = answer_to(request.question, find(request.question));
    if (request.question.of == Question::Of::Gradient) reading.step = gradients_of_;
    answers.emplace_back(request.ticket, std::move(reading));
  }
  leave(std::move(answers));
  if (is_wanting) wanting_.store(true, std::memory_order_release);
}

/** Hands answers over, but for those whose readers have gone meanwhile. */
void Mailbox::leave(std::vector<std::pair<uint64_t, Reading>> answers) {
  std::lock_guard lock(mutex_);
  for (auto& [ticket, reading] : answers)
    if (std::erase_if(requests_, [&, id = ticket](const Request& request) { return request.ticket == id; }))
      answers_[ticket] = std::move(reading);
}

std::vector<Mailbox::Wanted> Mailbox::wanted() {
  std::lock_guard lock(mutex_);
  wanting_.store(false, std::memory_order_release);
  std::vector<Wanted> all;
  for (Request& request : requests_) {
    if (request.stage != Request::Stage::Left) continue;
    request.stage = Request::Stage::Announced;
    Wanted what{request.question.of, request.question.name};
    if (std::find(all.begin(), all.end(), what) == all.end()) all.push_back(std::move(what));
  }
  return all;
}

void Mailbox::offer(const Wanted& what, const Tensor& tensor) {
  std::vector<Request> asked;
  {
    std::lock_guard lock(mutex_);
    std::copy_if(requests_.begin(), requests_.end(), std::back_inserter(asked), [&](const Request& request) {
      return request.question.of == what.first && request.question.name == what.second;
    });
  }
  std::vector<std::pair<uint64_t, Reading>> answers;
  for (const Request& request : asked)
    answers.emplace_back(request.ticket, answer_to(request.question, tensor));
  leave(std::move(answers));
}

void Mailbox::gradients_are_of(int64_t step) {
  gradients_of_ = step;
  if (is_holding_) {
    is_holding_ = false;
    std::lock_guard lock(mutex_);
    for (Request& request : requests_)
      if (request.stage == Request::Stage::Held) request.stage = Request::Stage::Fresh;
    waiting_.store(true, std::memory_order_release);
  }
  serve();
}

void Mailbox::show_buffer(const std::string& name, const Tensor& tensor) { buffers_[name] = tensor; }

}  // namespace unroll
