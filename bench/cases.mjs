// What is measured: scripts and programs with sizes, the arithmetic that a step of them takes, and what is asked for.

/** Multiply-adds of one time step and sequence in a recurrent layer. @param {number} gates 4 of LSTM, 3 of GRU, 1 */
const layer = (gates, I, H) => gates * H * (I + H);
/** The same where the input is an embedding's: each of the V rows is multiplied once. */
const layerOfTokens = (gates, V, E, H, rows) => gates * H * (rows * H + Math.min(V, rows) * E);
/** A product takes two operations a multiply-add, and twice as many again backward: for its input and its weight. */
const trained = (multiplyAdds) => 6 * multiplyAdds;

const gates = { lstm: 4, gru: 3, rnn: 1 };
/** The rows of an embedding are looked up: no product. */
const flops = {
  charLm: ({ kind, V, E, H, B, T }) => trained(layerOfTokens(gates[kind], V, E, H, T * B) + T * B * H * V),
  wordLm: ({ V, H, B, T }) => trained(T * B * (2 * layer(4, H, H) + H * V)),
  lstmCell: ({ V, E, H, B, T }) => trained(T * B * (layer(4, E, H) + H * V)),
  // The gradient of the data is not wanted.
  mlp: ({ I, H, O, B }) => trained(B * (I * H + H * H + H * O)) - 2 * B * I * H,
  lstmLayer: ({ H, B, T }) => trained(T * B * layer(4, H, H)),
};

const charLm = (kind, H, more = {}) => {
  const options = { kind, V: 65, E: 128, H, B: 32, T: 64, ...more };
  return { script: 'char_lm.py', options, flops: flops.charLm(options) };
};
const wordLm = (V, H, more = {}) => {
  const options = { V, H, B: 20, T: 35, ...more };
  return { script: 'word_lm.py', options, flops: flops.wordLm(options) };
};
const sized = (script, options, of) => ({ script, options, flops: of(options) });
const lstmCell = sized('lstm_cell.py', { V: 65, E: 128, H: 128, B: 32, T: 100 }, flops.lstmCell);
const mlp = sized('mlp.py', { I: 32, H: 64, O: 10, B: 32 }, flops.mlp);
const product = sized('product.py', { N: 2048 }, ({ N }) => 2 * N ** 3);
/** Programs of bench/native: an LSTM layer alone, and the step of char_lm.py without Python and Node. */
const lstmLayer = (program, H, more = {}) => {
  const options = { H, B: 32, T: 64, ...more };
  return { program, options, flops: flops.lstmLayer(options) };
};
const drivenCharLm = (H) => ({ ...charLm('lstm', H), program: 'char_lm', options: { H } });
const call = { script: 'call.py', options: {}, flops: 1000 * 8 };

/** The ratios asked for, by instruction set. */
const atLeast = (avx512, avx2 = avx512) => ({ avx512, avx2 });
const charLmGoals = {
  lstm: { 128: atLeast(2.2, 1.6), 512: atLeast(1.5, 1.3), 1024: atLeast(1.5, 1.3) },
  gru: { 128: atLeast(3, 2.2), 512: atLeast(3, 2.2), 1024: atLeast(3, 2.2) },
  rnn: { 128: atLeast(3, 2.2), 512: atLeast(3, 2.2), 1024: atLeast(3, 2.2) },
};

/** Against PyTorch; `threads` where it is not the run's, `isQuick` where `--quick` has it. */
const pairs = [
  ...Object.entries(charLmGoals).flatMap(([kind, goals]) =>
    [128, 512, 1024].map((H) => ({
      name: `char-lm-${kind}-${H}`,
      work: charLm(kind, H),
      goal: goals[H],
      isQuick: H === 128 || (H === 512 && kind === 'lstm'),
    })),
  ),
  { name: 'char-lm-lstm-512-one-thread', work: charLm('lstm', 512), threads: 1 },
  { name: 'word-lm-200-10000', work: wordLm(10_000, 200) },
  { name: 'word-lm-650-10000', work: wordLm(10_000, 650), goal: atLeast(1.6, 1.15) },
  { name: 'word-lm-200-33278', work: wordLm(33_278, 200), goal: atLeast(2.5, 2.2) },
  { name: 'word-lm-650-33278', work: wordLm(33_278, 650), goal: atLeast(2.5, 2.2) },
  { name: 'product-2048', work: product },
  { name: 'lstmcell', work: lstmCell, goal: atLeast(2), isQuick: true },
  { name: 'mlp', work: mlp, goal: atLeast(1), isQuick: true },
  { name: 'call', work: call, isQuick: true },
].map((one) => ({ kind: 'pair', ...one }));

