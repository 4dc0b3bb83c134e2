// What another thread may ask of the trainer between two operations and at the end of a step, and what it may
// know.
#pragma once

#include <cstdint>

namespace unroll {

/** Asks for a KeyboardInterrupt at the trainer's next operation; any thread. */
void request_interrupt();
/** Whether one was asked for; takes the request back. Trainer thread, at every operation. */
bool take_interrupt();

/** Why a pause ends. */
enum class Resume { GoOn, OneStep, Interrupt };

/** Asks for a pause at the end of the step that is running; any thread. */
void request_pause();
/**
 * Ends a pause, or takes back one that was asked for; any thread. `OneStep`: the trainer pauses again at the
 * next step's end.
 */
void resume(Resume why);
/** A paused trainer looks what is new in its mailbox; any thread. */
void wake_trainer();
/** Asks for a factor on the learning rates of the optimizers, from the next step on; any thread. */
void request_learning_rate_scale(double scale);
/** How far the loader that drives the training is through its pass, in batches. Trainer thread. */
void note_progress(int64_t done, int64_t total);

/** What any thread may know of the trainer. */
struct TrainerState {
  bool is_paused;
  /** Whether an optimizer has ended a step, so that there is a learning rate to scale. */
  bool has_rates;
  double learning_rate_scale;
  /** Batches; a total of 0 where it is not known. */
  int64_t progress_done, progress_total;
};
TrainerState trainer_state();

/** The factor on the learning rates in the step that runs. Trainer thread. */
double learning_rate_scale();
/** At the end of every step, with whether it had learning rates. Trainer thread. */
void end_of_step(bool has_rates);
/**
 * To be called then until it is true: waits while a pause is asked for and answers the mailbox; false where
 * that wants something that only the script's side can find. Trainer thread.
 */
bool go_on();

}  // namespace unroll
