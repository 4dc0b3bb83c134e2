// What a reader may ask of a tensor, and the answer: made on the trainer's thread, small enough to be handed
// on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace unroll {

struct Question {
  enum class Of { Parameter, Gradient, Activation };
  enum class Form { Cells, Histogram, Picture };
  /** "rnn.weight_hh_l0"; of an activation the module's path, "rnn". */
  std::string name;
  Of of = Of::Parameter;
  Form form = Form::Cells;
  /** Cells: [first, first + count) of the flattened tensor. Histogram: `count` bins. Picture: at most `first`
   * rows by `count` columns. */
  int64_t first = 0, count = 0;
};

/** Over the finite elements; the deviation is that of a population. */
struct Statistics {
  double mean = 0, deviation = 0, low = 0, high = 0, norm = 0;
  int64_t nonfinite = 0;
};

struct Reading {
  /** Whether there is such a tensor. */
  bool found = false;
  /** Steps ended when it was read. */
  int64_t step = 0;
  Dims sizes;
  DType dtype = DType::Float32;
  /** Of histograms and pictures. */
  Statistics statistics;
  /** Cells: as they are. Histogram: counts, bins of equal width from low to high. Picture: the lowest value
   * of each block row by row, then the highest; NaN where no element of a block is finite. */
  std::vector<double> cells;
  /** Of a picture. */
  int64_t rows = 0, columns = 0;
};

/** Answers from the tensor as it is now; found is false where it is undefined. */
Reading read_tensor(const Tensor& tensor, const Question& question);

}  // namespace unroll
