#include "ops/repeated_rows.h"

#include "backend/layers.h"
#include "ops/ops.h"

namespace unroll {

namespace {

/** Above this share of different rows, gathering costs what the products save. */
constexpr double kMostDifferent = 0.75;
/** Columns below which a product costs less than gathering its result. */
constexpr int64_t kLeastColumns = 16;
/** Rows of the table for each row looked up above which they are not counted: few would come twice. */
constexpr int64_t kMostTable = 16;

/** Fills in the groups of `tokens`, in the order of their first members. */
template <class Index>
void group_by(const Index* tokens, RepeatedRows& rows, int64_t table) {
  const Tensor groups_of = full({table}, Scalar::of(int64_t{-1}), DType::Int64);
  int64_t* const group_of = groups_of.data<int64_t>();
  int64_t* const group = rows.group.data<int64_t>();
  int64_t* const member = rows.member.data<int64_t>();
  int64_t* const token = rows.token.data<int64_t>();
  int64_t count = 0;
  for (int64_t i = 0; i < rows.group.numel(); ++i) {
    int64_t& g = group_of[tokens[i]];
    if (g < 0) {
      member[count] = i;
      token[count] = tokens[i];
      g = count++;
    }
    group[i] = g;
  }
  rows.member = slice(rows.member, 0, 0, count, 1);
  rows.token = slice(rows.token, 0, 0, count, 1);
}

}  // namespace

EmbeddingNode::EmbeddingNode(const Tensor& weight, const Tensor& looked_up, int64_t padding,
                             Backward backward)
    : Node("EmbeddingBackward0", std::move(backward)),
      indices(looked_up),
      table(weight.sizes()),
      padding_idx(padding) {
  add_edge(gradient_edge(weight));
}

void EmbeddingNode::release() {
  Node::release();
  indices = {};
}

std::shared_ptr<const RepeatedRows> repeated_rows(const Tensor& input, bool batch_first) {
  if (input.dim() != 3 || input.device_type() != DeviceType::Cpu || input.numel() == 0) return nullptr;
  const auto node = made_by<EmbeddingNode>(input);
  if (!node || !node->indices.is_intact()) return nullptr;
  const int64_t N = input.size(0) * input.size(1), V = node->table[0];
  if (input.size(2) < kLeastColumns || V > kMostTable * N) return nullptr;

  GradMode off(false);
  const Tensor indices = node->indices.get(*node);
  UNROLL_CHECK(indices.dim() == 2, "an embedding's rows (T, B, E) have indices (T, B)");
  const Tensor tokens = contiguous(batch_first ? transpose(indices, 0, 1) : indices);
  RepeatedRows rows{empty({N}, DType::Int64), empty({std::min(N, V)}, DType::Int64),
                    empty({std::min(N, V)}, DType::Int64), node};
  if (tokens.dtype() == DType::Int64)
    group_by(tokens.data<int64_t>(), rows, V);
  else
    group_by(tokens.data<int32_t>(), rows, V);
  if (static_cast<double>(rows.groups()) > kMostDifferent * static_cast<double>(N)) return nullptr;
  return std::make_shared<RepeatedRows>(std::move(rows));
}

std::shared_ptr<const RepeatedRows> turned(const RepeatedRows& rows, const TimeSteps& steps) {
  GradMode off(false);
  const int64_t N = steps.total(), B = steps.batch();
  RepeatedRows out = rows;
  out.group = view(flip(view(rows.group, {steps.count(), B}), {0}), {N});
  out.member = clone(rows.member);
  for (int64_t u = 0; u < rows.groups(); ++u) {
    int64_t& row = out.member.data<int64_t>()[u];
    row = (steps.count() - 1 - row / B) * B + row % B;
  }
  return std::make_shared<RepeatedRows>(std::move(out));
}

Tensor RepeatedRows::one_each(const Tensor& rows) const {
  const Tensor out = empty({groups(), rows.size(1)}, rows.dtype());
  embedding_kernel(rows.device_type(), rows, member, out);
  return out;
}

void RepeatedRows::gather(const Tensor& each, const Tensor& out) const {
  embedding_kernel(out.device_type(), each, group, out);
}

Tensor RepeatedRows::sums(const Tensor& rows) const {
  const Tensor out = empty({groups(), rows.size(1)}, rows.dtype());
  embedding_backward_kernel(rows.device_type(), rows, group, -1, out);
  return out;
}

Tensor RepeatedRows::table_gradient(const Tensor& each) const {
  made_by->indices.get(*made_by);
  const Tensor out = empty(made_by->table, each.dtype());
  embedding_backward_kernel(each.device_type(), each, token, made_by->padding_idx, out);
  return out;
}

}  // namespace unroll
