#include "backend/readings.h"

#include <algorithm>
#include <map>
#include <utility>

#include "ops/ops.h"

namespace unroll {

DType sum_type(const Device& device) { return device.has_float64() ? DType::Float64 : DType::Float32; }

namespace {

constexpr int64_t kLeastRoom = 4096;

class Readings {
 public:
  explicit Readings(Device& device) : device_(device), dtype_(sum_type(device)) {}

  Tensor room(int64_t count, std::function<void(const std::vector<double>&)> take) {
    if (!room_.defined() || used_ + count > room_.numel()) {
      const int64_t before = room_.defined() ? room_.numel() : 0;
      settle();
      room_ = empty({std::max({kLeastRoom, 2 * before, count})}, dtype_, device_);
    }
    waiting_.push_back({used_, count, std::move(take)});
    used_ += count;
    return alias(room_, {count}, {1}, used_ - count);
  }

  void settle() {
    if (waiting_.empty()) return;
    // Nothing waits any more, whatever becomes of the read.
    const std::vector<Waiting> waiting = std::exchange(waiting_, {});
    const int64_t used = std::exchange(used_, 0);
    const Tensor here = empty({used}, dtype_);
    device_.copy_out(here.raw_data(), room_.storage().block(), 0, here.storage().bytes());
    visit_floating(dtype_, "readings", [&]<class T>(T) {
      for (const Waiting& each : waiting) {
        const T* const first = here.data<T>() + each.first;
        each.take(std::vector<double>(first, first + each.count));
      }
    });
  }

 private:
  struct Waiting {
    int64_t first, count;
    std::function<void(const std::vector<double>&)> take;
  };
  Device& device_;
  DType dtype_;
  Tensor room_;
  int64_t used_ = 0;
  std::vector<Waiting> waiting_;
};

/** Never destroyed: a driver may be gone before what is static. */
std::map<Device*, Readings>& all_readings() {
  static auto* const all = new std::map<Device*, Readings>();
  return *all;
}

}  // namespace

Tensor room_for_reading(Device& device, int64_t count,
                        std::function<void(const std::vector<double>& values)> take) {
  return all_readings().try_emplace(&device, device).first->second.room(count, std::move(take));
}

void read_later(const Tensor& t, std::function<void(double value)> take) {
  if (t.device_type() == DeviceType::Cpu)
    return take(visit_dtype(t.dtype(),
                            [&](auto zero) { return static_cast<double>(only_element<decltype(zero)>(t)); }));
  const Tensor room = room_for_reading(
      t.device(), 1, [take = std::move(take)](const std::vector<double>& values) { take(values[0]); });
  copy_kernel(t.device_type(), room, alias(t, {1}, {1}, t.offset()));
}

void settle() {
  for (auto& [device, readings] : all_readings()) readings.settle();
}

}  // namespace unroll
