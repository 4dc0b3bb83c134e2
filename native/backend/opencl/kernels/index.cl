// Elements by place: read[before][count][after], written in the order of the places, and triangles of matrices. There
// are BEFORE dimensions before the indexed ones and AFTER after them.
typedef struct {
  int before_sizes[12], before_strides[12], after_sizes[12], after_strides[12];
} Around;

// Adds one indexed dimension's part of the offsets.
kernel void places(int n, int size, int stride, int is_select, int is_first, global const long* index, int index_first,
                   global long* offsets, int offsets_first, global int* fault) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  long at = index[index_first + i];
  if (at < 0 && !is_select) at += size;
  if (at < 0 || at >= size) {
    *fault = BAD_INDEX;
    at = 0;
  }
  offsets[offsets_first + i] = (is_first ? 0 : offsets[offsets_first + i]) + at * stride;
}

#ifdef BEFORE
// The offset that the dimensions around the indexed ones give.
static int around_of(const Around* g, int before, int after) {
  int at = 0;
  for (int d = BEFORE - 1; d >= 0; --d) {
    at += before % g->before_sizes[d] * g->before_strides[d];
    before /= g->before_sizes[d];
  }
  for (int d = AFTER - 1; d >= 0; --d) {
    at += after % g->after_sizes[d] * g->after_strides[d];
    after /= g->after_sizes[d];
  }
  return at;
}

kernel void take(int n, Around g, int count, int after, global const long* offsets, int offsets_first,
                 global const T* in, int in_first, global T* out, int out_first) {
  const int at = (int)get_global_id(0);
  if (at >= n) return;
  const int place = at / after % count;
  const int from = around_of(&g, at / after / count, at % after) + (int)offsets[offsets_first + place];
  out[out_first + at] = in[in_first + from];
}
#endif

#ifdef ACCUMULATE
// Places lie in the order of their offsets, equal ones in their own: who has the first of an offset writes them all.
kernel void put(int n, Around g, int count, int after, global const long* sorted, int sorted_first,
                global const long* order, int order_first, global const T* values, int values_first, global T* out,
                int out_first) {
  const int at = (int)get_global_id(0);
  if (at >= n) return;
  const int first = at / after % count, before = at / after / count;
  sorted += sorted_first;
  const long offset = sorted[first];
  if (first > 0 && sorted[first - 1] == offset) return;
  global T* to = out + out_first + around_of(&g, before, at % after) + (int)offset;
  T value = *to;
  for (int p = first; p < count && sorted[p] == offset; ++p) {
    const T given = values[values_first + (before * count + (int)order[order_first + p]) * after + at % after];
#if !ACCUMULATE
    value = given;
#elif IS_TRUTH
    value = value || given;
#else
    value += given;
#endif
  }
  *to = value;
}
#endif

kernel void triangle(int n, int rows, int columns, int diagonal, int is_lower, global const T* in, int in_first,
                     global T* out, int out_first) {
  const int at = (int)get_global_id(0);
  if (at >= n) return;
  const int past = at % columns - at / columns % rows - diagonal;  // columns right of the diagonal
  out[out_first + at] = (is_lower ? past <= 0 : past >= 0) ? in[in_first + at] : 0;
}
