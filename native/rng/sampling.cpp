#include "rng/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "rng/distributions.h"
#include "tensor/error.h"

namespace unroll::rng {
namespace {

constexpr const char* kZeroSum = "invalid multinomial distribution (sum of probabilities <= 0)";

/** The sum of a row of weights; RuntimeErrors, in the given words, for weights that are not all finite and >=
 * 0. */
template <class T>
T checked_sum(const T* weights, int64_t categories, const char* negative, const char* not_finite) {
  T sum = 0;
  for (int64_t i = 0; i < categories; ++i) {
    UNROLL_CHECK(!(weights[i] < 0), negative);
    UNROLL_CHECK(std::isfinite(weights[i]), not_finite);
    sum += weights[i];
  }
  return sum;
}

/** Each sample by binary search of a uniform number in the row's cumulative weights. */
template <class T>
void draw_with_replacement(int64_t* out, const T* weights, int64_t categories, int64_t samples,
                           std::vector<T>& cumulative, Generator& generator) {
  T sum = checked_sum(weights, categories,
                      "invalid multinomial distribution (encountering probability entry < 0)",
                      "invalid multinomial distribution (encountering probability entry = infinity or NaN)");
  UNROLL_CHECK(sum > 0, kZeroSum);
  std::partial_sum(weights, weights + categories, cumulative.begin());
  for (T& c : cumulative) c /= sum;
  cumulative.back() = 1;
  for (int64_t i = 0; i < samples; ++i) {
    double u = generator.uniform_double();
    out[i] = std::lower_bound(cumulative.begin(), cumulative.end(), u) - cumulative.begin();
  }
}

/**
 * The first categories to arrive, where category i arrives after an exponential time of rate weights[i]:
 * `times` of rate 1, divided by the weight. `speeds` is room for the inverse times.
 */
template <class T>
void take_first_arrivals(int64_t* out, const T* weights, const T* times, int64_t samples,
                         std::vector<std::pair<T, int64_t>>& speeds) {
  int64_t categories = static_cast<int64_t>(speeds.size());
  for (int64_t i = 0; i < categories; ++i) speeds[i] = {weights[i] / times[i], i};
  auto faster = [](const auto& a, const auto& b) {  // 0/0, not a number, before all numbers
    return (std::isnan(a.first) && !std::isnan(b.first)) || a.first > b.first;
  };
  // Equal speeds (of categories of weight zero) stay in the order in which these algorithms leave them: it is
  // PyTorch's too, which selects by the same ones.
  auto first = speeds.begin();
  if (samples == 1) {
    std::iter_swap(first, std::min_element(first, speeds.end(), faster));
  } else if (samples * 64 <= categories) {
    std::partial_sort(first, first + samples, speeds.end(), faster);
  } else {
    std::nth_element(first, first + samples - 1, speeds.end(), faster);
    std::sort(first, first + samples - 1, faster);
  }
  for (int64_t i = 0; i < samples; ++i) out[i] = speeds[i].second;
}

}  // namespace

void randperm(int64_t* out, int64_t n, Generator& generator) {
  if (n < std::numeric_limits<uint32_t>::max() / 20) {
    std::iota(out, out + n, 0);
    for (int64_t i = 0; i < n - 1; ++i)
      std::swap(out[i], out[i + generator.random() % static_cast<uint32_t>(n - i)]);
    return;
  }
  for (int64_t i = 0; i < n; ++i) {  // long enough for the bias of a 32-bit draw to show
    int64_t j = static_cast<int64_t>(generator.random64() % static_cast<uint64_t>(i + 1));
    out[i] = i;
    std::swap(out[i], out[j]);
  }
}

template <class T>
void multinomial(int64_t* out, const T* weights, int64_t rows, int64_t categories, int64_t samples,
                 bool replacement, Generator& generator) {
  UNROLL_CHECK(samples > 0, "cannot sample n_sample <= 0 samples");
  UNROLL_CHECK(replacement || samples <= categories,
               "cannot sample n_sample > prob_dist.size(-1) samples without replacement");
  UNROLL_CHECK(categories <= 1 << 24, "number of categories cannot exceed 2^24");
  UNROLL_CHECK(rows == 0 || categories > 0, kZeroSum);
  if (replacement && samples > 1) {
    std::vector<T> cumulative(categories);
    for (int64_t row = 0; row < rows; ++row)
      draw_with_replacement(out + row * samples, weights + row * categories, categories, samples, cumulative,
                            generator);
    return;
  }
  constexpr const char* invalid = "probability tensor contains either `inf`, `nan` or element < 0";
  for (int64_t row = 0; row < rows; ++row)
    UNROLL_CHECK(checked_sum(weights + row * categories, categories, invalid, invalid) > 0, kZeroSum);
  std::vector<T> times(categories);
  std::vector<std::pair<T, int64_t>> speeds(categories);
  for (int64_t row = 0; row < rows; ++row) {
    exponential_(times.data(), categories, 1, generator);
    take_first_arrivals(out + row * samples, weights + row * categories, times.data(), samples, speeds);
  }
}

template void multinomial(int64_t*, const float*, int64_t, int64_t, int64_t, bool, Generator&);
template void multinomial(int64_t*, const double*, int64_t, int64_t, int64_t, bool, Generator&);

}  // namespace unroll::rng
