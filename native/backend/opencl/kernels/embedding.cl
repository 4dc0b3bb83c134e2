// Rows of a table by index, and the sum of gradients back into them in the order of the indices.
kernel void lookup(int n, int rows, int width, global const T* table, int table_first, global const INDEX* indices,
                   int indices_first, global T* out, int out_first, global int* fault) {
  const int at = (int)get_global_id(0);
  if (at >= n * width) return;
  const long row = indices[indices_first + at / width];
  if (row < 0 || row >= rows)
    *fault = BAD_INDEX;
  else
    out[out_first + at] = table[table_first + (int)row * width + at % width];
}

// Whoever has the first place of an index adds up all its rows: no two items write one element, and the order is that
// of the indices. The table holds zeros.
kernel void lookup_backward(int n, int rows, int width, int padding, global const T* grad, int grad_first,
                            global const INDEX* indices, int indices_first, global T* table, int table_first,
                            global int* fault) {
  const int at = (int)get_global_id(0);
  if (at >= n * width) return;
  const int place = at / width, column = at % width;
  indices += indices_first;
  const INDEX row = indices[place];
  if (row < 0 || row >= rows) {
    *fault = BAD_INDEX;
    return;
  }
  if (row == padding) return;
  for (int i = 0; i < place; ++i)
    if (indices[i] == row) return;
  T sum = 0;
  for (int i = place; i < n; ++i)
    if (indices[i] == row) sum += grad[grad_first + i * width + column];
  table[table_first + (int)row * width + column] = sum;
}

// Sizes and strides of RANK dimensions.
typedef struct {
  int sizes[12], index[12], in[12], out[12];
} Gather;

// Moves the three places, which are at the tensors' first elements, to those of element `rest`.
static void find(const Gather* g, int rest, int* at_index, int* at_in, int* at_out) {
  for (int d = RANK - 1; d >= 0; --d) {
    const int i = rest % g->sizes[d];
    rest /= g->sizes[d];
    *at_index += i * g->index[d];
    *at_in += i * g->in[d];
    *at_out += i * g->out[d];
  }
}

// out[..., j, ...] = in[..., index[..., j, ...], ...]; g.in[dim] is 0, `step` in's stride there.
kernel void gather(int n, Gather g, int length, int step, global const long* index, int index_first,
                   global const T* in, int in_first, global T* out, int out_first, global int* fault) {
  if ((int)get_global_id(0) >= n) return;
  int at_index = index_first, at_in = in_first, at_out = out_first;
  find(&g, (int)get_global_id(0), &at_index, &at_in, &at_out);
  const long place = index[at_index];
  if (place < 0 || place >= length)
    *fault = BAD_INDEX;
  else
    out[at_out] = in[at_in + (int)place * step];
}

#ifdef HOW
#if HOW == 0
#define PUT(old, given) (given)
#elif HOW == 1
#define PUT(old, given) ((old) + (given))
#elif HOW == 2
#define PUT(old, given) ((old) * (given))
#elif HOW == 3
#define PUT(old, given) ((given) > (old) || (given) != (given) ? (given) : (old))
#else
#define PUT(old, given) ((given) < (old) || (given) != (given) ? (given) : (old))
#endif

// out[..., index[..., j, ...], ...] with in[..., j, ...]: an item takes all j of its place, in their order. `n` places;
// g.sizes[dim] is 1.
kernel void scatter(int n, Gather g, int dim, int count, int length, global const long* index, int index_first,
                    global const T* in, int in_first, global T* out, int out_first, global int* fault) {
  if ((int)get_global_id(0) >= n) return;
  int at_index = index_first, at_in = in_first, at_out = out_first;
  find(&g, (int)get_global_id(0), &at_index, &at_in, &at_out);
  for (int j = 0; j < count; ++j) {
    const long place = index[at_index + j * g.index[dim]];
    if (place < 0 || place >= length) {
      *fault = BAD_INDEX;
      return;
    }
    global T* to = out + at_out + (int)place * g.out[dim];
    const T given = in[at_in + j * g.in[dim]];
    *to = PUT(*to, given);
  }
}
#endif
