// The slots of the recurrent layers' time loops: everything between the input's product over all time steps,
// done before them, and the weights' gradients over all time steps, done after them. T steps, batch B, H
// units; all tensors contiguous and of one floating dtype.
//
// hs (T + 1, B, H) and cs hold the initial state at 0 and the state after step t at t + 1.
// A backward loop takes grad_out (T, B, H), the gradient of the states that left the layer (undefined: zero),
// and dh (B, H), that of the last state, in whose place it leaves the gradient of the initial state. dgates
// is the gradient of what the gates were before their activations. Where `norms` (float64) is defined its row
// 0 (of the cell's: row 1) receives at t the 2-norm over batch and units of the total derivative of the loss
// by the state after step t.
#pragma once

#include "tensor/registry.h"
#include "tensor/tensor.h"

namespace unroll {

/** gates (T, B, 4H): i, f, g, o; in: the input's part, out: activated. w_hh (4H, H). */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& hs, const Tensor& cs)>
    lstm_steps_kernel{"lstm"};
/** dc (B, H) as dh. dgates (T, B, 4H), norms (2, T). */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& cs,
                             const Tensor& grad_out, const Tensor& dh, const Tensor& dc, const Tensor& dgates,
                             const Tensor& norms)>
    lstm_steps_backward_kernel{"lstm backward"};

/**
 * gates (T, B, 4H): r, z, n of the state, n of the input. In: the input's part with all biases but b_hn (H,
 * or undefined) and the third block unset. Out: r, z activated, n of the state with b_hn, n activated. w_hh
 * (3H, H).
 */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& b_hn, const Tensor& hs)>
    gru_steps_kernel{"gru"};
/** dgates (T, B, 4H), norms (1, T). */
inline constinit Kernel<void(const Tensor& gates, const Tensor& w_hh, const Tensor& hs,
                             const Tensor& grad_out, const Tensor& dh, const Tensor& dgates,
                             const Tensor& norms)>
    gru_steps_backward_kernel{"gru backward"};

/** hs from 1 on; in: the input's part, out: the states. w_hh (H, H). */
inline constinit Kernel<void(const Tensor& hs, const Tensor& w_hh, bool relu)> rnn_steps_kernel{"rnn"};
/** dgates (T, B, H), norms (1, T). */
inline constinit Kernel<void(const Tensor& hs, const Tensor& w_hh, const Tensor& grad_out, const Tensor& dh,
                             const Tensor& dgates, const Tensor& norms, bool relu)>
    rnn_steps_backward_kernel{"rnn backward"};

}  // namespace unroll
