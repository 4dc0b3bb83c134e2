// out[batch][M][N] = a[batch][M][K] · b[batch][K][N], to which what out holds is added where ACCUMULATE and a row of
// biases where HAS_BIAS. A work-group makes a TILE by TILE block, of which each item has one element.
typedef struct {
  int m, n, k;
  int a_batch, a_row, a_column;
  int b_batch, b_row, b_column;
  int out_batch, out_row;
} Product;

#if HAS_BIAS
#define BIAS global const T *bias, int bias_first,
#define ADD_BIAS sum += bias[bias_first + column];
#else
#define BIAS
#define ADD_BIAS
#endif
#if ACCUMULATE
#define ADD_OLD sum += *out;
#else
#define ADD_OLD
#endif
// `sum` to `out`, in `column`.
#define STORE ADD_BIAS ADD_OLD *out = sum;

kernel void product(Product p, global const T* a, int a_first, global const T* b, int b_first,
                    BIAS
                    global T* out, int out_first) {
  local T a_tile[TILE][TILE + 1], b_tile[TILE][TILE + 1];
  const int x = (int)get_local_id(0), y = (int)get_local_id(1), batch = (int)get_group_id(2);
  const int column = (int)get_group_id(0) * TILE + x, row = (int)get_group_id(1) * TILE + y;
  a += a_first + batch * p.a_batch;
  b += b_first + batch * p.b_batch;
  T sum = 0;
  for (int k = 0; k < p.k; k += TILE) {
    a_tile[y][x] = row < p.m && k + x < p.k ? a[row * p.a_row + (k + x) * p.a_column] : 0;
    b_tile[y][x] = column < p.n && k + y < p.k ? b[(k + y) * p.b_row + column * p.b_column] : 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int i = 0; i < TILE; ++i) sum += a_tile[y][i] * b_tile[i][x];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (row >= p.m || column >= p.n) return;
  out += out_first + batch * p.out_batch + row * p.out_row + column;
  STORE
}

// The same of few elements in all, both factors of which lie along k: b_column apart are b's columns.
kernel void dots(int m, int n, int k, int a_row, int b_column, int out_row, global const T* a, int a_first,
                 global const T* b, int b_first,
                 BIAS
                 global T* out, int out_first) {
  local T scratch[DOTS_SCRATCH(4)], sums[DOTS_SUMS(4)];
  const int item = (int)get_local_id(0), team = item / LANES;
  const int block_row = (int)get_group_id(1) * BLOCK_ROWS, block_column = (int)get_group_id(0) * 4 * TEAM_COLUMNS;
  const int from_row = min(block_row + team / TEAM_COLUMNS * ROWS, m - 1);
  const int from_column = min(block_column + team % TEAM_COLUMNS * 4, n - 1);
  global const T *x = a + a_first + from_row * a_row, *y = b + b_first + from_column * b_column;
  DOTS(4, x, a_row, m - from_row, y, b_column, n - from_column, k, scratch, sums)
  const int down = item / (4 * TEAM_COLUMNS), across = item % (4 * TEAM_COLUMNS);
  const int row = block_row + down, column = block_column + across;
  if (down >= BLOCK_ROWS || row >= m || column >= n) return;
  T sum = sums[DOT_AT(4, down, across / 4, across % 4)];
  out += out_first + row * out_row + column;
  STORE
}
