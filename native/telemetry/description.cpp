#include "telemetry/description.h"

#include <map>
#include <mutex>

namespace unroll {

namespace {
std::mutex mutex;
std::map<std::string, Description> descriptions;
}  // namespace

void describe(const std::string& what, const std::string& text) {
  std::lock_guard lock(mutex);
  Description& description = descriptions[what];
  ++description.version;
  description.text = text;
}

std::optional<Description> description_after(const std::string& what, int64_t known) {
  std::lock_guard lock(mutex);
  const auto found = descriptions.find(what);
  if (found == descriptions.end() || found->second.version <= known) return std::nullopt;
  return found->second;
}

}  // namespace unroll
