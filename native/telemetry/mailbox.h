// How another thread looks into a tensor that the trainer owns: it leaves a request, and the trainer answers
// between two operations. Unasked, that costs the trainer one atomic load an operation.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace unroll {

/** A copy of part of a tensor with the step it was taken at. */
struct Reading {
  bool found = false;
  int64_t step = 0;
  Dims sizes;
  DType dtype = DType::Float32;
  std::vector<double> cells;  // row-major from the first asked for
};

class Mailbox {
 public:
  /** The reader's side: cells [first, first + count) of a parameter ("rnn.weight_hh_l0") or its gradient.
   * Returns a ticket. */
  uint64_t ask(const std::string& parameter, bool gradient, int64_t first, int64_t count);
  /** The answer to a ticket, once; false while there is none yet. */
  bool take(uint64_t ticket, Reading& answer);

  /** The trainer's side, called between operations. */
  void serve() {
    if (waiting_.load(std::memory_order_acquire)) answer_all();
  }

 private:
  struct Request {
    uint64_t ticket;
    std::string parameter;
    bool gradient;
    int64_t first, count;
  };
  void answer_all();

  std::atomic<bool> waiting_{false};
  std::mutex mutex_;
  std::vector<Request> requests_;
  std::map<uint64_t, Reading> answers_;
  uint64_t next_ticket_ = 1;
};

Mailbox& mailbox();

}  // namespace unroll
