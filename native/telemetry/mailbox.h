// How another thread looks into a tensor that the trainer owns: it leaves a question, and the trainer answers
// between two operations. Unasked, that costs the trainer one atomic load an operation. What only the
// script's side can find (the output of a module, a variable) is answered when that side offers it: it asks
// at every step's end what is wanted.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "telemetry/reading.h"

namespace unroll {

class Mailbox {
 public:
  /** The reader's side: leaves a question; returns a ticket. */
  uint64_t ask(const Question& question);
  /** The answer to a ticket, once; false while there is none yet. */
  bool take(uint64_t ticket, Reading& answer);
  /** The reader has gone: its question, or the answer to it, is dropped. */
  void forget(uint64_t ticket);

  /** The trainer's side, called between operations. */
  void serve() {
    if (waiting_.load(std::memory_order_acquire)) answer_all();
  }
  /** Whether something is wanted that has not been announced. Trainer's side. */
  bool is_wanting() const { return wanting_.load(std::memory_order_acquire); }
  using Wanted = std::pair<Question::Of, std::string>;
  /** What the script's side is to offer, each announced once. Trainer's side. */
  std::vector<Wanted> wanted();
  /** Answers those who asked for it; an undefined tensor says that there is none. Trainer's side. */
  void offer(const Wanted& what, const Tensor& tensor);
  /** The gradients are those of this whole step: who asks for one is answered, until they change. Trainer's
   * side. */
  void gradients_are_of(int64_t step);
  /** A gradient is about to be cleared, or a backward pass begins. Trainer's side. */
  void gradients_change() { gradients_of_ = -1; }
  /** Where a buffer lies: while the script has it, it is answered between operations. Trainer's side. */
  void show_buffer(const std::string& name, const Tensor& tensor);
  void forget_buffers() { buffers_.clear(); }
  /** By name, the last that were shown. Trainer's side. */
  const std::map<std::string, Tensor>& buffers() const { return buffers_; }

 private:
  struct Request {
    uint64_t ticket;
    Question question;
    /** Looked for between operations; held until the step is over; left to the script's side; told to it. */
    enum class Stage { Fresh, Held, Left, Announced } stage = Stage::Fresh;
  };
  void answer_all();
  Request::Stage stage_after(const Question& question) const;
  Tensor find(const Question& question) const;
  void leave(std::vector<std::pair<uint64_t, Reading>> answers);

  std::atomic<bool> waiting_{false};  // questions that have not been looked at
  std::atomic<bool> wanting_{false};  // questions for the script's side that have not been announced
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::map<uint64_t, Reading> answers_;
  uint64_t next_ticket_ = 1;
  // The trainer's.
  std::map<std::string, Tensor> buffers_;
  int64_t gradients_of_ = -1;  // the step whose gradients the parameters have; -1: in between
  bool is_holding_ = false;
};

Mailbox& mailbox();

}  // namespace unroll
