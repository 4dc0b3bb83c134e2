// Numbers that a step leaves on its device: one read at the step's end brings them all. Only the trainer's
// thread comes here.
#pragma once

#include <functional>
#include <vector>

#include "tensor/tensor.h"

namespace unroll {

/** What a device leaves numbers in, and makes sums of floating point in: float64 where it has it, else
 * float32. */
DType sum_type(const Device& device);

/**
 * A device's room for `count` numbers, which kernels queued from now on write: (count,) of float64, or of
 * float32 where the device has none; uninitialised. settle() gives them to `take`.
 */
Tensor room_for_reading(Device& device, int64_t count,
                        std::function<void(const std::vector<double>& values)> take);

/** Gives `take` the one element of t: at once where it lies on the processor, else when settle() reads. */
void read_later(const Tensor& t, std::function<void(double value)> take);

/** Reads what waits, in one piece a device, and hands it out in the order in which it was asked for. */
void settle();

}  // namespace unroll
