// What a reader may ask of a tensor, and the answer: made on the trainer's thread, small enough to be handed
// on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend/cpu/kernels/histogram.h"
#include "telemetry/picture.h"
#include "telemetry/plane.h"
#include "telemetry/statistics.h"
#include "tensor/tensor.h"

namespace unroll {

struct Question {
  /** Parameters and tensors that the script's side has shown are answered between two operations, gradients
   * too while they are a whole step's; the change of a parameter in a step, the output of a module and
   * everything else when the script's side comes by it. */
  enum class Of { Parameter, Gradient, Update, Buffer, Activation, Variable };
  /** "rnn.weight_hh_l0"; of an activation the module's path, "rnn". */
  std::string name;
  Of of = Of::Parameter;
  /** All of it where left out. */
  std::optional<Part> part;
  /** Of the histogram; 0: none. Its range is [low, high], or where nearly all elements lie. */
  int64_t bins = 0;
  std::optional<std::pair<double, double>> range;
  /** Tiles of the picture; 0: none. */
  int64_t rows = 0, columns = 0;
  /** Whether the elements themselves are wanted. */
  bool cells = false;
};

struct Reading {
  /** Whether there is such a tensor. */
  bool found = false;
  /** Why it cannot be answered as asked; empty where it could. */
  std::string problem;
  /** Steps ended when it was read. */
  int64_t step = 0;
  Dims sizes;
  DType dtype = DType::Float32;
  bool requires_grad = false;
  /** Of the part. */
  int64_t rows = 0, columns = 0;
  Statistics statistics;
  std::optional<Histogram> histogram;
  std::optional<Picture> picture;
  /** The part's elements, row by row, as they lie in memory; at most kMostCells. */
  std::vector<char> cells;
  bool has_cells = false;
};

inline constexpr int64_t kMostCells = 1 << 16, kMostBins = cpu::kMostCountedBins, kMostTiles = 1 << 15;

/** Answers from the tensor as it is now; found is false where it is undefined. Throws nothing. */
Reading read_tensor(const Tensor& tensor, const Question& question);

}  // namespace unroll
