// The cells of a reading of float32 elements.
#pragma once

#include <cstring>
#include <vector>

#include "telemetry/reading.h"

inline std::vector<float> floats(const unroll::Reading& reading) {
  std::vector<float> values(reading.cells.size() / sizeof(float));
  std::memcpy(values.data(), reading.cells.data(), reading.cells.size());
  return values;
}
