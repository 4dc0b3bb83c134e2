// The OpenCL devices of this machine, each with a queue of its own.
#pragma once

#include <string>
#include <vector>

#include "backend/opencl/device.h"

namespace unroll::opencl {

struct Found {
  std::vector<ClDevice*> devices;
  std::string why_none;  // "" where there are some
};

/** Looks for them when first asked. None is an answer, never an error. */
const Found& found();

}  // namespace unroll::opencl
