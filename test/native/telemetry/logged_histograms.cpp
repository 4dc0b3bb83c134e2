#include "telemetry/logged_histograms.h"

#include <limits>

#include "check.h"
#include "ops/ops.h"
#include "telemetry/statistics.h"
#include "values.h"

using namespace unroll;

TEST(those_on_the_processor_are_had_at_once) {
  const Tensors all = {noisy({30, 40}), zeros({0}), integers({3}, {1, 2, 2})};
  std::vector<std::vector<float>> found(all.size());
  logged_histograms(all, [&](size_t i, std::vector<float> bins) { found[i] = std::move(bins); });
  for (size_t i = 0; i < all.size(); ++i) CHECK(found[i] == logged_histogram(whole_plane(all[i])));
  CHECK(!found[0].empty() && found[1].empty() && !found[2].empty());
}
