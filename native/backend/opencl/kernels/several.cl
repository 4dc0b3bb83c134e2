// What is done to many tensors at once, as to all of a model's gradients.

// Each work-group leaves the 2-norm of its part.
kernel void norms(Shares shares, EIGHT(global const T, x), global ACC* out, int out_first) {
  local ACC scratch[GROUP];
  SHARE_OF(shares)
  MINE(global const T, x)
  ACC square = 0;
  for (int i = item; i < n; i += step) square += (ACC)x[i] * (ACC)x[i];
  COMBINE(scratch, square, PLUS)
  if (get_local_id(0) == 0) out[out_first + group_] = sqrt(square);
}

kernel void scale(Shares shares, EIGHT(global T, x), global const T* factor, int factor_first) {
  SHARE_OF(shares)
  MINE(global T, x)
  const T by = factor[factor_first];
  for (int i = item; i < n; i += step) x[i] *= by;
}
