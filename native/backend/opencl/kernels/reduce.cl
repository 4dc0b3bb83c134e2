// Reductions of in[outer][reduced][inner] to out[outer][inner]: START, ADD(sum, x), MERGE(sum, sum) and FINISH(sum) by
// the operation. Additions are made in an order that the shape alone decides.
#define AS_ACC(x) ((ACC)(x))
#if REDUCE == 0  // Sum
#define START 0
#define ADD(sum, x) ((sum) + AS_ACC(x))
#define MERGE PLUS
#define FINISH(sum) (sum)
#elif REDUCE == 1  // Mean
#define START 0
#define ADD(sum, x) ((sum) + AS_ACC(x))
#define MERGE PLUS
#define FINISH(sum) ((sum) / reduced)
#elif REDUCE == 2  // Prod
#define START 1
#define ADD(sum, x) ((sum) * AS_ACC(x))
#define MERGE(a, b) ((a) * (b))
#define FINISH(sum) (sum)
#elif REDUCE == 3  // Any
#define START 0
#define ADD(sum, x) ((sum) || (x) != 0)
#define MERGE(a, b) ((a) || (b))
#define FINISH(sum) (sum)
#elif REDUCE == 4  // All
#define START 1
#define ADD(sum, x) ((sum) && (x) != 0)
#define MERGE(a, b) ((a) && (b))
#define FINISH(sum) (sum)
#elif REDUCE == 5  // CountNonzero
#define START 0
#define ADD(sum, x) ((sum) + ((x) != 0))
#define MERGE PLUS
#define FINISH(sum) (sum)
#elif REDUCE == 6  // AbsSum
#define START 0
#define ADD(sum, x) ((sum) + fabs(AS_ACC(x)))
#define MERGE PLUS
#define FINISH(sum) (sum)
#elif REDUCE == 7  // AbsMax
#define START 0
#define ADD(sum, x) MERGE(sum, fabs(AS_ACC(x)))
#define MERGE(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))
#define FINISH(sum) (sum)
#elif REDUCE == 8  // AbsMin
#define START INFINITY
#define ADD(sum, x) MERGE(sum, fabs(AS_ACC(x)))
#define MERGE(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))
#define FINISH(sum) (sum)
#elif REDUCE == 9  // Norm2
#define START 0
#define ADD(sum, x) ((sum) + AS_ACC(x) * AS_ACC(x))
#define MERGE PLUS
#define FINISH(sum) sqrt(sum)
#elif REDUCE == 10  // NormP
#define START 0
#define ADD(sum, x) ((sum) + pow(fabs(AS_ACC(x)), parameter))
#define MERGE PLUS
#define FINISH(sum) pow(sum, 1 / parameter)
#elif REDUCE == 11  // Var: the mean first, then the squares of what deviates from it
#define START 0
#define ADD(sum, x) ((sum) + AS_ACC(x))
#define MERGE PLUS
#define FINISH(sum) ((sum) / reduced)
#define SQUARE(sum, x) ((sum) + (AS_ACC(x) - mean) * (AS_ACC(x) - mean))
#endif
#if IS_TRUTH
#define STORED(sum) ((sum) != 0)
#else
#define STORED(sum) ((OUT)(sum))
#endif

// One work-group a result.
kernel void rows(int reduced, int inner, global OUT* out, int out_first, global const IN* in, int in_first,
                 PARAMETER parameter) {
  local ACC scratch[GROUP];
  const int result = (int)get_group_id(0), item = (int)get_local_id(0);
  global const IN* from = in + in_first + result / inner * reduced * inner + result % inner;
  ACC sum = START;
  for (int k = item; k < reduced; k += GROUP) sum = ADD(sum, from[k * inner]);
  COMBINE(scratch, sum, MERGE)
#ifdef SQUARE
  const ACC mean = FINISH(sum);
  sum = 0;
  for (int k = item; k < reduced; k += GROUP) sum = SQUARE(sum, from[k * inner]);
  COMBINE(scratch, sum, PLUS)
  if (item == 0) out[out_first + result] = STORED(sum / fmax((ACC)0, (ACC)reduced - parameter));
#else
  if (item == 0) out[out_first + result] = STORED(FINISH(sum));
#endif
}

// One work-item a result: many of them side by side, or few elements each.
kernel void columns(int results, int reduced, int inner, global OUT* out, int out_first, global const IN* in,
                    int in_first, PARAMETER parameter) {
  const int result = (int)get_global_id(0);
  if (result >= results) return;
  global const IN* from = in + in_first + result / inner * reduced * inner + result % inner;
  ACC sum = START;
  for (int k = 0; k < reduced; ++k) sum = ADD(sum, from[k * inner]);
#ifdef SQUARE
  const ACC mean = FINISH(sum);
  sum = 0;
  for (int k = 0; k < reduced; ++k) sum = SQUARE(sum, from[k * inner]);
  out[out_first + result] = STORED(sum / fmax((ACC)0, (ACC)reduced - parameter));
#else
  out[out_first + result] = STORED(FINISH(sum));
#endif
}

#ifndef SQUARE
// In parts of `step` elements, sums[parts][results], which are then merged: of one work-group each ...
kernel void row_parts(int results, int reduced, int inner, int step, int parts, global ACC* sums, int sums_first,
                      global const IN* in, int in_first, PARAMETER parameter) {
  local ACC scratch[GROUP];
  const int result = (int)get_group_id(0) % results, part = (int)get_group_id(0) / results;
  global const IN* from = in + in_first + result / inner * reduced * inner + result % inner;
  const int end = min((part + 1) * step, reduced);
  ACC sum = START;
  for (int k = part * step + (int)get_local_id(0); k < end; k += GROUP) sum = ADD(sum, from[k * inner]);
  COMBINE(scratch, sum, MERGE)
  if (get_local_id(0) == 0) sums[sums_first + part * results + result] = sum;
}

// ... or of one work-item each.
kernel void column_parts(int results, int reduced, int inner, int step, int parts, global ACC* sums, int sums_first,
                         global const IN* in, int in_first, PARAMETER parameter) {
  const int result = (int)get_global_id(0) % results, part = (int)get_global_id(0) / results;
  if (part >= parts) return;
  global const IN* from = in + in_first + result / inner * reduced * inner + result % inner;
  const int end = min((part + 1) * step, reduced);
  ACC sum = START;
  for (int k = part * step; k < end; ++k) sum = ADD(sum, from[k * inner]);
  sums[sums_first + part * results + result] = sum;
}

kernel void merge(int results, int reduced, int parts, global OUT* out, int out_first, global const ACC* sums,
                  int sums_first, PARAMETER parameter) {
  local ACC scratch[GROUP];
  const int result = (int)get_group_id(0);
  ACC sum = START;
  for (int k = (int)get_local_id(0); k < parts; k += GROUP) sum = MERGE(sum, sums[sums_first + k * results + result]);
  COMBINE(scratch, sum, MERGE)
  if (get_local_id(0) == 0) out[out_first + result] = STORED(FINISH(sum));
}
#endif
