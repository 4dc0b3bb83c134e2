// LogSoftmaxBackward0, by which the loss right behind a log_softmax knows it.
#pragma once

#include "autograd/node.h"

namespace unroll {

struct LogSoftmaxNode : Node {
  LogSoftmaxNode(Backward backward, int over) : Node("LogSoftmaxBackward0", std::move(backward)), dim(over) {}
  int dim;
};

}  // namespace unroll
