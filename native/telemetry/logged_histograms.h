// The distributions of many tensors, made where they lie.
#pragma once

#include <functional>
#include <vector>

#include "tensor/tensor.h"

namespace unroll {

/**
 * Gives `take` what a log holds of the i-th tensor (statistics.h's logged_histogram): at once of those on the
 * processor, when settle() reads (backend/readings.h) of those on a device.
 */
void logged_histograms(const Tensors& tensors, std::function<void(size_t i, std::vector<float> bins)> take);

}  // namespace unroll
