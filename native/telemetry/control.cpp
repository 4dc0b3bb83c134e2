#include "telemetry/control.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "telemetry/mailbox.h"
#include "telemetry/recorder.h"
#include "tensor/error.h"

namespace unroll {

namespace {

std::atomic<bool> interrupt_requested{false};

/** Where the trainer waits. Everything but `is_wanted` is guarded by `mutex`. */
struct Pause {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> is_wanted{false};
  bool is_begun = false;  // the trainer's: it has said so and has not gone on yet
  bool is_paused = false;
  bool has_news = false;  // for a paused trainer: in the mailbox, or another learning rate
  Resume why = Resume::GoOn;
};

Pause& the_pause() {
  static Pause pause;
  return pause;
}

std::atomic<double> wanted_scale{1};
std::atomic<double> scale_in_force{1};  // changed by the trainer only
std::atomic<bool> rates_seen{false};
std::atomic<int64_t> batches_done{0}, batches{0};

/** Takes over a factor that was asked for since the last step. */
void update_scale() {
  const double wanted = wanted_scale.load(std::memory_order_relaxed);
  if (wanted == scale_in_force) return;
  scale_in_force = wanted;
  char number[32];
  std::snprintf(number, sizeof number, "%.6g", wanted);
  recorder().note_event(text("event/learning_rate: times ", number, " from step ", recorder().steps() + 1));
}

const char* words_for(Resume why) {
  switch (why) {
    case Resume::GoOn:
      return "to go on";
    case Resume::OneStep:
      return "for one step";
    case Resume::Interrupt:
      return "by an interrupt";
  }
  return "";
}

/** Waits; false where the script's side is wanted meanwhile. */
bool pause() {
  Pause& pause = the_pause();
  std::unique_lock lock(pause.mutex);
  if (!pause.is_begun) {
    if (!pause.is_wanted) return true;  // taken back since
    pause.is_begun = pause.is_paused = pause.has_news = true;
    // Not under the lock: a record may have to wait for its reader, who asks for the state.
    lock.unlock();
    recorder().note_event(text("event/paused: after step ", recorder().steps()));
    lock.lock();
  }
  for (;;) {
    pause.changed.wait(lock, [&] { return !pause.is_paused || pause.has_news; });
    if (!pause.is_paused) break;
    pause.has_news = false;
    lock.unlock();
    mailbox().serve();
    update_scale();
    if (mailbox().is_wanting()) return false;
    lock.lock();
  }
  pause.is_begun = false;
  const Resume why = pause.why;
  lock.unlock();
  recorder().note_event(text("event/resumed: ", words_for(why)));
  return true;
}

}  // namespace

void request_interrupt() { interrupt_requested.store(true, std::memory_order_release); }

bool take_interrupt() {
  return interrupt_requested.load(std::memory_order_relaxed) && interrupt_requested.exchange(false);
}

void request_pause() {
  std::lock_guard lock(the_pause().mutex);
  the_pause().is_wanted = true;
}

void resume(Resume why) {
  std::lock_guard lock(the_pause().mutex);
  the_pause().is_wanted = why == Resume::OneStep;
  the_pause().is_paused = false;
  the_pause().why = why;
  the_pause().changed.notify_all();
}

void wake_trainer() {
  std::lock_guard lock(the_pause().mutex);
  the_pause().has_news = true;
  the_pause().changed.notify_all();
}

void request_learning_rate_scale(double scale) {
  wanted_scale.store(scale, std::memory_order_relaxed);
  wake_trainer();
}

void note_progress(int64_t done, int64_t total) {
  batches_done.store(done, std::memory_order_relaxed);
  batches.store(total, std::memory_order_relaxed);
}

TrainerState trainer_state() {
  std::lock_guard lock(the_pause().mutex);
  return {the_pause().is_paused, rates_seen, wanted_scale, batches_done, batches};
}

double learning_rate_scale() { return scale_in_force; }

void end_of_step(bool has_rates) {
  if (!has_rates) return;  // its gradients may be gone by now
  rates_seen.store(true, std::memory_order_relaxed);
  mailbox().gradients_are_of(recorder().steps());
}

bool go_on() {
  mailbox().serve();
  if (mailbox().is_wanting()) return false;
  Pause& pause_now = the_pause();
  if (pause_now.is_wanted.load(std::memory_order_relaxed) || pause_now.is_begun) {
    if (!pause()) return false;
  }
  update_scale();
  return true;
}

}  // namespace unroll
