// Rows of in[rows][n] brought to mean 0 (where CENTRED) and mean square 1, forward beside backward; statistics[rows][2]
// holds the mean and the factor. The formulas are in ops/normalise.cpp.
#if HAS_WEIGHT
#define WEIGHT(i) weight[weight_first + (i)]
#else
#define WEIGHT(i) 1
#endif
#if HAS_BIAS
#define BIAS(i) bias[bias_first + (i)]
#else
#define BIAS(i) 0
#endif

kernel void normalise(int n, T eps, global const T* in, int in_first, global const T* weight, int weight_first,
                      global const T* bias, int bias_first, global T* out, int out_first, global ACC* statistics,
                      int statistics_first) {
  local ACC scratch[GROUP];
  const int row = (int)get_group_id(0), item = (int)get_local_id(0);
  global const T* x = in + in_first + row * n;
  ACC mean = 0, square = 0;
#if CENTRED
  for (int i = item; i < n; i += GROUP) mean += x[i];
  COMBINE(scratch, mean, PLUS)
  mean /= n;
#endif
  for (int i = item; i < n; i += GROUP) square += ((ACC)x[i] - mean) * ((ACC)x[i] - mean);
  COMBINE(scratch, square, PLUS)
  const ACC factor = 1 / sqrt(square / n + eps);
  for (int i = item; i < n; i += GROUP)
    out[out_first + row * n + i] = (T)(((ACC)x[i] - mean) * factor) * WEIGHT(i) + BIAS(i);
  if (item != 0) return;
  statistics[statistics_first + 2 * row] = mean;
  statistics[statistics_first + 2 * row + 1] = factor;
}

kernel void normalise_backward(int n, global const T* grad, int grad_first, global const T* in, int in_first,
                               global const T* weight, int weight_first, global const ACC* statistics,
                               int statistics_first, global T* grad_in, int grad_in_first) {
  local ACC scratch[GROUP];
  const int row = (int)get_group_id(0), item = (int)get_local_id(0);
  global const T *g = grad + grad_first + row * n, *x = in + in_first + row * n;
  const ACC mean = statistics[statistics_first + 2 * row], factor = statistics[statistics_first + 2 * row + 1];
  ACC sum = 0, along = 0;  // of the gradient of the normalised row, and of its product with that row
  for (int i = item; i < n; i += GROUP) {
    const ACC of_normal = (ACC)g[i] * WEIGHT(i);
    sum += of_normal;
    along += of_normal * ((ACC)x[i] - mean) * factor;
  }
  COMBINE(scratch, sum, PLUS)
  COMBINE(scratch, along, PLUS)
#if !CENTRED
  sum = 0;
#endif
  for (int i = item; i < n; i += GROUP)
    grad_in[grad_in_first + row * n + i] =
        factor * ((ACC)g[i] * WEIGHT(i) - sum / n - ((ACC)x[i] - mean) * factor * along / n);
}

// A column's gradient: of the weight, or of the bias.
kernel void affine_backward(int rows, int n, int is_weight, global const T* grad, int grad_first, global const T* in,
                            int in_first, global const ACC* statistics, int statistics_first, global T* out,
                            int out_first) {
  const int i = (int)get_global_id(0);
  if (i >= n) return;
  ACC sum = 0;
  for (int row = 0; row < rows; ++row) {
    global const ACC* s = statistics + statistics_first + 2 * row;
    const ACC g = grad[grad_first + row * n + i];
    sum += is_weight ? g * (in[in_first + row * n + i] - s[0]) * s[1] : g;
  }
  out[out_first + i] = sum;
}
