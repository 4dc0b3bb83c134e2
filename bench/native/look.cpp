// What a look into a tensor costs, part by part, ns an element: of a weight of 1024 by 4096 float32s, and of
// many small ones. Times are the thread's own processor time, on one thread.
//
//   bench.look
#include <algorithm>
#include <cstdio>
#include <vector>

#include "backend/cpu/isa.h"
#include "backend/cpu/threads.h"
#include "ops/ops.h"
#include "processor_seconds.h"
#include "telemetry/picture.h"
#include "telemetry/statistics.h"

using namespace unroll;

namespace {

template <class F>
void measure(const char* part, int64_t elements, F&& look) {
  std::vector<double> times;
  for (int i = 0; i < 15; ++i) {
    const double start = processor_seconds();
    look();
    times.push_back(processor_seconds() - start);
  }
  std::nth_element(times.begin(), times.begin() + 7, times.end());
  std::printf("  %-12s %6.3f ns an element, %8.3f ms\n", part, times[7] / static_cast<double>(elements) * 1e9,
              times[7] * 1e3);
}

void measure_all(const Dims& sizes) {
  const Tensor weight = normal_(empty(sizes), 0, 0.05, default_generator());
  const Plane plane = whole_plane(weight);
  std::printf("%lld by %lld\n", static_cast<long long>(plane.rows), static_cast<long long>(plane.columns));
  Statistics s;
  measure("statistics", weight.numel(), [&] { s = statistics_of(plane); });
  measure("histogram", weight.numel(), [&] { histogram_of(plane, s.low, s.high, 64); });
  measure("logged", weight.numel(), [&] { logged_histogram(plane); });
  measure("picture", weight.numel(), [&] { picture_of(plane, 39, 64); });
}

}  // namespace

int main() {
  cpu::set_num_threads(1);
  std::printf("%s\n", cpu::name(cpu::isa()));
  measure_all({4096, 1024});
  measure_all({512, 128});
  measure_all({1, 512});
}
