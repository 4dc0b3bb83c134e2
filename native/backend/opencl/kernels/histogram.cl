// The distribution of each of up to eight tensors, as a log holds it: BINS bins of equal width.
#define JOINED_(a, b) a##b
#define JOINED(a, b) JOINED_(a, b)

// Each work-group leaves the least and the greatest of its finite elements.
kernel void ends(Shares shares, EIGHT(global const T, x), global T* out, int out_first) {
  local T scratch[GROUP];
  SHARE_OF(shares)
  MINE(global const T, x)
  T low = INFINITY, high = -INFINITY;
  for (int i = item; i < n; i += step)
    if (isfinite(x[i])) {
      low = fmin(low, x[i]);
      high = fmax(high, x[i]);
    }
  COMBINE(scratch, low, fmin)
  COMBINE(scratch, high, fmax)
  if (get_local_id(0) == 0) {
    out[out_first + 2 * group_] = low;
    out[out_first + 2 * group_ + 1] = high;
  }
}

// The two least of x, and of -x: {s0, s1} and {s2, s3}, the lesser first.
#define T4 JOINED(T, 4)
#define LEAST_TWO(a, b)                                                                              \
  (T4)(fmin(a.s0, b.s0), fmin(fmax(a.s0, b.s0), fmin(a.s1, b.s1)), fmin(a.s2, b.s2),                  \
       fmin(fmax(a.s2, b.s2), fmin(a.s3, b.s3)))

// A work-group a tensor: where its bins lie, over all of it where that is not much wider than where nearly all lies (the
// 0.1 % and 99.9 % quantiles of some), and the counts set to zero.
kernel void ranges(Shares shares, EIGHT(global const T, x), global const T* ends, int ends_first, global ACC* out,
                   int out_first, global int* counts, int counts_first) {
  local T4 scratch[GROUP];
  local int tally[GROUP];
  const int mine = (int)get_group_id(0), item = (int)get_local_id(0), n = shares.n[mine];
  MINE(global const T, x)
  T4 found = (T4)(INFINITY);  // s0 and s2 only
  for (int g = shares.start[mine] + item; g < shares.start[mine + 1]; g += GROUP) {
    found.s0 = fmin(found.s0, ends[ends_first + 2 * g]);
    found.s2 = fmin(found.s2, -ends[ends_first + 2 * g + 1]);
  }
  COMBINE(scratch, found, LEAST_TWO)
  const ACC least = found.s0, most = -found.s2;

  const int samples = min(n, SAMPLES);
  int finite = 0;
  found = (T4)(INFINITY);
  for (int i = item; i < samples; i += GROUP) {
    const T v = x[(long)i * n / samples];
    if (!isfinite(v)) continue;
    const T4 one = (T4)(v, INFINITY, -v, INFINITY);
    found = LEAST_TWO(found, one);
    ++finite;
  }
  COMBINE(scratch, found, LEAST_TWO)
  COMBINE(tally, finite, PLUS)
  // One in a thousand is left out at either end.
  const ACC low = finite == 0 ? least : finite < 1000 ? found.s0 : found.s1;
  const ACC high = finite == 0 ? most : -(finite < 1000 ? found.s2 : found.s3);
  const int is_all = most - least <= 2 * (high - low) || high == low;
  if (item == 0) {
    global ACC* const row = out + out_first + 4 * mine;
    row[0] = is_all ? least : low;
    row[1] = is_all ? most : high;
    row[2] = least;
    row[3] = most;
  }
  for (int i = item; i < BINS + 2; i += GROUP) counts[counts_first + (BINS + 2) * mine + i] = 0;
}

kernel void binned(Shares shares, EIGHT(global const T, x), global const ACC* ranges, int ranges_first,
                   global int* counts, int counts_first) {
  local int table[BINS + 3];  // the last: what is not finite
  for (int i = (int)get_local_id(0); i < BINS + 3; i += GROUP) table[i] = 0;
  barrier(CLK_LOCAL_MEM_FENCE);
  SHARE_OF(shares)
  MINE(global const T, x)
  const ACC low = ranges[ranges_first + 4 * mine], high = ranges[ranges_first + 4 * mine + 1];
  const ACC scale = high > low ? BINS / (high - low) : 0;
  for (int i = item; i < n; i += step) {
    const ACC v = x[i];
    atomic_inc(&table[BIN_OF(v, low, high, scale, BINS)]);
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int i = (int)get_local_id(0); i < BINS + 2; i += GROUP)
    if (table[i] > 0) atomic_add(&counts[counts_first + (BINS + 2) * mine + i], table[i]);
}
