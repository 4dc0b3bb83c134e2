#include "backend/opencl/devices.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(found_devices_follow_the_processor) {
  const opencl::Found& found = opencl::found();
  CHECK(!found.devices.empty() && found.why_none.empty());
  CHECK(devices().size() == found.devices.size() + 1);
  CHECK(devices()[1] == found.devices[0]);
}
