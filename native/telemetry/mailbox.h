// How another thread looks into a tensor that the trainer owns: it leaves a question, and the trainer answers
// between two operations. Unasked, that costs the trainer one atomic load an operation. The output of a
// module
// ("activation") is answered when the module next runs: the trainer's side asks at every step's end whether
// one is wanted, and offers it.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
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
  /** The modules whose outputs are asked for, each once; they are then to be offered. Trainer's side. */
  std::vector<std::string> wanted_activations();
  /** Answers those who asked for a module's output; an undefined one says that there is no such module. */
  void offer_activation(const std::string& module, const Tensor& output);

 private:
  struct Request {
    uint64_t ticket;
    Question question;
    bool is_announced = false;  // of an activation: the trainer knows
  };
  void answer_all();

  std::atomic<bool> waiting_{false};  // questions after parameters and gradients
  std::atomic<bool> wanting_{false};  // questions after activations that have not been announced
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::map<uint64_t, Reading> answers_;
  uint64_t next_ticket_ = 1;
};

Mailbox& mailbox();

}  // namespace unroll
