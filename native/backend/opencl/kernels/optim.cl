// Optimizer steps over up to eight parameters. SUMS: each work-group leaves the sums of the squares of the gradient, of the new
// parameter and of its change in partial[group][3].
#if SUMS
#define NOTE(g, now, before)                                  \
  square_g += (ACC)(g) * (ACC)(g);                            \
  square_p += (ACC)(now) * (ACC)(now);                        \
  square_d += ((ACC)(now) - (ACC)(before)) * ((ACC)(now) - (ACC)(before));
#define BEGIN                 \
  local ACC scratch[GROUP];   \
  ACC square_g = 0, square_p = 0, square_d = 0;
#define END                                                  \
  COMBINE(scratch, square_g, PLUS)                           \
  COMBINE(scratch, square_p, PLUS)                           \
  COMBINE(scratch, square_d, PLUS)                           \
  if (get_local_id(0) == 0) {                                \
    partial[partial_first + 3 * group_] = square_g;            \
    partial[partial_first + 3 * group_ + 1] = square_p;        \
    partial[partial_first + 3 * group_ + 2] = square_d;        \
  }
#else
#define NOTE(g, now, before)
#define BEGIN
#define END
#endif

kernel void sgd(Shares shares, EIGHT(global T, parameter), EIGHT(global const T, grad), EIGHT(global T, buffer), T lr,
                T momentum, T kept, T weight_decay, T direction, int nesterov, int is_first, global ACC* partial,
                int partial_first) {
  BEGIN
  SHARE_OF(shares)
  MINE(global T, parameter)
  MINE(global const T, grad)
#if HAS_BUFFER
  MINE(global T, buffer)
#endif
  for (int i = item; i < n; i += step) {
    const T p = parameter[i], given = grad[i];
    T g = direction * given;
    if (weight_decay != 0) g = fma(weight_decay, p, g);
#if HAS_BUFFER
    const T moved = is_first ? g : fma(kept, g, buffer[i] * momentum);
    buffer[i] = moved;
    g = nesterov ? fma(momentum, moved, g) : moved;
#endif
    const T now = fma(-lr, g, p);
    parameter[i] = now;
    NOTE(given, now, p)
  }
  END
}

kernel void adam(Shares shares, EIGHT(global T, parameter), EIGHT(global const T, grad), EIGHT(global T, average),
                 EIGHT(global T, square_average), EIGHT(global T, largest), T step_size, T root_correction, T eps,
                 T first_weight, T beta2, T second_weight, T weight_decay, T shrink, T direction, global ACC* partial,
                 int partial_first) {
  BEGIN
  SHARE_OF(shares)
  MINE(global T, parameter)
  MINE(global const T, grad)
  MINE(global T, average)
  MINE(global T, square_average)
#if HAS_LARGEST
  MINE(global T, largest)
#endif
  // The average moves a part of the way to the gradient, reckoned from the nearer end.
  const int is_near = first_weight < (T)0.5;
  const T way = is_near ? first_weight : first_weight - 1;
  for (int i = item; i < n; i += step) {
    const T before = parameter[i], given = grad[i];
    const T p = before * shrink, m = average[i];
    T g = direction * given;
    if (weight_decay != 0) g = fma(weight_decay, p, g);
    const T moved = fma(way, g - m, is_near ? m : g);
    const T square = fma(second_weight * g, g, square_average[i] * beta2);
    average[i] = moved;
    square_average[i] = square;
    T bound = square;
#if HAS_LARGEST
    const T most = largest[i];
    bound = most > square || most != most ? most : square;
    largest[i] = bound;
#endif
    const T now = p + -step_size * moved / (sqrt(bound) / root_correction + eps);
    parameter[i] = now;
    NOTE(given, now, before)
  }
  END
}
