#include "backend/cpu/kernels/gates.h"

#include "backend/cpu/kernels/lanes.h"
#include "backend/cpu/kernels/math.h"

namespace unroll::cpu::UNROLL_ISA {
namespace {

// ivdep: the arrays of a cell do not overlap; they are more than the compiler is willing to check at run
// time.

template <class T>
void lstm_cell(const LstmCell<T>& cell, int64_t n) {
  T* const gate_i = cell.gates;
  T* const gate_f = cell.gates + n;
  T* const gate_g = cell.gates + 2 * n;
  T* const gate_o = cell.gates + 3 * n;
  const T* const c_prev = cell.c_prev;
  T* const c_out = cell.c;
  T* const h_out = cell.h;
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) {
    const T i = normal_sigmoid(gate_i[j]), f = normal_sigmoid(gate_f[j]), g = tanh(gate_g[j]),
            o = normal_sigmoid(gate_o[j]);
    const T c = f * c_prev[j] + i * g;
    gate_i[j] = i;
    gate_f[j] = f;
    gate_g[j] = g;
    gate_o[j] = o;
    c_out[j] = c;
    h_out[j] = o * tanh(c);
  }
}

template <class T>
void lstm_cell_backward(const LstmCellBackward<T>& cell, int64_t n) {
  const T* const gates = cell.gates;
  const T* const c_prev = cell.c_prev;
  const T* const c = cell.c;
  const T* const dh = cell.dh;
  T* const dc_flow = cell.dc;
  T* const dc_total = cell.dc_total;
  T* const di = cell.dgates;
  T* const df = cell.dgates + n;
  T* const dg = cell.dgates + 2 * n;
  T* const do_ = cell.dgates + 3 * n;
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) {
    const T i = gates[j], f = gates[n + j], g = gates[2 * n + j], o = gates[3 * n + j], tanh_c = tanh(c[j]);
    const T dc = dc_flow[j] + dh[j] * o * (1 - tanh_c * tanh_c);
    di[j] = dc * g * (i * (1 - i));
    df[j] = dc * c_prev[j] * (f * (1 - f));
    dg[j] = dc * i * (1 - g * g);
    do_[j] = dh[j] * tanh_c * (o * (1 - o));
    dc_total[j] = dc;
    dc_flow[j] = dc * f;
  }
}

template <class T>
void gru_cell(const GruCell<T>& cell, int64_t n) {
  T* const gate_r = cell.gates;
  T* const gate_z = cell.gates + n;
  const T* const n_state = cell.gates + 2 * n;
  T* const gate_n = cell.gates + 3 * n;
  const T* const h_prev = cell.h_prev;
  T* const h = cell.h;
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) {
    const T r = normal_sigmoid(gate_r[j]), z = normal_sigmoid(gate_z[j]),
            candidate = tanh(gate_n[j] + r * n_state[j]);
    gate_r[j] = r;
    gate_z[j] = z;
    gate_n[j] = candidate;
    h[j] = candidate + z * (h_prev[j] - candidate);
  }
}

template <class T>
void gru_cell_backward(const GruCellBackward<T>& cell, int64_t n) {
  const T* const gates = cell.gates;
  const T* const h_prev = cell.h_prev;
  T* const dh = cell.dh;
  T* const dr = cell.dgates;
  T* const dz = cell.dgates + n;
  T* const dn_state = cell.dgates + 2 * n;
  T* const dn = cell.dgates + 3 * n;
#pragma GCC ivdep
  for (int64_t j = 0; j < n; ++j) {
    const T r = gates[j], z = gates[n + j], n_state = gates[2 * n + j], candidate = gates[3 * n + j];
    const T d = dh[j] * (1 - z) * (1 - candidate * candidate);
    dr[j] = d * n_state * (r * (1 - r));
    dz[j] = dh[j] * (h_prev[j] - candidate) * (z * (1 - z));
    dn_state[j] = d * r;
    dn[j] = d;
    dh[j] *= z;
  }
}

template <class T>
void rnn_cell(T* h, int64_t n, bool relu) {
  if (relu)
    for (int64_t j = 0; j < n; ++j) h[j] = h[j] < 0 ? T(0) : h[j];
  else
    for (int64_t j = 0; j < n; ++j) h[j] = tanh(h[j]);
}

template <class T>
void rnn_cell_backward(const T* h, const T* dh, T* dgate, int64_t n, bool relu) {
  if (relu)
    for (int64_t j = 0; j < n; ++j) dgate[j] = h[j] > 0 ? dh[j] : T(0);
  else
    for (int64_t j = 0; j < n; ++j) dgate[j] = dh[j] * (1 - h[j] * h[j]);
}

template <class T>
void add_row(T* to, const T* from, int64_t n) {
  for (int64_t j = 0; j < n; ++j) to[j] += from[j];
}

template <class T>
double sum_of_squares(const T* x, int64_t n) {
  return sum_lanes<double>(n,
                           [&](int64_t j) { return static_cast<double>(x[j]) * static_cast<double>(x[j]); });
}

}  // namespace

void lstm_cell_f32(const LstmCell<float>& cell, int64_t n) { lstm_cell(cell, n); }
void lstm_cell_f64(const LstmCell<double>& cell, int64_t n) { lstm_cell(cell, n); }
void lstm_cell_backward_f32(const LstmCellBackward<float>& cell, int64_t n) { lstm_cell_backward(cell, n); }
void lstm_cell_backward_f64(const LstmCellBackward<double>& cell, int64_t n) { lstm_cell_backward(cell, n); }
void gru_cell_f32(const GruCell<float>& cell, int64_t n) { gru_cell(cell, n); }
void gru_cell_f64(const GruCell<double>& cell, int64_t n) { gru_cell(cell, n); }
void gru_cell_backward_f32(const GruCellBackward<float>& cell, int64_t n) { gru_cell_backward(cell, n); }
void gru_cell_backward_f64(const GruCellBackward<double>& cell, int64_t n) { gru_cell_backward(cell, n); }
void rnn_cell_f32(float* h, int64_t n, bool relu) { rnn_cell(h, n, relu); }
void rnn_cell_f64(double* h, int64_t n, bool relu) { rnn_cell(h, n, relu); }
void rnn_cell_backward_f32(const float* h, const float* dh, float* dgate, int64_t n, bool relu) {
  rnn_cell_backward(h, dh, dgate, n, relu);
}
void rnn_cell_backward_f64(const double* h, const double* dh, double* dgate, int64_t n, bool relu) {
  rnn_cell_backward(h, dh, dgate, n, relu);
}
void add_row_f32(float* to, const float* from, int64_t n) { add_row(to, from, n); }
void add_row_f64(double* to, const double* from, int64_t n) { add_row(to, from, n); }
double sum_of_squares_f32(const float* x, int64_t n) { return sum_of_squares(x, n); }
double sum_of_squares_f64(const double* x, int64_t n) { return sum_of_squares(x, n); }

}  // namespace unroll::cpu::UNROLL_ISA
