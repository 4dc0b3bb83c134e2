#include "backend/index.h"

#include "backend/opencl/on_both.h"

using namespace unroll;

namespace {

const Tensor kRows = integers({2, 3}, {0, 2, 1, -1, 2, 2}), kColumns = integers({3}, {4, 0, -2});

}  // namespace

TEST(elements_by_index) {
  const Tensors in{noisy({3, 4, 5}), kRows, kColumns};
  check_alike(
      "index", [](const Tensors& t) { return Tensors{index(t[0], {t[1]})}; }, in);
  check_alike(
      "index, last",
      [](const Tensors& t) {
        return Tensors{index(t[0], {{}, {}, t[2]})};
      },
      in);
  check_alike(
      "index, two",
      [](const Tensors& t) {
        return Tensors{index(t[0], {t[1], {}, t[2]})};
      },
      in);
  check_alike(
      "index, strided",
      [](const Tensors& t) {
        return Tensors{index(transpose(t[0], 0, 2), {t[2], {}, t[1]})};
      },
      in);
  check_alike("index_select", [](const Tensors& t) { return Tensors{index_select(t[0], 1, t[2])}; },
              {in[0], in[1], integers({4}, {3, 0, 3, 1})});
}

TEST(elements_are_written_in_their_order) {
  for (const bool accumulate : {false, true})
    for (const DType dtype : {DType::Float32, DType::Int64, DType::Bool})
      check_alike(
          "index_put_",
          [&](const Tensors& t) {
            GradMode off(false);
            const Tensor out = clone(detach(t[0]));
            index_put_(out, {{}, t[1]}, t[2], accumulate);
            return Tensors{out};
          },
          {noisy({2, 3, 4}, dtype), kRows, noisy({2, 2, 3, 4}, dtype, 2)}, 1e-6);
}

TEST(triangles) {
  for (const int64_t diagonal : {-9, -1, 0, 2, 9})
    check_alike("tril and triu",
                [&](const Tensors& t) {
                  return Tensors{tril(t[0], diagonal), triu(t[0], diagonal)};
                },
                {noisy({2, 5, 4})});
}

TEST(an_index_out_of_range_is_told_when_a_value_is_read) {
  const Tensor t = to_device(noisy({3, 2}), opencl_device()),
               row = to_device(integers({1}, {3}), opencl_device());
  const Tensor taken = index(t, {row});
  CHECK(check::thrown_by([&] { values_here(taken); }) ==
        "index out of range in an operation on opencl:0 before this point");
}
