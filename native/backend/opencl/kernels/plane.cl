// What a look needs of a plane: rows by columns elements of x, each axis with its stride.
#if HAS_FLOAT64
typedef double REAL;
#else
typedef float REAL;
#endif
typedef struct {
  int rows, columns, row_stride, column_stride;
} Plane;
#define PLANE Plane p, global const T *x, int x_first
#define AT(row, column) ((REAL)x[x_first + (row) * p.row_stride + (column) * p.column_stride])
#define ELEMENT(i) AT((int)((i) / (uint)p.columns), (int)((i) % (uint)p.columns))

// Each work-group sums up its part.
kernel void part_sums(PLANE, global REAL* out, int out_first) {
  local REAL scratch[GROUP];
  local int tally[GROUP];
  const uint n = (uint)(p.rows * p.columns), begin = (uint)get_global_id(0), step = (uint)get_global_size(0);
  int finite = 0, nans = 0, infinite = 0, zeros = 0;
  REAL sum = 0, low = INFINITY, high = -INFINITY;
  for (uint i = begin; i < n; i += step) {
    const REAL v = ELEMENT(i);
    if (isfinite(v)) {
      ++finite;
      zeros += v == 0;
      sum += v;
      low = fmin(low, v);
      high = fmax(high, v);
    } else if (isnan(v)) {
      ++nans;
    } else {
      ++infinite;
    }
  }
  COMBINE(tally, finite, PLUS)
  COMBINE(tally, nans, PLUS)
  COMBINE(tally, infinite, PLUS)
  COMBINE(tally, zeros, PLUS)
  COMBINE(scratch, sum, PLUS)
  COMBINE(scratch, low, fmin)
  COMBINE(scratch, high, fmax)
  const REAL mean = finite > 0 ? sum / finite : 0;
  REAL spread = 0;
  for (uint i = begin; i < n; i += step) {
    const REAL v = ELEMENT(i);
    if (isfinite(v)) spread += (v - mean) * (v - mean);
  }
  COMBINE(scratch, spread, PLUS)
  if (get_local_id(0) > 0) return;
  global REAL* const part = out + out_first + 8 * (int)get_group_id(0);
  part[0] = finite;
  part[1] = sum;
  part[2] = spread;
  part[3] = low;
  part[4] = high;
  part[5] = nans;
  part[6] = infinite;
  part[7] = zeros;
}

kernel void samples(PLANE, int count, global REAL* out, int out_first) {
  const int i = (int)get_global_id(0);
  if (i < count) out[out_first + i] = ELEMENT((uint)((long)i * (p.rows * p.columns) / count));
}

kernel void bins(PLANE, REAL low, REAL high, REAL scale, int count, global int* counts, int counts_first) {
  local int table[MOST_BINS + 3];  // the last: what is not finite
  for (int i = (int)get_local_id(0); i < count + 3; i += GROUP) table[i] = 0;
  barrier(CLK_LOCAL_MEM_FENCE);
  const uint n = (uint)(p.rows * p.columns);
  for (uint i = (uint)get_global_id(0); i < n; i += (uint)get_global_size(0)) {
    const REAL v = ELEMENT(i);
    atomic_inc(&table[BIN_OF(v, low, high, scale, count)]);
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int i = (int)get_local_id(0); i < count + 2; i += GROUP)
    if (table[i] > 0) atomic_add(&counts[counts_first + i], table[i]);
}

// ALONE: an item a tile, where they are small; else a work-group a tile.
kernel void tiles(PLANE, int rows, int columns, global float* out, int out_first) {
#if ALONE
  const int tile = (int)get_global_id(0);
  const uint begin = 0, step = 1;
#else
  local REAL scratch[GROUP];
  local int tally[GROUP];
  const int tile = (int)get_group_id(0);
  const uint begin = (uint)get_local_id(0), step = GROUP;
#endif
  if (tile >= rows * columns) return;
  const int r = tile / columns, c = tile % columns;
  const int top = (int)((long)r * p.rows / rows), bottom = (int)((long)(r + 1) * p.rows / rows);
  const int left = (int)((long)c * p.columns / columns), right = (int)((long)(c + 1) * p.columns / columns);
  const uint width = (uint)(right - left), n = (uint)(bottom - top) * width;
  int finite = 0;
  REAL sum = 0, low = INFINITY, high = -INFINITY;
  for (uint i = begin; i < n; i += step) {
    const REAL v = AT(top + (int)(i / width), left + (int)(i % width));
    if (!isfinite(v)) continue;
    ++finite;
    sum += v;
    low = fmin(low, v);
    high = fmax(high, v);
  }
#if !ALONE
  COMBINE(tally, finite, PLUS)
  COMBINE(scratch, sum, PLUS)
  COMBINE(scratch, low, fmin)
  COMBINE(scratch, high, fmax)
  if (begin > 0) return;
#endif
  global float* const to = out + out_first + tile;
  const int apart = rows * columns;
  to[0] = finite > 0 ? (float)low : NAN;
  to[apart] = finite > 0 ? (float)high : NAN;
  to[2 * apart] = finite > 0 ? (float)(sum / finite) : NAN;
  to[3 * apart] = (float)(n - (uint)finite);
}
