// Which steps' numbers go into the log: a log grows with the logarithm of its run's length, but for the few
// numbers kept at every step.
#pragma once

#include <cstdint>

namespace unroll {

/** Every so many steps until what was written has taken so many bytes, then half as often for as many
 * again... */
class Thinning {
 public:
  Thinning(int64_t every, uint64_t bytes) : every_(every), most_(bytes) {}

  /** `step` counts from 1, which is taken. */
  bool takes(int64_t step) const { return every_ > 0 && (step - 1) % every_ == 0; }
  /** How many steps lie between two that are taken; 0: none is. */
  int64_t every() const { return every_; }

  /** True where it is half as often from now on. */
  bool wrote(uint64_t bytes) {
    written_ += bytes;
    if (written_ <= most_) return false;
    written_ = 0;
    every_ *= 2;
    return true;
  }

 private:
  int64_t every_;
  uint64_t most_, written_ = 0;
};

}  // namespace unroll
