#include "telemetry/through_time.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "autograd/variable.h"
#include "backend/readings.h"
#include "ops/ops.h"

namespace unroll {

namespace {

constexpr const char* kReverse = "_reverse";

bool is_reverse(const std::string& layer) { return layer.ends_with(kReverse); }

/** `same` becomes, by settle(), whether two states are equal and not all zero. */
void compare_states(const Tensor& a, const Tensor& b, bool& same) {
  same = false;
  if (!a.defined() || !b.defined() || !(a.sizes() == b.sizes()) || a.dtype() != b.dtype() ||
      &a.device() != &b.device() || a.numel() == 0)
    return;
  GradMode off(false);
  if (a.device_type() != DeviceType::Cpu) {
    read_later(all(eq(a, b), {}, false), [&same](double are_equal) { same = are_equal != 0; });
    return read_later(any(b, {}, false), [&same](double is_something) { same = same && is_something != 0; });
  }
  const Tensor x = contiguous(a), y = contiguous(b);
  const size_t bytes = static_cast<size_t>(x.numel() * item_size(x.dtype()));
  same = std::memcmp(x.raw_data(), y.raw_data(), bytes) == 0 &&
         std::any_of(x.raw_data(), x.raw_data() + bytes, [](char byte) { return byte != 0; });
}

}  // namespace

void ThroughTime::begin_backward() {
  noted_.clear();
  for (auto& [number, module] : modules_) module.is_within = false;
}

void ThroughTime::note_states(int64_t number, const Tensor& initial, const Tensor& last) {
  Module& module = modules_[number];
  if (!module.is_within) {
    module.is_within = true;
    compare_states(initial, module.last, module.is_carried);
  }
  module.last = detached(last);
}

std::vector<ThroughTime::Joined> ThroughTime::take() {
  std::vector<Joined> all;
  std::map<std::pair<int64_t, std::string>, Flow> flows;  // by module and layer
  for (auto& [key, calls] : noted_) {
    Module& module = modules_[key.first];
    if (module.name.empty()) continue;
    const size_t slash = key.second.find('/');
    Joined joined{key.first, key.second.substr(0, slash), key.second.substr(slash + 1), {}};
    // The backward pass reaches the calls in its own order; the sequence is that of the forward calls.
    for (const auto& [call, norms] : calls)
      joined.norms.insert(joined.norms.end(), norms.data<double>(), norms.data<double>() + norms.numel());
    std::vector<float> way = joined.norms;
    if (!is_reverse(joined.layer)) std::reverse(way.begin(), way.end());
    const Flow flow = flow_of(way);
    const auto [known, is_first] = flows.try_emplace({key.first, joined.layer}, flow);
    if (!is_first) known->second = farther_of(known->second, flow);
    all.push_back(std::move(joined));
  }
  for (const auto& [place, flow] : flows) {
    Module& module = modules_[place.first];
    module.layers[place.second].history.add(flow);
    if (place.second == "l0") module.carried.add(module.is_carried);
  }
  noted_.clear();
  return all;
}

std::vector<ThroughTime::Finding> ThroughTime::findings() const {
  std::vector<Finding> all;
  for (const auto& [number, module] : modules_) {
    if (module.layers.empty()) continue;
    const std::string stem = module.name + "/";
    for (const auto& [name, layer] : module.layers) {
      if (layer.history.is_settled())
        all.push_back({stem + name, static_cast<double>(layer.history.verdict())});
      all.push_back({stem + name + "/reach", layer.history.reach()});
      all.push_back({stem + name + "/growth", layer.history.growth()});
    }
    all.push_back({stem + "window", module.layers.begin()->second.history.length()});
    all.push_back({stem + "carried", module.carried.mean()});
  }
  return all;
}

std::vector<std::string> ThroughTime::changes() {
  std::vector<std::string> all;
  for (auto& [number, module] : modules_)
    for (auto& [name, layer] : module.layers) {
      if (!layer.history.is_settled()) continue;
      const Verdict now = layer.history.verdict();
      if (layer.is_told && now == layer.told) continue;
      layer.is_told = true;
      layer.told = now;
      all.push_back(module.name + "/" + name + ": " + layer.history.words());
    }
  return all;
}

int64_t first_nonfinite(const ThroughTime::Joined& joined) {
  const std::vector<float>& norms = joined.norms;
  const auto is_bad = [](float norm) { return !std::isfinite(norm); };
  if (is_reverse(joined.layer)) {
    const auto at = std::find_if(norms.begin(), norms.end(), is_bad);
    return at == norms.end() ? -1 : at - norms.begin();
  }
  const auto at = std::find_if(norms.rbegin(), norms.rend(), is_bad);
  return at == norms.rend() ? -1 : norms.rend() - at - 1;
}

}  // namespace unroll
