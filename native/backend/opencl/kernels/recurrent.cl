// The cells of the recurrent layers at one time step, forward beside backward: forward the state's product and all gates
// in one kernel, backward all gates after the product. The formulas are in ops/lstm.cpp, gru.cpp and rnn.cpp.
static T logistic(T a) { return 1 / (1 + exp(-a)); }

// The state's product with w[gates * units][state], a team's columns being the gates of one unit. Declares sums[gates],
// and row, unit and `at` of the item; leaves the kernel where there is none.
#define MULTIPLY(gates)                                                                                          \
  local T scratch[DOTS_SCRATCH(gates)], all_sums[DOTS_SUMS(gates)];                                              \
  const int item = (int)get_local_id(0), team = item / LANES;                                                    \
  const int block_row = (int)get_group_id(1) * BLOCK_ROWS, block_unit = (int)get_group_id(0) * TEAM_COLUMNS;     \
  const int from_row = min(block_row + team / TEAM_COLUMNS * ROWS, rows - 1);                                    \
  const int from_unit = min(block_unit + team % TEAM_COLUMNS, units - 1);                                        \
  global const T* const h_rows = h_before + h_before_first + from_row * state;                                   \
  global const T* const w_unit = w + w_first + from_unit * state;                                                \
  DOTS(gates, h_rows, state, rows - from_row, w_unit, units * state, gates, state, scratch, all_sums)            \
  const int down = item / TEAM_COLUMNS, across = item % TEAM_COLUMNS;                                            \
  const int row = block_row + down, unit = block_unit + across, at = row * units + unit;                         \
  if (down >= BLOCK_ROWS || row >= rows || unit >= units) return;                                                \
  local const T* const sums = all_sums + DOT_AT(gates, down, across, 0);

// gates[rows][4][units]: i, f, g, o, activated in place.
kernel void lstm(int rows, int units, int state, global const T* h_before, int h_before_first, global const T* w,
                 int w_first, global T* h, int h_first, global T* gates, int gates_first, global const T* c_before,
                 int c_before_first, global T* c_after, int c_after_first) {
  MULTIPLY(4)
  global T* a = gates + gates_first + row * 4 * units + unit;
  const T i = logistic(a[0] + sums[0]), f = logistic(a[units] + sums[1]), g = tanh(a[2 * units] + sums[2]),
          o = logistic(a[3 * units] + sums[3]);
  const T c = f * c_before[c_before_first + at] + i * g;
  a[0] = i;
  a[units] = f;
  a[2 * units] = g;
  a[3 * units] = o;
  c_after[c_after_first + at] = c;
  h[h_first + at] = o * tanh(c);
}

// One work-group a row, so that it adds up the row's squares: of the total derivatives by h and by c.
#if NORMS
#define NOTE(square, series)                                                                        \
  COMBINE(scratch, square, PLUS)                                                                    \
  if (get_local_id(0) == 0) squares[squares_first + (series) * series_step + (int)get_group_id(0)] = square;
#else
#define NOTE(square, series)
#endif
#if HAS_OUT
#define OUT(at_) out[out_first + (at_)]
#else
#define OUT(at_) 0
#endif
// Projected states have their total derivative taken before: the cell has that of the states before their projection.
#if IS_PROJECTED
#define TOTAL(at_) dh[dh_first + (at_)]
#define NOTE_STATE(square)
#else
#define TOTAL(at_) (dh[dh_first + (at_)] + OUT(at_))
#define NOTE_STATE(square) NOTE(square, 0)
#endif

// totals[rows][units] = dh + out.
kernel void total(int units, int series_step, global const T* out, int out_first, global const T* dh, int dh_first,
                  global T* totals, int totals_first, global ACC* squares, int squares_first) {
  local ACC scratch[GROUP];
  ACC square = 0;
  for (int j = (int)get_local_id(0); j < units; j += GROUP) {
    const int at = (int)get_group_id(0) * units + j;
    const T sum = dh[dh_first + at] + OUT(at);
    totals[totals_first + at] = sum;
    square += (ACC)sum * (ACC)sum;
  }
  NOTE(square, 0)
}

