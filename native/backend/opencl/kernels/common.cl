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
