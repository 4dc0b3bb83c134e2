// The greatest or least of each run and where its first lies; NaN before all else. One work-item a result.
#if LARGEST
#define BETTER(a, b) ((a) > (b))
#else
#define BETTER(a, b) ((a) < (b))
#endif

kernel void extreme(int results, int reduced, int inner, global T* values, int values_first, global long* indices,
                    int indices_first, global const T* in, int in_first) {
  const int result = (int)get_global_id(0);
  if (result >= results) return;
  global const T* from = in + in_first + result / inner * reduced * inner + result % inner;
  T best = from[0];
  int place = 0;
  for (int k = 1; k < reduced && best == best; ++k) {
    const T x = from[k * inner];
    if (BETTER(x, best) || x != x) {
      best = x;
      place = k;
    }
  }
#if HAS_VALUES
  values[values_first + result] = best;
#endif
#if HAS_INDICES
  indices[indices_first + result] = place;
#endif
}
