// Up to eight flat tensors in one launch, as a model has many small ones; SHARE work-groups work on each.
#define EACH(i) int n##i, global T *t##i, int first##i
#define ALL EACH(0), EACH(1), EACH(2), EACH(3), EACH(4), EACH(5), EACH(6), EACH(7)
// Declares x[n], the tensor of this work-group, and the item's place among its `step` items.
#define MINE                                                                                      \
  global T* const tensors[] = {t0, t1, t2, t3, t4, t5, t6, t7};                                   \
  const int sizes[] = {n0, n1, n2, n3, n4, n5, n6, n7};                                           \
  const int firsts[] = {first0, first1, first2, first3, first4, first5, first6, first7};          \
  const int mine = (int)get_group_id(0) / SHARE, n = sizes[mine], step = SHARE * GROUP;           \
  const int item = (int)get_group_id(0) % SHARE * GROUP + (int)get_local_id(0);                   \
  global T* const x = tensors[mine] + firsts[mine];

// Each work-group leaves the 2-norm of its part.
kernel void norms(ALL, global ACC* out, int out_first) {
  local ACC scratch[GROUP];
  MINE
  ACC square = 0;
  for (int i = item; i < n; i += step) square += (ACC)x[i] * (ACC)x[i];
  COMBINE(scratch, square, PLUS)
  if (get_local_id(0) == 0) out[out_first + (int)get_group_id(0)] = sqrt(square);
}

kernel void scale(ALL, global const T* factor, int factor_first) {
  MINE
  const T by = factor[factor_first];
  for (int i = item; i < n; i += step) x[i] *= by;
}
