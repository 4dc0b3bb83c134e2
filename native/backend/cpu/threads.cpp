#include "backend/cpu/threads.h"

#include <atomic>
#include <stdexcept>
#include <string>

namespace unroll::cpu {
namespace {

// OpenMP's own setting belongs to the calling thread alone; this one holds for all.
std::atomic<int>& team_size() {
  static std::atomic<int> size = omp_get_max_threads();
  return size;
}

}  // namespace

int num_threads() { return team_size().load(std::memory_order_relaxed); }

void set_num_threads(int count) {
  if (count < 1)
    throw std::invalid_argument("set_num_threads expects a positive integer, got " + std::to_string(count));
  team_size().store(count, std::memory_order_relaxed);
}

}  // namespace unroll::cpu
