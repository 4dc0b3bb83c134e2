#include "backend/readings.h"

#include "backend/kernels.h"
#include "backend/opencl/device.h"
#include "backend/opencl/on_both.h"

using namespace unroll;

namespace {

using List = std::vector<double>;

Tensor on_device(const Tensor& t) { return to_device(t, opencl_device()); }
int64_t reads() { return static_cast<opencl::ClDevice&>(opencl_device()).counters.copies_out; }

}  // namespace

TEST(a_number_on_the_processor_is_there_at_once) {
  List taken;
  read_later(tensor_of({}, {2.5}), [&](double value) { taken.push_back(value); });
  read_later(integers({1}, {7}), [&](double value) { taken.push_back(value); });
  CHECK((taken == List{2.5, 7}));
}

TEST(what_a_device_measures_comes_in_one_read_and_in_its_order) {
  List taken;
  const auto take = [&](double value) { taken.push_back(value); };
  const int64_t before = reads();
  read_later(on_device(tensor_of({}, {2.5})), take);
  const Tensor room = room_for_reading(opencl_device(), 3, [&](const List& values) {
    taken.insert(taken.end(), values.begin(), values.end());
  });
  copy_kernel(room.device_type(), room, on_device(tensor_of({3}, {1, 2, 3})));
  read_later(select(on_device(integers({2}, {8, 9})), 0, 1), take);
  CHECK(taken.empty() && reads() == before);
  settle();
  CHECK((taken == List{2.5, 1, 2, 3, 9}) && reads() == before + 1);
  settle();
  CHECK(taken.size() == 5 && reads() == before + 1);
}

TEST(where_the_room_does_not_do_what_waits_is_read_before) {
  int64_t taken = 0;
  const auto measure = [&] {
    const int64_t before = reads();
    for (int i = 0; i < 5; ++i) {
      const Tensor room = room_for_reading(opencl_device(), 3000, [&, i](const List& values) {
        taken += values.size() == 3000 && values[0] == i && values[2999] == i;
      });
      fill_kernel(room.device_type(), room, Scalar::of(static_cast<double>(i)));
    }
    settle();
    return reads() - before;
  };
  CHECK(measure() > 1);
  CHECK(taken == 5);
  measure();
  CHECK(measure() == 1);  // it has grown
}
