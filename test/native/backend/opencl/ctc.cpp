#include "backend/ctc.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

TEST(the_loss_of_aligned_sequences_follows_the_processor) {
  const Tensor targets = integers({3, 4}, {1, 2, 2, 1, 4, 4, 0, 0, 3, 0, 0, 0});
  for (const DType dtype : {DType::Float32, DType::Float64})
    for (const bool zero_infinity : {false, true})
      check_alike("ctc_loss",
                  [&](const Tensors& t) {
                    // Of the second there is no room for the blank between its labels.
                    return Tensors{ctc_loss(log_softmax(t[0], 2), targets, {12, zero_infinity ? 2 : 9, 5},
                                            {4, 2, 1}, 0, zero_infinity),
                                   ctc_loss(log_softmax(t[0], 2), targets, {12, 0, 5}, {4, 0, 0}, 3, false)};
                  },
                  {noisy({12, 3, 5}, dtype)});
}
