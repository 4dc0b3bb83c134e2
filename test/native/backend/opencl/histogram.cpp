#include <limits>

#include "backend/opencl/device.h"
#include "backend/opencl/on_both.h"
#include "backend/readings.h"
#include "telemetry/logged_histograms.h"
#include "telemetry/statistics.h"

using namespace unroll;

TEST(logged_histograms_are_those_of_the_processor) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                   kInf = std::numeric_limits<double>::infinity();
  Tensors all;
  for (DType dtype : {DType::Float32, DType::Float64}) {
    for (int64_t n : {1, 2, 999, 1000, 1024, 1025, 300007}) all.push_back(noisy({n}, dtype, n));
    all.push_back(transpose(noisy({40, 50}, dtype), 0, 1));
    all.push_back(zeros({0}, dtype));
    all.push_back(full({70}, Scalar::of(2.5), dtype));
    all.push_back(tensor_of({4}, {kNan, 2, 2, kInf}, dtype));
    all.push_back(tensor_of({2}, {kNan, -kInf}, dtype));
    // Bins over where nearly all lies, and the rest outside.
    Tensor outliers = noisy({5000}, dtype, 3);
    fill_(slice(outliers, 0, 1, 2, 1), Scalar::of(1000.0));
    fill_(slice(outliers, 0, 3, 5, 1), Scalar::of(-700.0));
    all.push_back(outliers);
  }
  Tensors there;
  for (const Tensor& t : all) there.push_back(to_device(t, opencl_device()));
  std::vector<std::vector<float>> found(all.size());
  auto& counters = static_cast<opencl::ClDevice&>(opencl_device()).counters;
  const int64_t before = counters.copies_out;
  logged_histograms(there, [&](size_t i, std::vector<float> bins) { found[i] = std::move(bins); });
  CHECK(counters.copies_out == before);
  settle();
  CHECK(counters.copies_out - before <= 2);  // one, and whether an index was out of range
  for (size_t i = 0; i < all.size(); ++i) {
    const std::vector<float> expected = logged_histogram(whole_plane(contiguous(all[i])));
    if (found[i] != expected) check::fail(__FILE__, __LINE__, text("those of tensor ", i, " differ"));
  }
}
