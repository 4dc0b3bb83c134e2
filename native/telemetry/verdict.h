// What the gradient through time says of a recurrent layer: how far back it reaches, whether it vanishes or
// explodes, over the last windows. A window is the time steps of one backward pass.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace unroll {

/** Windows, or steps, that a verdict looks back on. */
inline constexpr size_t kRecent = 100;

/** The last kRecent values of something. */
class Recent {
 public:
  void add(double value);
  size_t count() const { return values_.size(); }
  /** The lower of two in the middle; 0 where there is none. */
  double median() const;
  double mean() const;
  /** The part of them that is at least `bound`. */
  double share_from(double bound) const;

 private:
  std::vector<double> values_;
  size_t next_ = 0;
};

/** How the gradient fared in one window, on its way back from the last time step (k = 0) to the first. */
struct Flow {
  int64_t length = 0;  // time steps T
  /** Steps back from the window's end to the last one, from the largest norm on, with 1 % of that norm. */
  int64_t reach = 0;
  /** The largest norm over the one that the way back began with; infinite where a norm is not finite. */
  double growth = 1;
  /** Whether there was a gradient at all. */
  bool is_any = false;
};
/** `norms` in the order of the way back. */
Flow flow_of(const std::vector<float>& norms);
/** Of two states of one layer: the gradient comes as far as the one that carries it farther. */
Flow farther_of(const Flow& a, const Flow& b);

enum class Verdict { Vanishing = -1, Healthy = 0, Exploding = 1 };

/** The last windows of one layer in one direction. */
class FlowHistory {
 public:
  void add(const Flow& flow);
  double reach() const { return reach_.median(); }
  double growth() const { return growth_.median(); }
  double length() const { return length_.median(); }
  /** Whether there are windows enough for a verdict. */
  bool is_settled() const;
  /**
   * Exploding: in a tenth of the last windows the norm grew a hundredfold on its way back, or was not finite.
   * Vanishing: else, and in the median window it fell under 1 % of its largest before half of the window was
   * crossed. Healthy: else.
   */
  Verdict verdict() const;
  /** The verdict with its numbers and its rule, in words. */
  std::string words() const;

 private:
  Recent reach_, growth_, length_, reached_;  // reached_: the part of the window's way
};

}  // namespace unroll
