// The slots of the recurrent layers' time loops: everything between the input's product over all time steps,
// done before them, and the weights' gradients over all time steps, done after them. N rows over all steps, B
// sequences, H units, P = H units of the state, fewer where w_hr (P, H) projects them; all tensors contiguous
// and of one floating dtype.
//
// hs (B + N, P) and cs (B + N, H) hold the initial states and then those after each step (TimeSteps says
// where). A backward loop takes grad_out (N, P), the gradient of the states that left the layer (undefined:
// zero), and dh (B, P), that of each sequence's last state, in whose place it leaves the gradient of the
// initial state. dgates is the gradient of what the gates were before their activations. Where `norms`
// (float64) is defined its row 0 (of the cell's: row 1) receives at t the 2-norm over rows and units of the
// total derivative of the loss by the state after step t, t counted as the sequences were given.
#pragma once

#include "backend/time_steps.h"
#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** Called now and then between two steps of a time loop by the thread that runs the script: it may read
 * tensors. */
inline void (*between_steps)() = [] {};

/**
 * gates (N, 4H): i, f, g, o; in: the input's part, out: activated. w_hh (4H, P). With a projection, w_hr and
 * `whole` (N, H), which receives the states before it; else both are undefined.
 */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& hs,
                             const Tensor& cs, const Tensor& whole, const TimeSteps& steps)>
    lstm_steps_kernel{"lstm", true};
/** dc (B, H) as dh. dgates (N, 4H), norms (2, T); with a projection dhs (N, P) receives the total dh. */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& w_hr, const Tensor& cs,
                             const Tensor& grad_out, const Tensor& dh, const Tensor& dc, const Tensor& dgates,
                             const Tensor& dhs, const Tensor& norms, const TimeSteps& steps)>
    lstm_steps_backward_kernel{"lstm backward", true};

/**
 * gates (N, 4H): r, z, n of the state, n of the input. In: the input's part with all biases but b_hn (H, or
 * undefined) and the third block unset. Out: r, z activated, n of the state with b_hn, n activated. w_hh (3H,
 * H).
 */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& b_hn, const Tensor& hs,
                             const TimeSteps& steps)>
    gru_steps_kernel{"gru", true};
/** dgates (N, 4H), norms (1, T). */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& hs,
                             const Tensor& grad_out, const Tensor& dh, const Tensor& dgates,
                             const Tensor& norms, const TimeSteps& steps)>
    gru_steps_backward_kernel{"gru backward", true};

/** hs from row B on; in: the input's part, out: the states. w_hh (H, H). */
inline constinit Kernel<void(const Tensor& hs, const Tensor& w_hh, bool relu, const TimeSteps& steps)>
    rnn_steps_kernel{"rnn", true};
/** dgates (N, H), norms (1, T). */
inline constinit Kernel<void(const Tensor& hs, const Tensor& w_hh, const Tensor& grad_out, const Tensor& dh,
                             const Tensor& dgates, const Tensor& norms, bool relu, const TimeSteps& steps)>
    rnn_steps_backward_kernel{"rnn backward", true};

}  // namespace unroll
