// Elements in their order, NaN the greatest: sorted, searched, and where they are not zero.
#if IS_FLOAT
#define LESS(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))
#else
#define LESS(a, b) ((a) < (b))
#endif
#if DESCENDING
#define BEFORE(a, b) LESS(b, a)
#else
#define BEFORE(a, b) LESS(a, b)
#endif

// places[rows][n]: each element's place in its row.
kernel void begin(int count, int n, global int* places, int places_first) {
  const int at = (int)get_global_id(0);
  if (at < count) places[places_first + at] = at % n;
}

// Runs of `width` in each row of n become runs of twice that: an element moves by as many of the neighbouring run as
// stand before it; of equals those of the left run.
kernel void merge(int count, int n, int width, global const T* from, int from_first, global const int* places,
                  int places_first, global T* to, int to_first, global int* to_places, int to_places_first) {
  const int at = (int)get_global_id(0);
  if (at >= count) return;
  const int i = at % n, run = i / width, is_right = run % 2, begin = run / 2 * 2 * width;
  global const T* row = from + from_first + at - i;
  const T x = row[i];
  const int other = is_right ? begin : begin + width, end = min(n, other + width);
  int low = min(other, n), high = max(low, end);
  while (low < high) {
    const int middle = (low + high) / 2;
    const int is_before = is_right ? !BEFORE(x, row[middle]) : BEFORE(row[middle], x);
    if (is_before)
      low = middle + 1;
    else
      high = middle;
  }
  const int moved = at - i + begin + (i - run * width) + (low - min(other, n));
  to[to_first + moved] = x;
  to_places[to_places_first + moved] = places[places_first + at];
}

kernel void choose(int count, int n, int k, global const T* from, int from_first, global const int* places,
                   int places_first, global T* values, int values_first, global long* indices, int indices_first) {
  const int at = (int)get_global_id(0);
  if (at >= count) return;
  const int source = at / k * n + at % k;
  values[values_first + at] = from[from_first + source];
  indices[indices_first + at] = places[places_first + source];
}

// How many elements of the rising row stand before each value: those less, and with `right` those equal too.
kernel void search(int count, int n, int m, int is_shared, int right, global const T* sorted, int sorted_first,
                   global const T* values, int values_first, global long* places, int places_first) {
  const int at = (int)get_global_id(0);
  if (at >= count) return;
  global const T* row = sorted + sorted_first + (is_shared ? 0 : at / m * n);
  const T x = values[values_first + at];
  int low = 0, high = n;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (right ? !LESS(x, row[middle]) : LESS(row[middle], x))
      low = middle + 1;
    else
      high = middle;
  }
  places[places_first + at] = low;
}

#ifdef RANK
#define EACH 16
#define PLUS_INT(a, b) ((a) + (b))
typedef struct {
  int sizes[12];
} Sizes;

// counts[blocks]: of a block's elements, EACH an item, those that are not zero.
kernel void count(int n, global const T* in, int in_first, global int* counts, int counts_first) {
  local int scratch[GROUP];
  const int first = (int)get_global_id(0) * EACH;
  int found = 0;
  for (int i = first; i < min(n, first + EACH); ++i) found += in[in_first + i] != 0;
  COMBINE(scratch, found, PLUS_INT)
  if (get_local_id(0) == 0) counts[counts_first + (int)get_group_id(0)] = found;
}

// places[found][RANK]: before[block] of them come from earlier blocks.
kernel void place(int n, Sizes s, global const T* in, int in_first, global const int* before, int before_first,
                  global long* places, int places_first) {
  local int counts[GROUP];
  const int item = (int)get_local_id(0), first = (int)get_global_id(0) * EACH;
  int found = 0;
  for (int i = first; i < min(n, first + EACH); ++i) found += in[in_first + i] != 0;
  counts[item] = found;
  barrier(CLK_LOCAL_MEM_FENCE);
  int at = before[before_first + (int)get_group_id(0)];
  for (int earlier = 0; earlier < item; ++earlier) at += counts[earlier];
  for (int i = first; i < min(n, first + EACH); ++i) {
    if (in[in_first + i] == 0) continue;
    int rest = i;
    for (int d = RANK - 1; d >= 0; --d) {
      places[places_first + at * RANK + d] = rest % s.sizes[d];
      rest /= s.sizes[d];
    }
    ++at;
  }
}
#endif
