// The cells of the recurrent layers at one time step, forward beside backward: the product with the weight and all gates
// in one kernel. The formulas are in ops/lstm.cpp, gru.cpp and rnn.cpp.
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

// Backward. What reaches a state through the step after it, x[x_rows][length] . along[units][length], is made by the
// kernel that takes it up; rows that end here have it in dh.
typedef struct {
  int rows, units, x_rows, x_step, length;
  int series_step, blocks;
} Part;

// The block's sum of each row's squares: of the total derivatives by h and by c.
#if NORMS
#define ROOM_TO_NOTE local ACC squares_[BLOCK_ROWS * UNITS];
#define NOTE(square, series)                                                                   \
  {                                                                                            \
    if (down < BLOCK_ROWS) squares_[item] = is_mine ? (ACC)(square) * (ACC)(square) : 0;       \
    barrier(CLK_LOCAL_MEM_FENCE);                                                              \
    if (is_mine && across == 0) {                                                              \
      ACC sum_ = 0;                                                                            \
      for (int i_ = 0; i_ < UNITS; ++i_) sum_ += squares_[item + i_];                          \
      squares[squares_first + ((series) * p.series_step + row) * p.blocks + (int)get_group_id(0)] = sum_; \
    }                                                                                          \
    barrier(CLK_LOCAL_MEM_FENCE);                                                              \
  }
#else
#define ROOM_TO_NOTE
#define NOTE(square, series)
#endif

#define UNITS (4 * TEAM_COLUMNS)
// Declares row, unit and `at` of the item, whether it is_mine, and `through`, its product, 0 where it has none.
#define THROUGH                                                                                             \
  local T scratch[DOTS_SCRATCH(4)], sums[DOTS_SUMS(4)];                                                     \
  ROOM_TO_NOTE                                                                                              \
  const int item = (int)get_local_id(0), team = item / LANES, down = item / UNITS, across = item % UNITS;   \
  const int block_row = (int)get_group_id(1) * BLOCK_ROWS, block_unit = (int)get_group_id(0) * UNITS;       \
  if (block_row < p.x_rows) {                                                                               \
    const int from_row = min(block_row + team / TEAM_COLUMNS * ROWS, p.x_rows - 1);                         \
    const int from_unit = min(block_unit + team % TEAM_COLUMNS * 4, p.units - 1);                           \
    global const T* const x_rows = x + x_first + from_row * p.x_step;                                       \
    global const T* const columns = along + along_first + from_unit * p.length;                             \
    DOTS(4, x_rows, p.x_step, p.x_rows - from_row, columns, p.length, p.units - from_unit, p.length, scratch, sums) \
  }                                                                                                         \
  const int row = block_row + down, unit = block_unit + across, at = row * p.units + unit;                  \
  const bool is_mine = down < BLOCK_ROWS && row < p.rows && unit < p.units;                                 \
  const T through = is_mine && row < p.x_rows ? sums[DOT_AT(4, down, across / 4, across % 4)] : 0;

#if HAS_OUT
#define OUT out[out_first + at]
#else
#define OUT 0
#endif
#define PARTS                                                                                             \
  Part p, global const T *x, int x_first, global const T *along, int along_first, global const T *out,    \
      int out_first, global T *dh, int dh_first, global ACC *squares, int squares_first

// totals[rows][units], the whole derivative by projected states: the cell's kernel has the product with the projection.
kernel void total(PARTS, global T* totals, int totals_first) {
  THROUGH
  T total = 0;
  if (is_mine) {
    total = (row < p.x_rows ? through : dh[dh_first + at]) + OUT;
    totals[totals_first + at] = total;
  }
  NOTE(total, 0)
}

kernel void lstm_backward(PARTS, global T* dgates, int dgates_first, global T* dc, int dc_first, global const T* gates,
                          int gates_first, global const T* c_before, int c_before_first, global const T* c_after,
                          int c_after_first) {
  THROUGH
  T total_h = 0, total_c = 0;
  if (is_mine) {
    global const T* a = gates + gates_first + row * 4 * p.units + unit;
    global T* d = dgates + dgates_first + row * 4 * p.units + unit;
    const T i = a[0], f = a[p.units], g = a[2 * p.units], o = a[3 * p.units];
    const T tanh_c = tanh(c_after[c_after_first + at]);
    total_h = (row < p.x_rows ? through : dh[dh_first + at]) + OUT;
    total_c = dc[dc_first + at] + total_h * o * (1 - tanh_c * tanh_c);
    d[0] = total_c * g * (i * (1 - i));
    d[p.units] = total_c * c_before[c_before_first + at] * (f * (1 - f));
    d[2 * p.units] = total_c * i * (1 - g * g);
    d[3 * p.units] = total_h * tanh_c * (o * (1 - o));
    dc[dc_first + at] = total_c * f;
  }
#if !IS_PROJECTED
  NOTE(total_h, 0)
#endif
  NOTE(total_c, 1)
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

// dh has what goes past the gates besides.
kernel void gru_backward(PARTS, global T* dgates, int dgates_first, global const T* gates, int gates_first,
                         global const T* h_before, int h_before_first) {
  THROUGH
  T total = 0;
  if (is_mine) {
    global const T* a = gates + gates_first + row * 4 * p.units + unit;
    global T* d = dgates + dgates_first + row * 4 * p.units + unit;
    const T r = a[0], z = a[p.units], n_state = a[2 * p.units], n = a[3 * p.units];
    total = through + dh[dh_first + at] + OUT;
    const T dn = total * (1 - z) * (1 - n * n);
    d[0] = dn * n_state * (r * (1 - r));
    d[p.units] = total * (h_before[h_before_first + at] - n) * (z * (1 - z));
    d[2 * p.units] = dn * r;
    d[3 * p.units] = dn;
    dh[dh_first + at] = total * z;
  }
  NOTE(total, 0)
}

kernel void rnn(int rows, int units, int state, global const T* h_before, int h_before_first, global const T* w,
                int w_first, global T* h, int h_first) {
  MULTIPLY(1)
  const T a = h[h_first + at] + sums[0];
  h[h_first + at] = RELU ? (a < 0 ? 0 : a) : tanh(a);
}

kernel void rnn_backward(PARTS, global T* dgates, int dgates_first, global const T* h, int h_first) {
  THROUGH
  T total = 0;
  if (is_mine) {
    const T y = h[h_first + at];
    total = (row < p.x_rows ? through : dh[dh_first + at]) + OUT;
    dgates[dgates_first + at] = RELU ? (y > 0 ? total : 0) : total * (1 - y * y);
  }
  NOTE(total, 0)
}
