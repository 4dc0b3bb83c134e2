#include "telemetry/verdict.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "tensor/error.h"

namespace unroll {

namespace {

/** Below this part of the largest norm the gradient counts as gone. */
constexpr double kGone = 0.01;
/** A window's growth that counts as an explosion, and the part of the windows that must have it. */
constexpr double kGrowth = 100, kExplodingShare = 0.1;
/** The part of the window that the gradient must cross. */
constexpr double kCrossed = 0.5;
/** Windows before there is a verdict. */
constexpr size_t kSettled = 10;

}  // namespace

void Recent::add(double value) {
  if (values_.size() < kRecent)
    values_.push_back(value);
  else
    values_[next_] = value;
  next_ = (next_ + 1) % kRecent;
}

double Recent::median() const {
  if (values_.empty()) return 0;
  std::vector<double> sorted = values_;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

double Recent::mean() const {
  if (values_.empty()) return 0;
  return std::accumulate(values_.begin(), values_.end(), 0.0) / static_cast<double>(values_.size());
}

double Recent::share_from(double bound) const {
  if (values_.empty()) return 0;
  const auto reached = std::count_if(values_.begin(), values_.end(), [&](double v) { return v >= bound; });
  return static_cast<double>(reached) / static_cast<double>(values_.size());
}

Flow flow_of(const std::vector<float>& norms) {
  Flow flow;
  flow.length = static_cast<int64_t>(norms.size());
  const auto is_there = [](float norm) { return norm != 0; };  // a NaN is
  const auto first = std::find_if(norms.begin(), norms.end(), is_there);
  if (first == norms.end()) return flow;
  flow.is_any = true;
  for (auto at = first; at != norms.end(); ++at)
    if (!std::isfinite(*at)) {
      flow.growth = std::numeric_limits<double>::infinity();
      flow.reach = at - norms.begin();
      return flow;
    }
  const auto largest = std::max_element(first, norms.end());
  flow.growth = static_cast<double>(*largest) / static_cast<double>(*first);
  const double bound = kGone * static_cast<double>(*largest);
  auto at = largest;
  while (at + 1 != norms.end() && static_cast<double>(at[1]) >= bound) ++at;
  flow.reach = at - norms.begin();
  return flow;
}

Flow farther_of(const Flow& a, const Flow& b) {
  if (!a.is_any || !b.is_any) return a.is_any ? a : b;
  return {std::max(a.length, b.length), std::max(a.reach, b.reach), std::max(a.growth, b.growth), true};
}

void FlowHistory::add(const Flow& flow) {
  length_.add(static_cast<double>(flow.length));
  if (!flow.is_any || flow.length < 2) return;
  reach_.add(static_cast<double>(flow.reach));
  growth_.add(flow.growth);
  reached_.add(static_cast<double>(flow.reach) / static_cast<double>(flow.length - 1));
}

bool FlowHistory::is_settled() const { return reach_.count() >= kSettled; }

Verdict FlowHistory::verdict() const {
  if (growth_.share_from(kGrowth) >= kExplodingShare) return Verdict::Exploding;
  return reached_.median() < kCrossed ? Verdict::Vanishing : Verdict::Healthy;
}

std::string FlowHistory::words() const {
  const std::string over = text("of the last ", reach_.count(), " windows");
  if (verdict() == Verdict::Exploding)
    return text("exploding: the norm grows more than ", kGrowth,
                "-fold on its way back, or is not finite, in ",
                std::lround(100 * growth_.share_from(kGrowth)), " % ", over);
  const std::string how_far = text(reach(), " of ", length() - 1, " steps back (median ", over, ")");
  if (verdict() == Verdict::Vanishing)
    return text("vanishing: the norm stays over 1 % of its largest for ", how_far);
  return text("healthy: the norm stays over 1 % of its largest for ", how_far);
}

}  // namespace unroll
