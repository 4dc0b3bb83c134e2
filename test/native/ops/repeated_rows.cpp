#include "ops/repeated_rows.h"

#include "recurrent_inputs.h"
#include "values.h"

using namespace unroll;

namespace {

const std::vector<RecurrentKind> kinds{
    {"lstm", 4, 2,
     [](const Tensor& x, const Tensors& states, const Tensors& weights, const RnnOptions& options) {
       const auto [output, h, c] = lstm(x, states[0], states[1], weights, options, default_generator());
       return Tensors{output, h, c};
     }},
    {"gru", 3, 1,
     [](const Tensor& x, const Tensors& states, const Tensors& weights, const RnnOptions& options) {
       const auto [output, h] = gru(x, states[0], weights, options, default_generator());
       return Tensors{output, h};
     }},
    {"rnn", 1, 1,
     [](const Tensor& x, const Tensors& states, const Tensors& weights, const RnnOptions& options) {
       const auto [output, h] = rnn(x, states[0], weights, options, false, default_generator());
       return Tensors{output, h};
     }},
};

constexpr int64_t kTable = 5, kColumns = 16;

/** Tokens (a, b), each of the table's many times. */
Tensor tokens(int64_t a, int64_t b, DType dtype = DType::Int64) {
  Tensor t = empty({a, b}, DType::Int64);
  for (int64_t i = 0; i < t.numel(); ++i) t.data<int64_t>()[i] = i * i % kTable;
  return to_dtype(t, dtype);
}

Tensor table(DType dtype = DType::Float64) {
  Tensor t = numbered(50, {kTable, kColumns}, dtype);
  set_requires_grad(t, true);
  return t;
}

/** The same numbers, no longer an embedding's output. */
Tensor disguised(const Tensor& rows) { return mul_scalar(rows, Scalar::of(1.0)); }

struct Case {
  RecurrentSizes sizes{6, 3, kColumns, 4, 2};
  bool batch_first = false, bidirectional = false;
  int64_t padding_idx = -1;
  DType index = DType::Int64;
};

/** Results, then the gradients of the table, the states and the weights. */
struct Outcome {
  Tensors results, grads;
};

Outcome outcome(const RecurrentKind& kind, const Case& c,
                const std::function<Tensor(const Tensor&)>& change) {
  RnnOptions options = recurrent_options(c.sizes);
  options.batch_first = c.batch_first;
  options.is_bidirectional = c.bidirectional;
  RecurrentInputs in = recurrent_inputs(kind, c.sizes, DType::Float64, true, true, c.bidirectional);
  const Tensor weight = table();
  const Tensor index = c.batch_first ? tokens(c.sizes.batch, c.sizes.steps, c.index)
                                     : tokens(c.sizes.steps, c.sizes.batch, c.index);
  const Tensor x = change(embedding(weight, index, c.padding_idx));
  Outcome out{kind.call(x, in.states, in.weights, options), {}};
  in.input = weight;
  out.grads = recurrent_gradients(out.results, in);
  return out;
}

Tensor as_it_is(const Tensor& rows) { return rows; }

}  // namespace

TEST(equal_rows_are_found) {
  const Tensor weight = table();
  const auto rows = repeated_rows(embedding(weight, tokens(4, 3), -1), false);
  CHECK(rows && rows->groups() == 3);  // squares modulo 5: 0, 1, 4
  if (!rows) return;
  CHECK((values(rows->token) == std::vector<double>{0, 1, 4}));
  CHECK((values(rows->member) == std::vector<double>{0, 1, 2}));
  CHECK((values(rows->group) == std::vector<double>{0, 1, 2, 2, 1, 0, 1, 2, 2, 1, 0, 1}));
  const auto turned_round = turned(*rows, TimeSteps::even(4, 3));
  CHECK((values(turned_round->group) == std::vector<double>{1, 0, 1, 1, 2, 2, 2, 1, 0, 0, 1, 2}));
  CHECK((values(turned_round->member) == std::vector<double>{9, 10, 11}));
  const auto by_sequence = repeated_rows(embedding(weight, tokens(4, 3), -1), true);
  CHECK((values(by_sequence->group) == std::vector<double>{0, 1, 2, 2, 2, 2, 1, 0, 1, 0, 1, 2}));
}

TEST(only_of_an_embedding_as_it_was_made) {
  const Tensor weight = table(), index = tokens(6, 3);
  const Tensor rows = embedding(weight, index, -1);
  CHECK(repeated_rows(rows, false));
  CHECK(!repeated_rows(disguised(rows), false));
  CHECK(!repeated_rows(view(rows, {3, 6, kColumns}), false));
  CHECK(!repeated_rows(detach(rows), false));
  CHECK(!repeated_rows(embedding(weight, slice(index, 0, 0, 1, 1), -1), false));  // two of three differ
  const Tensor narrow = numbered(1, {kTable, 4});
  set_requires_grad(narrow, true);
  CHECK(!repeated_rows(embedding(narrow, index, -1), false));
  {
    GradMode off(false);
    fill_(select(rows, 0, 0), Scalar::of(1.0));
  }
  CHECK(!repeated_rows(rows, false));
  const Tensor others = embedding(weight, index, -1);
  fill_(index, Scalar::of(int64_t{1}));
  CHECK(!repeated_rows(others, false));
}

