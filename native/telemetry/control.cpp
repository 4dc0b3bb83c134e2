#include "telemetry/control.h"

#include <atomic>

namespace unroll {

namespace {
std::atomic<bool> interrupt_requested{false};
}

void request_interrupt() { interrupt_requested.store(true, std::memory_order_release); }

bool take_interrupt() {
  return interrupt_requested.load(std::memory_order_relaxed) && interrupt_requested.exchange(false);
}

}  // namespace unroll
