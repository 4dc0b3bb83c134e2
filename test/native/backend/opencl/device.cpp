#include "backend/opencl/device.h"

#include <cstring>

#include "backend/opencl/on_both.h"
#include "backend/readings.h"

using namespace unroll;

TEST(a_device_says_what_it_is) {
  Device& device = opencl_device();
  CHECK(device.name() == "opencl:0");
  CHECK(&device_named("opencl:0") == &device);
  CHECK(!device.description().empty() && !device.driver().empty());
  CHECK(device.total_memory() > 0);
  CHECK(why_only_cpu().empty());
}

TEST(memory_goes_in_and_out_at_an_offset) {
  Device& device = opencl_device();
  void* const block = device.allocate(100);
  char text[6] = "hello", back[6] = "";
  device.fill_zero(block, 0, 100);
  device.copy_in(block, 10, text, 6);
  device.copy_out(back, block, 10, 6);
  CHECK(std::strcmp(back, "hello") == 0);
  device.copy_out(back, block, 90, 6);
  CHECK(back[0] == 0 && back[5] == 0);
  device.free(block, 100);
}

TEST(tensors_travel_with_their_gradients) {
  Device& device = opencl_device();
  const Tensor here = noisy({4, 5});
  set_requires_grad(here, true);
  const Tensor there = to_device(here, device);
  CHECK(&there.device() == &device && there.is_contiguous());
  CHECK(difference(here, there) == 0);
  CHECK(to_device(there, device).is_same(there));
  const Tensors grads =
      grad({there}, {to_device(noisy({4, 5}, DType::Float32, 2), device)}, {here}, {}, false);
  CHECK(&grads[0].device() == &cpu_device());
  CHECK(difference(noisy({4, 5}, DType::Float32, 2), grads[0]) == 0);
  const Tensor turned = to_device(transpose(noisy({4, 5}), 0, 1), device);
  CHECK(difference(transpose(noisy({4, 5}), 0, 1), turned) == 0);
  const Tensor into = zeros({4, 5}, DType::Float32, device);
  CHECK(difference(here, copy_(into, detach(here))) == 0);
}

TEST(a_reading_of_nothing_is_empty) {
  bool is_taken = false;
  room_for_reading(opencl_device(), 0, [&](const std::vector<double>& values) { is_taken = values.empty(); });
  settle();
  CHECK(is_taken);
}

TEST(a_steady_step_makes_no_buffers_and_builds_nothing) {
  Device& device = opencl_device();
  auto& counters = static_cast<opencl::ClDevice&>(device).counters;
  const Tensor weight = to_device(noisy({32, 16}), device), x = to_device(noisy({8, 16}), device);
  const auto step = [&] {
    const Tensor w = detach(weight);
    set_requires_grad(w, true);
    const Tensor loss = mean(tanh(linear(x, w, {})), {}, false);
    const Tensors grads = grad({loss}, {Tensor()}, {w}, {}, false);
    GradMode off(false);
    sgd_step({weight}, {grads[0]}, {}, 0.1, 0, 0, 0, false, false);
  };
  for (int i = 0; i < 3; ++i) step();
  const opencl::Counters before = counters;
  for (int i = 0; i < 5; ++i) step();
  CHECK(counters.buffers == before.buffers);
  CHECK(counters.builds == before.builds);
  CHECK(counters.copies_in == before.copies_in);
  CHECK(counters.copies_out == before.copies_out);
  CHECK(counters.launches > before.launches);
}