TEST(layers_give_what_they_give_of_rows_one_by_one) {
  std::vector<Case> cases(5);
  cases[1].batch_first = true;
  cases[2].bidirectional = true;
  cases[3].padding_idx = 1;
  cases[4].index = DType::Int32;
  for (const RecurrentKind& kind : kinds)
    for (const Case& c : cases) {
      const Outcome own = outcome(kind, c, as_it_is), plain = outcome(kind, c, disguised);
      CHECK(same_bits(own.results, plain.results));
      CHECK(own.grads.size() == plain.grads.size());
      for (size_t i = 0; i < own.grads.size(); ++i)
        CHECK_NEAR(distance(own.grads[i], doubles_of(plain.grads[i])), 0, 1e-13);
    }
}

TEST(the_rows_own_gradient_is_there_for_who_asks) {
  for (const RecurrentKind& kind : kinds) {
    const Case c;
    const Outcome plain = outcome(kind, c, disguised);
    std::vector<double> expected;
    int calls = 0;
    const auto compared = [&](const Outcome& found) {
      for (size_t i = 0; i < found.grads.size(); ++i)
        CHECK_NEAR(distance(found.grads[i], doubles_of(plain.grads[i])), 0, 1e-13);
    };
    // A hook on what the embedding made, and one behind the disguise: the same gradient.
    compared(outcome(kind, c, [&](const Tensor& rows) {
      const Tensor other = disguised(rows);
      register_hook(other, [&](const Tensor& g) {
        expected = doubles_of(g);
        return Tensor();
      });
      return other;
    }));
    compared(outcome(kind, c, [&](const Tensor& rows) {
      register_hook(rows, [&](const Tensor& g) {
        ++calls;
        CHECK_NEAR(distance(g, expected), 0, 1e-13);
        return Tensor();
      });
      return rows;
    }));
    CHECK(calls == 1);
    Tensor kept;
    RecurrentInputs in = recurrent_inputs(kind, c.sizes);
    const Tensor weight = table(), rows = embedding(weight, tokens(c.sizes.steps, c.sizes.batch), -1);
    retain_grad(rows);
    const Tensors results = kind.call(rows, in.states, in.weights, recurrent_options(c.sizes));
    BackwardOptions again;
    again.retain_graph = true;
    backward(results, result_gradients(results), again);
    CHECK_NEAR(distance(rows.grad(), expected), 0, 1e-13);
    // As an aim of the pass.
    const Tensor other = embedding(weight, tokens(c.sizes.steps, c.sizes.batch), -1);
    const Tensors more = kind.call(other, in.states, in.weights, recurrent_options(c.sizes));
    const Tensors found = grad(more, result_gradients(more), {other, weight}, again, false);
    CHECK_NEAR(distance(found[0], expected), 0, 1e-13);
    CHECK_NEAR(distance(found[1], doubles_of(plain.grads[0])), 0, 1e-13);
    // Only the table: twice the same, no gradient left over from the pass before.
    for (int i = 0; i < 2; ++i)
      CHECK_NEAR(
          distance(grad(more, result_gradients(more), {weight}, again, false)[0], doubles_of(plain.grads[0])),
          0, 1e-13);
  }
}

TEST(rows_used_elsewhere_too) {
  const RecurrentKind& kind = kinds[0];
  const Case c;
  Tensor found[2];
  for (const bool plain : {false, true}) {
    RecurrentInputs in = recurrent_inputs(kind, c.sizes);
    const Tensor weight = table(), rows = embedding(weight, tokens(c.sizes.steps, c.sizes.batch), -1);
    Tensors results =
        kind.call(plain ? disguised(rows) : rows, in.states, in.weights, recurrent_options(c.sizes));
    results.push_back(mul(rows, rows));
    found[plain] = grad(results, result_gradients(results), {weight}, {}, false)[0];
  }
  CHECK_NEAR(distance(found[0], doubles_of(found[1])), 0, 1e-13);
}

TEST(changed_indices_are_refused) {
  const RecurrentKind& kind = kinds[0];
  const Case c;
  RecurrentInputs in = recurrent_inputs(kind, c.sizes);
  const Tensor index = tokens(c.sizes.steps, c.sizes.batch);
  const Tensors results =
      kind.call(embedding(table(), index, -1), in.states, in.weights, recurrent_options(c.sizes));
  fill_(index, Scalar::of(int64_t{0}));
  CHECK(check::thrown_by([&] {
          backward(results, result_gradients(results), {});
        }).starts_with("one of the variables needed for gradient computation has been modified"));
}

TEST(differentiated_twice) {
  const RecurrentKind& kind = kinds[0];
  const Case c{{3, 2, kColumns, 2, 1}};
  RecurrentInputs in = recurrent_inputs(kind, c.sizes);
  Tensor found[2];
  for (const bool plain : {false, true}) {
    const Tensor weight = table(), rows = embedding(weight, tokens(3, 2), -1);
    const Tensors results =
        kind.call(plain ? disguised(rows) : rows, in.states, in.weights, recurrent_options(c.sizes));
    BackwardOptions twice;
    twice.create_graph = twice.retain_graph = true;
    const Tensor once = grad({sum(results[0], {}, false)}, {Tensor()}, {weight}, twice, false)[0];
    found[plain] = grad({sum(mul(once, once), {}, false)}, {Tensor()}, {weight}, {}, false)[0];
  }
  CHECK_NEAR(distance(found[0], doubles_of(found[1])), 0, 1e-12);
}
