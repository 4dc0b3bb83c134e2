// An embedding's output has no more different rows than there are different tokens in it. A layer right
// behind it multiplies each of those by its weight once, and gathers the products; in the backward pass it
// adds up the gradients of equal rows first, and may hand the sums to the table itself.
#pragma once

#include <memory>

#include "autograd/variable.h"
#include "backend/time_steps.h"

namespace unroll {

/** EmbeddingBackward0, and what it looked up. */
struct EmbeddingNode : Node {
  EmbeddingNode(const Tensor& weight, const Tensor& indices, int64_t padding_idx, Backward backward);
  void release() override;
  Saved indices;
  Dims table;
  int64_t padding_idx;
};

/** The rows (N, E) of an embedding's output as N members of U groups of equal ones. */
struct RepeatedRows {
  Tensor group;   // int64 (N): each row's group
  Tensor member;  // int64 (U): a row of each group
  Tensor token;   // int64 (U): each group's row of the table
  std::shared_ptr<EmbeddingNode> made_by;

  int64_t groups() const { return member.numel(); }
  /** One row of each group: (U, E) of (N, E). */
  Tensor one_each(const Tensor& rows) const;
  /** Each group's row at its members: writes `out` (N, C), contiguous, from (U, C). */
  void gather(const Tensor& each, const Tensor& out) const;
  /** The sums (U, C) over each group's rows of (N, C), added in their order. */
  Tensor sums(const Tensor& rows) const;

  /** Where the table's gradient flows. */
  const Edge& table_edge() const { return made_by->next_edges()[0]; }
  /** The table's gradient (V, E) from the groups' (U, E). PyTorch's error where the indices have changed. */
  Tensor table_gradient(const Tensor& each) const;
};

/**
 * The groups of `input`'s rows where that pays: `input` (T, B, E), or (B, T, E) where `batch_first`, is an
 * embedding's output as it was made, on the processor, and many of its rows are equal. Else nullptr. Row
 * t · B + b is sequence b's step t.
 */
std::shared_ptr<const RepeatedRows> repeated_rows(const Tensor& input, bool batch_first);
/** The same where every sequence is turned round. */
std::shared_ptr<const RepeatedRows> turned(const RepeatedRows& rows, const TimeSteps& steps);

}  // namespace unroll