kernel void lstm_backward(int units, int series_step, global const T* out, int out_first, global T* dh, int dh_first,
                          global T* dgates, int dgates_first, global ACC* squares, int squares_first, global T* dc,
                          int dc_first, global const T* gates, int gates_first, global const T* c_before,
                          int c_before_first, global const T* c_after, int c_after_first) {
  local ACC scratch[GROUP];
  const int row = (int)get_group_id(0);
  global const T* a = gates + gates_first + row * 4 * units;
  global T* d = dgates + dgates_first + row * 4 * units;
  ACC square_h = 0, square_c = 0;
  for (int j = (int)get_local_id(0); j < units; j += GROUP) {
    const int at = row * units + j;
    const T i = a[j], f = a[units + j], g = a[2 * units + j], o = a[3 * units + j];
    const T tanh_c = tanh(c_after[c_after_first + at]), total_h = TOTAL(at);
    const T total_c = dc[dc_first + at] + total_h * o * (1 - tanh_c * tanh_c);
    d[j] = total_c * g * (i * (1 - i));
    d[units + j] = total_c * c_before[c_before_first + at] * (f * (1 - f));
    d[2 * units + j] = total_c * i * (1 - g * g);
    d[3 * units + j] = total_h * tanh_c * (o * (1 - o));
    dc[dc_first + at] = total_c * f;
    square_h += (ACC)total_h * (ACC)total_h;
    square_c += (ACC)total_c * (ACC)total_c;
  }
  NOTE_STATE(square_h)
  NOTE(square_c, 1)
}

// gates[rows][4][units]: r, z, n of the state, n of the input, activated in place but the third.
kernel void gru(int rows, int units, int state, global const T* h_before, int h_before_first, global const T* w,
                int w_first, global T* h, int h_first, global T* gates, int gates_first) {
  MULTIPLY(3)
  global T* a = gates + gates_first + row * 4 * units + unit;
  const T r = logistic(a[0] + sums[0]), z = logistic(a[units] + sums[1]), of_state = a[2 * units] + sums[2];
  const T n = tanh(a[3 * units] + r * of_state);
  a[0] = r;
  a[units] = z;
  a[2 * units] = of_state;
  a[3 * units] = n;
  h[h_first + at] = n + z * (h_before[h_before_first + at] - n);
}

kernel void gru_backward(int units, int series_step, global const T* out, int out_first, global T* dh, int dh_first,
                         global T* dgates, int dgates_first, global ACC* squares, int squares_first,
                         global const T* gates, int gates_first, global const T* h_before, int h_before_first) {
  local ACC scratch[GROUP];
  const int row = (int)get_group_id(0);
  global const T* a = gates + gates_first + row * 4 * units;
  global T* d = dgates + dgates_first + row * 4 * units;
  ACC square_h = 0;
  for (int j = (int)get_local_id(0); j < units; j += GROUP) {
    const int at = row * units + j;
    const T r = a[j], z = a[units + j], n_state = a[2 * units + j], n = a[3 * units + j];
    const T total = TOTAL(at), dn = total * (1 - z) * (1 - n * n);
    d[j] = dn * n_state * (r * (1 - r));
    d[units + j] = total * (h_before[h_before_first + at] - n) * (z * (1 - z));
    d[2 * units + j] = dn * r;
    d[3 * units + j] = dn;
    dh[dh_first + at] = total * z;
    square_h += (ACC)total * (ACC)total;
  }
  NOTE_STATE(square_h)
}

kernel void rnn(int rows, int units, int state, global const T* h_before, int h_before_first, global const T* w,
                int w_first, global T* h, int h_first) {
  MULTIPLY(1)
  const T a = h[h_first + at] + sums[0];
  h[h_first + at] = RELU ? (a < 0 ? 0 : a) : tanh(a);
}

kernel void rnn_backward(int units, int series_step, global const T* out, int out_first, global T* dh, int dh_first,
                         global T* dgates, int dgates_first, global ACC* squares, int squares_first,
                         global const T* h, int h_first) {
  local ACC scratch[GROUP];
  const int row = (int)get_group_id(0);
  ACC square_h = 0;
  for (int j = (int)get_local_id(0); j < units; j += GROUP) {
    const int at = row * units + j;
    const T total = TOTAL(at), y = h[h_first + at];
    dgates[dgates_first + at] = RELU ? (y > 0 ? total : 0) : total * (1 - y * y);
    square_h += (ACC)total * (ACC)total;
  }
  NOTE_STATE(square_h)
}
