// Which rows of a batch take part at which time step. Sequences of different lengths stand longest first, so
// that step t has the first rows(t) of them; their data lie step after step, as in a packed sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace unroll {

class TimeSteps {
 public:
  /** `steps` steps of the same `batch` rows. */
  static TimeSteps even(int64_t steps, int64_t batch) {
    return TimeSteps(std::vector<int64_t>(static_cast<std::size_t>(steps), batch));
  }
  /** The rows of each step, at least one step, never more than at the step before. */
  explicit TimeSteps(const std::vector<int64_t>& rows) : begin_(rows.size() + 1) {
    std::partial_sum(rows.begin(), rows.end(), begin_.begin() + 1);
    if (!is_ragged()) return;
    lengths_.resize(static_cast<std::size_t>(batch()));
    for (int64_t t = 0; t < count(); ++t)
      for (int64_t b = t + 1 < count() ? this->rows(t + 1) : 0; b < this->rows(t); ++b) lengths_[b] = t + 1;
  }

  int64_t count() const { return static_cast<int64_t>(begin_.size()) - 1; }
  int64_t batch() const { return begin_[1]; }
  /** Of all steps. */
  int64_t total() const { return begin_.back(); }
  int64_t rows(int64_t t) const { return begin_[t + 1] - begin_[t]; }
  /** The first of step t's rows. */
  int64_t begin(int64_t t) const { return begin_[t]; }
  bool is_ragged() const { return total() != count() * batch(); }

  // States lie in (batch + total) rows: the initial ones, then those after each step.
  /** Where the states after step t begin. */
  int64_t after(int64_t t) const { return batch() + begin_[t]; }
  /** Where the states before step t begin. */
  int64_t before(int64_t t) const { return t == 0 ? 0 : after(t - 1); }

  /** The steps of row b's sequence. */
  int64_t length(int64_t b) const { return lengths_.empty() ? count() : lengths_[b]; }
  /** The last step comes first in every sequence. */
  bool is_reversed = false;
  /** The place of row b at step t in the sequence as it was given. */
  int64_t time(int64_t t, int64_t b) const { return is_reversed ? length(b) - 1 - t : t; }

 private:
  std::vector<int64_t> begin_;
  std::vector<int64_t> lengths_;  // empty where all are count()
};

}  // namespace unroll
