// Our LSTM layer alone, forward and backward: arguments as LayerShape has them, blocks as blocks.h has them.
#include "layer.h"

#include "autograd/engine.h"
#include "autograd/variable.h"
#include "backend/cpu/denormals.h"
#include "blocks.h"

using namespace unroll;

int main(int argc, char** argv) {
  const bench::LayerShape shape(argc, argv);
  const cpu::FlushDenormals flush;
  bench::Layer layer(shape);
  const Tensors weights{layer.w_ih, layer.w_hh, layer.b_ih, layer.b_hh};
  for (const Tensor& t : weights) set_requires_grad(t, true);
  set_requires_grad(layer.x, true);
  RnnOptions options;
  options.training = true;
  Tensor output;
  bench::serve(
      [&] {
        for (const Tensor& t : weights) {
          set_grad(t, {});
          t.mark_written();  // as an optimizer does: what was packed is packed anew
        }
        set_grad(layer.x, {});
        output = std::get<0>(lstm(layer.x, layer.state, layer.state, weights, options, default_generator()));
        backward({output}, {layer.grad}, {});
      },
      [&] {
        return bench::summary(output, layer.x.grad(), weights[0].grad(), weights[1].grad(),
                              weights[2].grad());
      });
}