/** From the start of the process until the first step is made. */
const startUps = [{ kind: 'start-up', name: 'start-up', work: mlp }];

/** A recurrent layer alone, forward and backward, against oneDNN's with its reorders. */
const layers = [
  { H: 64, goal: atLeast(1.3) },
  { H: 128, goal: atLeast(1.3) },
  { H: 512, goal: atLeast(1.05) },
  { H: 1024, goal: atLeast(1) },
  { H: 512, B: 128, goal: atLeast(1) },
].map(({ goal, H, ...more }) => ({
  ...{ kind: 'layer', name: ['layer-lstm', H, ...(more.B ? ['batch', more.B] : [])].join('-'), goal },
  ...{ work: lstmLayer('layer', H, more), other: lstmLayer('onednn', H, more) },
}));

/** What is asked of a step of 10 ms and more only. */
const fromTenMilliseconds = (H, ratio) => (H >= 512 ? { goal: atLeast(ratio) } : {});

/**
 * Against ourselves in another way: a ratio above 1 is what our own way costs less than the other. `own` and `other`
 * are set up differently, or `otherWork` is what the other does; `differs` where it computes other numbers.
 */
const selves = [
  ...[128, 512].flatMap((H) => {
    const work = charLm('lstm', H);
    const off = { other: { records: false }, says: 'recording off' };
    return [
      { name: `recording-lstm-${H}`, work, ...off, ...fromTenMilliseconds(H, 0.98) },
      {
        name: `histograms-lstm-${H}`,
        work,
        own: { histogramEvery: 1 },
        ...off,
        ...fromTenMilliseconds(H, 0.952),
      },
      {
        ...{ name: `driven-lstm-${H}`, work, otherWork: drivenCharLm(H), says: 'driven from C++' },
        ...fromTenMilliseconds(H, 0.97),
      },
    ];
  }),
  { name: 'recording-mlp', work: mlp, other: { records: false }, says: 'recording off' },
  { name: 'threads-lstm-512', work: charLm('lstm', 512), other: { threads: 1 }, says: 'one thread' },
  {
    ...{ name: 'denormals-lstm-128', work: lstmLayer('layer', 128, { T: 512, fill: -0.1 }), differs: true },
    ...{ otherWork: lstmLayer('layer', 128, { T: 512 }), says: 'usual numbers', goal: atLeast(0.952) },
  },
].map((one) => ({ kind: 'self', ...one }));

/** How a step's time grows with one size: the slope is taken over the values from `from` on. */
const sweeps = [
  {
    ...{ name: 'sweep-T', values: [16, 32, 64, 128, 256, 512], from: 16, slope: [0.95, 1.05] },
    work: (T) => charLm('lstm', 128, { T }),
  },
  {
    ...{ name: 'sweep-B', values: [8, 16, 32, 64, 128, 256], from: 64, slope: [0.95, 1.05] },
    work: (B) => charLm('lstm', 128, { B }),
  },
  {
    ...{ name: 'sweep-H', values: [128, 256, 512, 1024, 2048], from: 512, slope: [1.9, 2.1] },
    work: (H) => charLm('lstm', H, { E: H, T: 32 }),
  },
  {
    ...{ name: 'sweep-V', values: [1000, 4000, 16_000, 32_000, 64_000], from: 16_000, slope: [0.95, 1.05] },
    work: (V) => wordLm(V, 128),
  },
].map((one) => ({ kind: 'sweep', ...one }));

export const cases = [...pairs, ...layers, ...startUps, ...selves, ...sweeps];

/**
 * Those that `names` mean, each the whole name of a case or what it begins with; all where there are none.
 *
 * @throws where a name means none
 */
export function selectCases(names, isQuick) {
  const means = (name) => (one) => one.name === name || one.name.startsWith(`${name}-`);
  const unknown = names.find((name) => !cases.some(means(name)));
  if (unknown) throw new Error(`there is no case ${unknown}: ${cases.map(({ name }) => name).join(', ')}`);
  if (names.length > 0) return cases.filter((one) => names.some((name) => means(name)(one)));
  return isQuick ? cases.filter((one) => one.isQuick) : cases;
}
