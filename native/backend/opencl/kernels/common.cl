// What every program begins with. T is the type computed in; ACC, in which sums are made, is double where the device
// has it. A tensor is a buffer and the place of its first element.
#if HAS_FLOAT64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

// What a kernel reports of an element that it cannot compute (device.h).
#define BAD_INDEX 1
#define ZERO_DIVISION 2

// All of a work-group's `value`s in their fixed order of halves; every item gets the result.
#define COMBINE(scratch, value, MERGE)                                     \
  {                                                                        \
    const int item_ = (int)get_local_id(0);                                \
    barrier(CLK_LOCAL_MEM_FENCE);                                          \
    scratch[item_] = value;                                                \
    barrier(CLK_LOCAL_MEM_FENCE);                                          \
    for (int half_ = GROUP / 2; half_ > 0; half_ /= 2) {                   \
      if (item_ < half_) scratch[item_] = MERGE(scratch[item_], scratch[item_ + half_]); \
      barrier(CLK_LOCAL_MEM_FENCE);                                        \
    }                                                                      \
    value = scratch[0];                                                    \
  }
#define PLUS(a, b) ((a) + (b))
// The greater of the two; NaN where one is.
#define GREATER(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))

// Sums of products along k of rows by columns. A team of LANES items, which read neighbours along k, makes ROWS rows by up
// to four columns; the teams of a work-group lie TEAM_ROWS by TEAM_COLUMNS.
#define LANES (GROUP < 32 ? GROUP : 32)
#define TEAMS (GROUP / LANES)
#define TEAM_ROWS (TEAMS > 1 ? 2 : 1)
#define TEAM_COLUMNS (TEAMS / TEAM_ROWS)
#define BLOCK_ROWS (ROWS * TEAM_ROWS)
#define DOTS_SCRATCH(columns) (ROWS * (columns) * (GROUP + 1))
#define DOTS_SUMS(columns) (ROWS * (columns) * TEAMS)
// Where the sum of the block's `row` and of column `column` of the team `across` lies.
#define DOT_AT(columns, row, across, column) \
  ((((row) / ROWS * TEAM_COLUMNS + (across)) * ROWS + (row) % ROWS) * (columns) + (column))

// sums[DOT_AT(...)] = a[row] . b[column]; a and b are at the team's first, of which there are a_left and b_left (one at
// least) before the last of all.
#define DOTS(columns, a, a_step, a_left, b, b_step, b_left, length, scratch, sums)                       \
  {                                                                                                      \
    const int item_ = (int)get_local_id(0), lane_ = item_ % LANES;                                       \
    T made_[ROWS * (columns)];                                                                           \
    for (int j_ = 0; j_ < ROWS * (columns); ++j_) made_[j_] = 0;                                         \
    _Pragma("unroll 4") for (int k_ = lane_; k_ < (length); k_ += LANES) {                               \
      T x_[ROWS];                                                                                        \
      for (int r_ = 0; r_ < ROWS; ++r_) x_[r_] = (a)[min(r_, (a_left) - 1) * (a_step) + k_];             \
      for (int c_ = 0; c_ < (columns); ++c_) {                                                           \
        const T y_ = (b)[min(c_, (b_left) - 1) * (b_step) + k_];                                         \
        for (int r_ = 0; r_ < ROWS; ++r_) made_[r_ * (columns) + c_] += x_[r_] * y_;                     \
      }                                                                                                  \
    }                                                                                                    \
    for (int j_ = 0; j_ < ROWS * (columns); ++j_) scratch[j_ * (GROUP + 1) + item_] = made_[j_];         \
    barrier(CLK_LOCAL_MEM_FENCE);                                                                        \
    for (int j_ = lane_; j_ < ROWS * (columns); j_ += LANES) {                                           \
      T sum_ = 0;                                                                                        \
      for (int i_ = 0; i_ < LANES; ++i_) sum_ += scratch[j_ * (GROUP + 1) + item_ - lane_ + i_];         \
      sums[item_ / LANES * ROWS * (columns) + j_] = sum_;                                                \
    }                                                                                                    \
    barrier(CLK_LOCAL_MEM_FENCE);                                                                        \
  }

// Which of equal bins from low to high, both of which belong to one, v lies in; then below, above, not finite.
#define BIN_OF(v, low, high, scale, bins)                                                             \
  (!isfinite(v) ? (bins) + 2                                                                         \
   : (v) < (low) ? (bins) : (v) > (high) ? (bins) + 1 : min((int)(((v) - (low)) * (scale)), (bins) - 1))

// Of up to eight flat tensors in one launch: how many elements each has, and which work-group each begins with; the last:
// how many groups there are.
typedef struct {
  int n[8], start[9];
} Shares;
#define ONE_OF_EIGHT(TYPE, name, i) TYPE *name##i, int name##_first##i
#define EIGHT(TYPE, name)                                                                            \
  ONE_OF_EIGHT(TYPE, name, 0), ONE_OF_EIGHT(TYPE, name, 1), ONE_OF_EIGHT(TYPE, name, 2),             \
      ONE_OF_EIGHT(TYPE, name, 3), ONE_OF_EIGHT(TYPE, name, 4), ONE_OF_EIGHT(TYPE, name, 5),         \
      ONE_OF_EIGHT(TYPE, name, 6), ONE_OF_EIGHT(TYPE, name, 7)
// Declares which tensor is this work-group's, its elements n, and the item's place among the `step` items of its share.
#define SHARE_OF(shares)                                                            \
  const int group_ = (int)get_group_id(0);                                          \
  int mine = 0;                                                                     \
  while (group_ >= shares.start[mine + 1]) ++mine;                                  \
  const int n = shares.n[mine], step = (shares.start[mine + 1] - shares.start[mine]) * GROUP; \
  const int item = (group_ - shares.start[mine]) * GROUP + (int)get_local_id(0);
// Declares `name`, the one of the eight that is this work-group's.
#define MINE(TYPE, name)                                                                             \
  TYPE* const name##_all[] = {name##0, name##1, name##2, name##3, name##4, name##5, name##6, name##7}; \
  const int name##_firsts[] = {name##_first0, name##_first1, name##_first2, name##_first3,           \
                               name##_first4, name##_first5, name##_first6, name##_first7};          \
  TYPE* const name = name##_all[mine] + name##_firsts[mine];
