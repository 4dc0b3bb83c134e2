#include "telemetry/mailbox.h"

#include <atomic>
#include <thread>

#include "check.h"
#include "ops/ops.h"
#include "telemetry/recorder.h"

using namespace unroll;

TEST(a_request_is_answered_between_operations_with_a_copy_of_one_moment) {
  Tensor weight = zeros({64});
  recorder().set_enabled(true);
  recorder().name_parameters(1, {weight}, {"w"});
  Mailbox box;
  std::atomic<bool> done{false};
  std::thread trainer([&] {
    for (int64_t step = 0; !done; ++step) {
      fill_(weight, Scalar::of(step));
      box.serve();
    }
  });
  int torn = 0;
  for (int i = 0; i < 200; ++i) {
    const uint64_t ticket = box.ask("w", false, 0, 64);
    Reading reading;
    while (!box.take(ticket, reading)) std::this_thread::yield();
    if (!reading.found || reading.cells.size() != 64) ++torn;
    for (double cell : reading.cells) torn += cell != reading.cells[0];
  }
  done = true;
  trainer.join();
  CHECK(torn == 0);
}

TEST(unknown_names_missing_gradients_and_ranges_outside_are_answered_too) {
  Tensor weight = full({2, 3}, Scalar::of(1.0), DType::Float32);
  recorder().name_parameters(2, {weight}, {"other"});
  Mailbox box;
  const uint64_t unknown = box.ask("nothing", false, 0, 1), missing = box.ask("other", true, 0, 1);
  const uint64_t outside = box.ask("other", false, 4, 100);
  Reading reading;
  CHECK(!box.take(unknown, reading));
  box.serve();
  CHECK(box.take(unknown, reading) && !reading.found);
  CHECK(box.take(missing, reading) && !reading.found);
  CHECK(box.take(outside, reading) && reading.found && reading.cells.size() == 2 &&
        (reading.sizes == Dims{2, 3}));
  CHECK(!box.take(outside, reading));
}
