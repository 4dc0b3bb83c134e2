// softmax and log_softmax of in[outer][n][inner] along n, forward beside backward: one work-group a run.

kernel void softmax(int n, int inner, global const T* in, int in_first, global T* out, int out_first) {
  local T scratch[GROUP];
  const int run = (int)get_group_id(0), item = (int)get_local_id(0), first = run / inner * n * inner + run % inner;
  in += in_first + first;
  out += out_first + first;
  T top = -INFINITY, sum = 0;
  for (int k = item; k < n; k += GROUP) top = GREATER(top, in[k * inner]);
  COMBINE(scratch, top, GREATER)
  for (int k = item; k < n; k += GROUP) sum += exp(in[k * inner] - top);
  COMBINE(scratch, sum, PLUS)
#if IS_LOG
  const T lse = log(sum);
  for (int k = item; k < n; k += GROUP) out[k * inner] = in[k * inner] - top - lse;
#else
  for (int k = item; k < n; k += GROUP) out[k * inner] = exp(in[k * inner] - top) / sum;
#endif
}

kernel void softmax_backward(int n, int inner, global const T* grad, int grad_first, global const T* out,
                             int out_first, global T* grad_in, int grad_in_first) {
  local T scratch[GROUP];
  const int run = (int)get_group_id(0), item = (int)get_local_id(0), first = run / inner * n * inner + run % inner;
  grad += grad_first + first;
  out += out_first + first;
  grad_in += grad_in_first + first;
  T sum = 0;
#if IS_LOG
  for (int k = item; k < n; k += GROUP) sum += grad[k * inner];
  COMBINE(scratch, sum, PLUS)
  for (int k = item; k < n; k += GROUP) grad_in[k * inner] = grad[k * inner] - exp(out[k * inner]) * sum;
#else
  for (int k = item; k < n; k += GROUP) sum += grad[k * inner] * out[k * inner];
  COMBINE(scratch, sum, PLUS)
  for (int k = item; k < n; k += GROUP) grad_in[k * inner] = out[k * inner] * (grad[k * inner] - sum);
#endif
}
