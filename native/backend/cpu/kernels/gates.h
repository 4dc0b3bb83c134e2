// The recurrent cells, element by element: one row of the batch, n units, at one time step. The formulas are
// in ops/lstm.cpp, gru.cpp and rnn.cpp.
#pragma once

#include <cstdint>

#include "backend/cpu/isa.h"

namespace unroll::cpu {

template <class T>
struct LstmCell {
  T* gates;         // [4][n]: i, f, g, o; in: before, out: after their activations
  const T* c_prev;  // [n]
  T* c;
  T* h;
};

template <class T>
struct LstmCellBackward {
  const T* gates;  // [4][n], activated
  const T* c_prev;
  const T* c;
  const T* dh;  // total
  T* dc;        // in: what flows from the next step, out: what flows to the previous one
  T* dc_total;
  T* dgates;  // [4][n]
};

template <class T>
struct GruCell {
  T* gates;  // [4][n]: r, z, n of the state, n of the input; out: r, z, n of the state, n, activated but the
             // third
  const T* h_prev;  // [n]
  T* h;
};

template <class T>
struct GruCellBackward {
  const T* gates;  // [4][n]
  const T* h_prev;
  T* dh;      // in: total, out: what flows to the previous step past the gates
  T* dgates;  // [4][n]
};

}  // namespace unroll::cpu

UNROLL_DISPATCH(void(const unroll::cpu::LstmCell<float>& cell, int64_t n), lstm_cell_f32)
UNROLL_DISPATCH(void(const unroll::cpu::LstmCell<double>& cell, int64_t n), lstm_cell_f64)
UNROLL_DISPATCH(void(const unroll::cpu::LstmCellBackward<float>& cell, int64_t n), lstm_cell_backward_f32)
UNROLL_DISPATCH(void(const unroll::cpu::LstmCellBackward<double>& cell, int64_t n), lstm_cell_backward_f64)
UNROLL_DISPATCH(void(const unroll::cpu::GruCell<float>& cell, int64_t n), gru_cell_f32)
UNROLL_DISPATCH(void(const unroll::cpu::GruCell<double>& cell, int64_t n), gru_cell_f64)
UNROLL_DISPATCH(void(const unroll::cpu::GruCellBackward<float>& cell, int64_t n), gru_cell_backward_f32)
UNROLL_DISPATCH(void(const unroll::cpu::GruCellBackward<double>& cell, int64_t n), gru_cell_backward_f64)
// h = tanh(h), or relu(h), in place; dgate = dh times the derivative at h.
UNROLL_DISPATCH(void(float* h, int64_t n, bool relu), rnn_cell_f32)
UNROLL_DISPATCH(void(double* h, int64_t n, bool relu), rnn_cell_f64)
UNROLL_DISPATCH(void(const float* h, const float* dh, float* dgate, int64_t n, bool relu),
                rnn_cell_backward_f32)
UNROLL_DISPATCH(void(const double* h, const double* dh, double* dgate, int64_t n, bool relu),
                rnn_cell_backward_f64)
// to += from, and Σ x² in double precision.
UNROLL_DISPATCH(void(float* to, const float* from, int64_t n), add_row_f32)
UNROLL_DISPATCH(void(double* to, const double* from, int64_t n), add_row_f64)
UNROLL_DISPATCH(double(const float* x, int64_t n), sum_of_squares_f32)
UNROLL_DISPATCH(double(const double* x, int64_t n), sum_of_squares_f64)
