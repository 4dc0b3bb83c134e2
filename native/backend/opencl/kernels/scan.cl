// What comes of all elements so far along the reduced dimension of in[outer][reduced][inner]; runs side by side.
kernel void scan(int runs, int reduced, int inner, global const T* in, int in_first, global OUT* out, int out_first,
                 global long* indices, int indices_first) {
  const int run = (int)get_global_id(0);
  if (run >= runs) return;
  int at = run / inner * reduced * inner + run % inner;
#if SCAN == 0  // Prod
  ACC total = 1;
#elif SCAN == 1 || SCAN == 2  // Max, Min
  T total = in[in_first + at];
  long place = 0;
#elif SCAN == 3  // LogSumExp
  ACC total = -INFINITY;
#else  // sum
  ACC total = 0;
#endif
  for (int i = 0; i < reduced; ++i, at += inner) {
    const T x = in[in_first + at];
#if SCAN == 0
    total *= x;
#elif SCAN == 1 || SCAN == 2
    if (x != x || (total == total && (SCAN == 1 ? x >= total : x <= total))) {
      total = x;
      place = i;
    }
    indices[indices_first + at] = place;
#elif SCAN == 3
    const ACC next = x, high = fmax(total, next), low = fmin(total, next);
    if (isnan(next) || isnan(total))
      total = NAN;
    else
      total = isinf(high) ? high : high + log1p(exp(low - high));
#else
    total += x;
#endif
    out[out_first + at] = (OUT)total;
  }
}
