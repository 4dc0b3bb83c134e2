// The cross entropy of logits[rows][classes] with class indices, forward beside backward: one work-group a row. The
// formulas are in ops/loss.cpp.
#if HAS_WEIGHT
#define WEIGHT(c) weight[weight_first + (c)]
#else
#define WEIGHT(c) 1
#endif

kernel void counts(int rows, int classes, int ignored, global const long* target, int target_first,
                   global const T* weight, int weight_first, global T* out, int out_first, global int* fault) {
  const int row = (int)get_global_id(0);
  if (row >= rows) return;
  const long t = target[target_first + row];
  if (t == ignored)
    out[out_first + row] = 0;
  else if (t < 0 || t >= classes)
    *fault = BAD_INDEX;
  else
    out[out_first + row] = WEIGHT(t);
}

kernel void cross_entropy(int classes, int ignored, T smoothing, global const T* logits, int logits_first,
                          global const long* target, int target_first, global const T* counted, int counted_first,
                          global const T* weight, int weight_first, global T* losses, int losses_first, global T* lse,
                          int lse_first) {
  local T scratch[GROUP];
  const int row = (int)get_group_id(0), item = (int)get_local_id(0);
  global const T* x = logits + logits_first + row * classes;
  const long t = target[target_first + row];
  const int takes_part = t >= 0 && t < classes && t != ignored;
  T top = -INFINITY, sum = 0, spread = 0;
  for (int c = item; c < classes; c += GROUP) top = GREATER(top, x[c]);
  COMBINE(scratch, top, GREATER)
  for (int c = item; c < classes; c += GROUP) sum += exp(x[c] - top);
  COMBINE(scratch, sum, PLUS)
  const T l = top + log(sum);
  for (int c = item; c < classes && smoothing != 0; c += GROUP) spread += WEIGHT(c) * (l - x[c]);
  COMBINE(scratch, spread, PLUS)
  if (item != 0) return;
  lse[lse_first + row] = takes_part ? l : 0;
  losses[losses_first + row] =
      takes_part ? (1 - smoothing) * counted[counted_first + row] * (l - x[t]) + smoothing / classes * spread : 0;
}

kernel void cross_entropy_backward(int classes, int ignored, T smoothing, global const T* logits, int logits_first,
                                   global const long* target, int target_first, global const T* counted,
                                   int counted_first, global const T* weight, int weight_first, global const T* lse,
                                   int lse_first, global const T* scale, int scale_first, global T* grad,
                                   int grad_first) {
  local T scratch[GROUP];
  const int row = (int)get_group_id(0), item = (int)get_local_id(0);
  global const T* x = logits + logits_first + row * classes;
  const long t = target[target_first + row];
  const int takes_part = t >= 0 && t < classes && t != ignored;
  const T l = lse[lse_first + row], s = scale[scale_first + row];
  const T hit = (1 - smoothing) * counted[counted_first + row], smooth = smoothing / classes;
  T weights = 0;
  for (int c = item; c < classes; c += GROUP) weights += WEIGHT(c);
  COMBINE(scratch, weights, PLUS)
  grad += grad_first + row * classes;
  for (int c = item; c < classes; c += GROUP)
    grad[c] = takes_part && (hit != 0 || smooth != 0)
                  ? ((hit + smooth * weights) * exp(x[c] - l) - smooth * WEIGHT(c) - (c == t ? hit : 0)) * s
                  : 0;
}
