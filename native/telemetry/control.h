// What another thread may ask of the trainer between two operations.
#pragma once

namespace unroll {

/** Asks for a KeyboardInterrupt at the trainer's next operation; any thread. */
void request_interrupt();
/** Whether one was asked for; takes the request back. Trainer thread, at every operation. */
bool take_interrupt();

}  // namespace unroll
