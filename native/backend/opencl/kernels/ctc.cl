// Connectionist temporal classification (Graves et al. 2006), a work-group a sequence: forward and backward variables in
// logarithms over a target with blanks between its labels. log_probs[longest][batch][classes], labels[batch][width],
// lengths[batch][2] of the steps and of the labels; alpha and beta[batch][longest][width].
static ACC log_add(ACC a, ACC b) {
  const ACC high = fmax(a, b);
  return high == -INFINITY ? high : high + log1p(exp(fmin(a, b) - high));
}

#define SEQUENCE                                                                                              \
  int longest, int batch, int classes, int width, int blank, global const T *log_probs, int log_probs_first,  \
      global const long *labels, int labels_first, global const long *lengths, int lengths_first,             \
      global ACC *alpha, int alpha_first
// Declares the sequence's number, steps and count of labels, and moves what is of all sequences to its own.
#define FIND_SEQUENCE                                                         \
  const int place = (int)get_group_id(0), item = (int)get_local_id(0);        \
  const int steps = (int)lengths[lengths_first + 2 * place];                  \
  const int count = (int)lengths[lengths_first + 2 * place + 1];              \
  log_probs += log_probs_first + place * classes;                             \
  labels += labels_first + place * width;                                     \
  alpha += alpha_first + place * longest * width;
#define LOG_PROB(t, c) ((ACC)log_probs[(t) * batch * classes + (c)])
// Whether the lattice may pass from the label two before s straight to s.
#define SKIPS_TO(s) ((s) >= 2 && labels[s] != blank && labels[s] != labels[(s) - 2])

static void forward(int steps, int count, int batch, int classes, int width, int blank, global const T* log_probs,
                    global const long* labels, global ACC* alpha) {
  for (int t = 0; t < steps; ++t) {
    global const ACC* before = alpha + (t - 1) * width;
    for (int s = (int)get_local_id(0); s < count; s += GROUP) {
      ACC sum = t == 0 ? (s < 2 ? 0 : -INFINITY) : before[s];
      if (t > 0 && s >= 1) sum = log_add(sum, before[s - 1]);
      if (t > 0 && SKIPS_TO(s)) sum = log_add(sum, before[s - 2]);
      alpha[t * width + s] = sum + LOG_PROB(t, labels[s]);
    }
    barrier(CLK_GLOBAL_MEM_FENCE);
  }
}

kernel void ctc_loss(SEQUENCE, global T* losses, int losses_first) {
  FIND_SEQUENCE
  forward(steps, count, batch, classes, width, blank, log_probs, labels, alpha);
  if (item != 0) return;
  ACC sum = count == 1 ? 0 : -INFINITY;
  if (steps > 0) {
    global const ACC* last = alpha + (steps - 1) * width + count - 1;
    sum = count == 1 ? last[0] : log_add(last[0], last[-1]);
  }
  losses[losses_first + place] = (T)-sum;
}

// d(loss)/d(log p(t, c)) = p(t, c) - sum over s with label c of alpha beta / (p(t, c) p(labels)). The first of a label's
// places adds them all up.
kernel void ctc_loss_backward(SEQUENCE, global ACC* beta, int beta_first, global const T* losses, int losses_first,
                              global const T* grad_losses, int grad_losses_first, int zero_infinity, global T* grad,
                              int grad_first) {
  FIND_SEQUENCE
  const ACC likelihood = -(ACC)losses[losses_first + place], g = (ACC)grad_losses[grad_losses_first + place];
  if (zero_infinity && likelihood == -INFINITY) return;
  grad += grad_first + place * classes;
  beta += beta_first + place * longest * width;
  forward(steps, count, batch, classes, width, blank, log_probs, labels, alpha);
  for (int t = steps - 1; t >= 0; --t) {
    global const ACC* after = beta + (t + 1) * width;
    for (int s = item; s < count; s += GROUP) {
      ACC sum = t == steps - 1 ? (s >= count - 2 ? 0 : -INFINITY) : after[s];
      if (t < steps - 1 && s + 1 < count) sum = log_add(sum, after[s + 1]);
      if (t < steps - 1 && s + 2 < count && SKIPS_TO(s + 2)) sum = log_add(sum, after[s + 2]);
      beta[t * width + s] = sum + LOG_PROB(t, labels[s]);
    }
    for (int c = item; c < classes; c += GROUP) grad[t * batch * classes + c] = (T)(exp(LOG_PROB(t, c)) * g);
    barrier(CLK_GLOBAL_MEM_FENCE);
    for (int s = item; s < count; s += GROUP) {
      bool is_first = true;
      for (int i = 0; i < s && is_first; ++i) is_first = labels[i] != labels[s];
      if (!is_first) continue;
      ACC through = -INFINITY;
      for (int i = s; i < count; ++i)
        if (labels[i] == labels[s]) through = log_add(through, alpha[t * width + i] + beta[t * width + i]);
      const ACC lp = LOG_PROB(t, labels[s]);
      grad[t * batch * classes + (int)labels[s]] = (T)((exp(lp) - exp(through - likelihood - lp)) * g);
    }
    barrier(CLK_GLOBAL_MEM_FENCE);
  }
}
