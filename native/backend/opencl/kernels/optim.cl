// Optimizer steps over n flat elements. SUMS: each work-group leaves the sums of the squares of the gradient, of the new
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
    partial[partial_first + 3 * (int)get_group_id(0)] = square_g;     \
    partial[partial_first + 3 * (int)get_group_id(0) + 1] = square_p; \
    partial[partial_first + 3 * (int)get_group_id(0) + 2] = square_d; \
  }
#else
#define NOTE(g, now, before)
#define BEGIN
#define END
#endif

kernel void sgd(int n, T lr, T momentum, T kept, T weight_decay, T direction, int nesterov, int is_first,
                global T* parameter, int parameter_first, global const T* grad, int grad_first, global T* buffer,
                int buffer_first, global ACC* partial, int partial_first) {
  BEGIN
  for (int i = (int)get_global_id(0); i < n; i += (int)get_global_size(0)) {
    const T p = parameter[parameter_first + i], given = grad[grad_first + i];
    T g = direction * given;
    if (weight_decay != 0) g = fma(weight_decay, p, g);
#if HAS_BUFFER
    const T moved = is_first ? g : fma(kept, g, buffer[buffer_first + i] * momentum);
    buffer[buffer_first + i] = moved;
    g = nesterov ? fma(momentum, moved, g) : moved;
#endif
    const T now = fma(-lr, g, p);
    parameter[parameter_first + i] = now;
    NOTE(given, now, p)
  }
  END
}

kernel void adam(int n, T step_size, T root_correction, T eps, T first_weight, T beta2, T second_weight,
                 T weight_decay, T shrink, T direction, global T* parameter, int parameter_first,
                 global const T* grad, int grad_first, global T* average, int average_first, global T* square_average,
                 int square_first, global T* largest, int largest_first, global ACC* partial, int partial_first) {
  BEGIN
  // The average moves a part of the way to the gradient, reckoned from the nearer end.
  const int is_near = first_weight < (T)0.5;
  const T way = is_near ? first_weight : first_weight - 1;
  for (int i = (int)get_global_id(0); i < n; i += (int)get_global_size(0)) {
    const T before = parameter[parameter_first + i], given = grad[grad_first + i];
    const T p = before * shrink, m = average[average_first + i];
    T g = direction * given;
    if (weight_decay != 0) g = fma(weight_decay, p, g);
    const T moved = fma(way, g - m, is_near ? m : g);
    const T square = fma(second_weight * g, g, square_average[square_first + i] * beta2);
    average[average_first + i] = moved;
    square_average[square_first + i] = square;
    T bound = square;
#if HAS_LARGEST
    const T most = largest[largest_first + i];
    bound = most > square || most != most ? most : square;
    largest[largest_first + i] = bound;
#endif
    const T now = p + -step_size * moved / (sqrt(bound) / root_correction + eps);
    parameter[parameter_first + i] = now;
    NOTE(given, now, before)
  }
  END
}
