// oneDNN's LSTM layer alone, forward and backward, as PyTorch uses it: weights and their gradients lie as
// PyTorch's do and are reordered at every step where oneDNN wants them otherwise. The primitives are made
// once. Arguments as LayerShape has them, blocks as blocks.h has them.
#include <omp.h>

#include <cstring>
#include <dnnl.hpp>
#include <unordered_map>

#include "backend/cpu/denormals.h"
#include "blocks.h"
#include "layer.h"

using namespace unroll;
using dnnl::memory;

namespace {

using Tag = memory::format_tag;

struct OneDnn {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};

  memory over(const Tensor& t, const memory::dims& sizes, Tag tag) {
    return {{sizes, memory::data_type::f32, tag}, engine, t.data<float>()};
  }
  void reorder(memory& from, memory& to) {
    if (from.get_data_handle() != to.get_data_handle()) dnnl::reorder(from, to).execute(stream, from, to);
  }
};

/** A weight and its gradient: as PyTorch has them, and as the primitives want them. */
struct Weight {
  memory given, forward, backward, given_grad, grad;

  Weight(OneDnn& on, const Tensor& weight, const Tensor& gradient, const memory::dims& sizes)
      : given(on.over(weight, sizes, Tag::ldgoi)), given_grad(on.over(gradient, sizes, Tag::ldgoi)) {}

  static memory wanted(OneDnn& on, const memory::desc& desc, const memory& given) {
    return desc == given.get_desc() ? given : memory(desc, on.engine);
  }
};

void clear(const memory& m) { std::memset(m.get_data_handle(), 0, m.get_desc().get_size()); }

}  // namespace

int main(int argc, char** argv) {
  const bench::LayerShape n(argc, argv);
  omp_set_num_threads(n.threads);
  const cpu::FlushDenormals flush;
  const bench::Layer layer(n);
  OneDnn on;
  const auto like = [](const Tensor& t) { return empty(t.sizes()); };
  const Tensor d_x = like(layer.x), d_ih = like(layer.w_ih), d_hh = like(layer.w_hh),
               d_bias = like(layer.b_ih);
  const Tensor output = like(layer.grad);
  const Tensor last_h = like(layer.state), last_c = like(layer.state), d_h = like(layer.state),
               d_c = like(layer.state);

  const memory::dims rows{n.T, n.B, n.H}, state{1, 1, n.B, n.H}, weight{1, 1, n.H, 4, n.H};
  const memory x = on.over(layer.x, rows, Tag::tnc), grad = on.over(layer.grad, rows, Tag::tnc);
  const memory out = on.over(output, rows, Tag::tnc), dx = on.over(d_x, rows, Tag::tnc);
  const memory initial = on.over(layer.state, state, Tag::ldnc), h = on.over(last_h, state, Tag::ldnc),
               c = on.over(last_c, state, Tag::ldnc), dh = on.over(d_h, state, Tag::ldnc),
               dc = on.over(d_c, state, Tag::ldnc);
  const memory bias = on.over(layer.b_ih, {1, 1, 4, n.H}, Tag::ldgo),
               d_b = on.over(d_bias, {1, 1, 4, n.H}, Tag::ldgo);
  Weight w_ih(on, layer.w_ih, d_ih, weight), w_hh(on, layer.w_hh, d_hh, weight);

  const memory::desc any{weight, memory::data_type::f32, Tag::any};
  const auto of = [](const memory& m) { return m.get_desc(); };
  const auto direction = dnnl::rnn_direction::unidirectional_left2right;
  const dnnl::lstm_forward::primitive_desc forward_desc(
      {dnnl::prop_kind::forward_training, direction, of(x), of(initial), of(initial), any, any, of(bias),
       of(out), of(h), of(c)},
      on.engine);
  const dnnl::lstm_backward::primitive_desc backward_desc({dnnl::prop_kind::backward,
                                                           direction,
                                                           of(x),
                                                           of(initial),
                                                           of(initial),
                                                           any,
                                                           any,
                                                           of(bias),
                                                           of(out),
                                                           of(h),
                                                           of(c),
                                                           of(dx),
                                                           of(initial),
                                                           of(initial),
                                                           any,
                                                           any,
                                                           of(bias),
                                                           of(grad),
                                                           of(initial),
                                                           of(initial)},
                                                          on.engine, forward_desc);
  const dnnl::lstm_forward forward(forward_desc);
  const dnnl::lstm_backward backward(backward_desc);
  const memory workspace(forward_desc.workspace_desc(), on.engine);
  const memory no_grad(of(initial), on.engine);  // of the last states
  clear(no_grad);
  w_ih.forward = Weight::wanted(on, forward_desc.weights_layer_desc(), w_ih.given);
  w_hh.forward = Weight::wanted(on, forward_desc.weights_iter_desc(), w_hh.given);
  w_ih.backward = Weight::wanted(on, backward_desc.weights_layer_desc(), w_ih.given);
  w_hh.backward = Weight::wanted(on, backward_desc.weights_iter_desc(), w_hh.given);
  w_ih.grad = Weight::wanted(on, backward_desc.diff_weights_layer_desc(), w_ih.given_grad);
  w_hh.grad = Weight::wanted(on, backward_desc.diff_weights_iter_desc(), w_hh.given_grad);

  bench::serve(
      [&] {
        for (Weight* w : {&w_ih, &w_hh}) on.reorder(w->given, w->forward);
        std::unordered_map<int, memory> args{
            {DNNL_ARG_SRC_LAYER, x},
            {DNNL_ARG_SRC_ITER, initial},
            {DNNL_ARG_SRC_ITER_C, initial},
            {DNNL_ARG_WEIGHTS_LAYER, w_ih.forward},
            {DNNL_ARG_WEIGHTS_ITER, w_hh.forward},
            {DNNL_ARG_BIAS, bias},
            {DNNL_ARG_DST_LAYER, out},
            {DNNL_ARG_DST_ITER, h},
            {DNNL_ARG_DST_ITER_C, c},
            {DNNL_ARG_WORKSPACE, workspace},
        };
        forward.execute(on.stream, args);
        for (Weight* w : {&w_ih, &w_hh}) {
          on.reorder(w->given, w->backward);
          clear(w->grad);  // oneDNN adds to it
        }
        clear(d_b);
        args[DNNL_ARG_WEIGHTS_LAYER] = w_ih.backward;
        args[DNNL_ARG_WEIGHTS_ITER] = w_hh.backward;
        args.insert({
            {DNNL_ARG_DIFF_SRC_LAYER, dx},
            {DNNL_ARG_DIFF_SRC_ITER, dh},
            {DNNL_ARG_DIFF_SRC_ITER_C, dc},
            {DNNL_ARG_DIFF_WEIGHTS_LAYER, w_ih.grad},
            {DNNL_ARG_DIFF_WEIGHTS_ITER, w_hh.grad},
            {DNNL_ARG_DIFF_BIAS, d_b},
            {DNNL_ARG_DIFF_DST_LAYER, grad},
            {DNNL_ARG_DIFF_DST_ITER, no_grad},
            {DNNL_ARG_DIFF_DST_ITER_C, no_grad},
        });
        backward.execute(on.stream, args);
        for (Weight* w : {&w_ih, &w_hh}) on.reorder(w->grad, w->given_grad);
        on.stream.wait();
      },
      [&] { return bench::summary(output, d_x, d_ih, d_hh, d_bias); });
}
