// The situations that a page can be in. Each is a host's whole state with its recordings.
import type { RunState, RunSummary, ViewState } from '../../../protocol/view.ts';
import type { Recorded } from './recorded.ts';
import { Recording, startTime, type Answers } from './recording.ts';
import { Replay } from './replay.ts';
import { MadeTensors, oddTensors, tensorsOf } from './tensors.ts';
import { characterModel, lossAt, lstm, lstmParameters, noise, train, type Shape } from './training.ts';

export interface Scenario {
  state: ViewState;
  recordings: Map<string, Answers>;
  tensors?: Map<string, MadeTensors>;
  /** Makes the run in the foreground go on by some steps. */
  grow?: (steps: number) => void;
}

/** A scenario of one run, and what that run has recorded. */
interface Trained extends Scenario {
  recording: Recording;
  tensors: Map<string, MadeTensors>;
}

const form = {
  script: 'char-lm/main.py',
  arguments: '--epochs 3 --emsize 64',
  device: 'cpu',
  devices: ['cpu', 'opencl:0'],
  threads: 4,
};

const hostileName =
  '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>&amp;"\'/../${x}';

function summary(name: string, state: RunState, over: Partial<RunSummary> = {}): RunSummary {
  return {
    id: `/home/user/project/.unroll/runs/${name}`,
    name,
    pinned: false,
    script: 'char-lm/main.py',
    arguments: ['--epochs', '3'],
    device: 'cpu',
    started: startTime,
    ended: ['starting', 'running', 'pausing', 'paused'].includes(state) ? null : startTime + 60,
    state,
    says: '',
    step: 0,
    stepsPerSecond: NaN,
    progress: null,
    lastLoss: null,
    learningRateScale: null,
    isWatchedOnly: false,
    alarms: [],
    ...over,
  };
}

function stateWith(runs: RunSummary[], over: Partial<ViewState> = {}): ViewState {
  return {
    version: 1,
    runs,
    current: runs[0]?.id ?? null,
    trusted: true,
    form,
    shown: runs[0] ? [runs[0].id] : [],
    ...over,
  };
}

/** A run of `steps` steps, in the state `state`. */
function trained(
  name: string,
  state: RunState,
  steps: number,
  shape: Partial<Shape> = {},
  over: Partial<RunSummary> = {},
): Trained {
  const whole = { ...characterModel, ...shape };
  const recording = new Recording();
  train(recording, whole, 1, steps);
  const isLive = state === 'running' || state === 'paused' || state === 'pausing';
  const run = summary(name, state, {
    says: isLive ? '' : `Saved. ${steps.toLocaleString('en')} steps, 3 MB.`,
    step: steps,
    stepsPerSecond: isLive ? 26.37 : NaN,
    progress: isLive ? { done: steps % whole.epoch, total: whole.epoch } : null,
    lastLoss: steps >= whole.brokenFrom ? NaN : lossAt(steps),
    learningRateScale: isLive ? 1 : null,
    ...over,
  });
  const scenario: Trained = {
    recording,
    tensors: new Map([[run.id, new MadeTensors(tensorsOf(whole.parameters))]]),
    state: stateWith([run]),
    recordings: new Map([[run.id, recording]]),
  };
  scenario.grow = (more) => {
    const [first, ...rest] = scenario.state.runs;
    if (!first) return;
    train(recording, whole, first.step + 1, first.step + more);
    const step = first.step + more;
    scenario.state = {
      ...scenario.state,
      runs: [{ ...first, state: 'running', says: '', step, lastLoss: lossAt(step) }, ...rest],
    };
  };
  return scenario;
}

/** Left edge, right edge and count of 64 bins from the least to the greatest. */
function loggedBins(values: number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const counts = new Array<number>(64).fill(0);
  const width = (high - low) / counts.length;
  for (const value of values) {
    const bin = Math.min(counts.length - 1, Math.floor((value - low) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.flatMap((number, bin) => [low + bin * width, low + (bin + 1) * width, number]);
}

function withOdd(state: RunState): Scenario {
  const scenario = trained('1203-odd', state, 400, {
    layers: lstm('lstm', 1),
    parameters: lstmParameters('lstm', 1),
  });
  const [id] = scenario.tensors.keys();
  const tensors = new MadeTensors([...tensorsOf(lstmParameters('lstm', 1)), ...oddTensors()]);
  return { ...scenario, tensors: new Map([[id ?? '', tensors]]) };
}

const empty = (run: RunSummary): Scenario => ({
  state: stateWith([run]),
  recordings: new Map([[run.id, new Recording()]]),
});

const traceback = [
  'RuntimeError: mat1 and mat2 shapes cannot be multiplied (20x200 and 128x65)',
  '  main.py, line 61, in forward: return self.decoder(output)',
].join('\n');

export const scenarios = {
  'no-script': () => ({
    state: stateWith([], { form: { ...form, script: null } }),
    recordings: new Map<string, Recording>(),
  }),
  empty: () => ({ state: stateWith([]), recordings: new Map<string, Recording>() }),
  untrusted: () => ({ state: stateWith([], { trusted: false }), recordings: new Map<string, Recording>() }),
  starting: () => empty(summary('1203-main', 'starting', { says: 'Starting Python' })),
  waiting: () => empty(summary('1203-main', 'running')),
  live: () => {
    const scenario = trained('1203-main', 'running', 700);
    scenario.recording.event(430, 'paused', '');
    scenario.recording.event(430, 'learning_rate', 'scaled by 0.5');
    return scenario;
  },
  paused: () => trained('1203-main', 'paused', 204),
  /** Stepped by hand at its end, where a pixel is several steps. */
  stepped: () => {
    const scenario = trained('1203-main', 'paused', 1430);
    for (let step = 1424; step <= 1430; step++) {
      scenario.recording.event(step, 'paused', `after step ${step}`);
      if (step === 1428) scenario.recording.event(step, 'learning_rate', 'times 0.5');
      if (step < 1430) scenario.recording.event(step, 'resumed', 'for one step');
    }
    return scenario;
  },
  pausing: () => trained('1203-main', 'pausing', 204),
  watched: () => trained('1203-main', 'running', 204, {}, { isWatchedOnly: true }),
  finished: () => trained('1203-main', 'finished', 1430),
  stopped: () => trained('1203-main', 'stopped', 320),
  failed: () => trained('1203-main', 'failed', 412, {}, { says: traceback }),
  'failed-early': () => empty(summary('1203-main', 'failed', { says: traceback })),
  unreadable: () =>
    empty(
      summary('0911-main', 'unreadable', { says: 'run.json was written by a newer version (format 7).' }),
    ),
  plain: () =>
    trained('1010-mlp', 'finished', 300, {
      layers: [],
      clip: null,
      parameters: ['0.weight', '0.bias', '2.weight', '2.bias'],
    }),
  vanishing: () =>
    trained('0805-rnn-vanishes', 'finished', 400, {
      layers: [{ module: 'rnn', layer: 0, states: ['h'] }],
      parameters: [...lstmParameters('rnn', 1), 'head.weight', 'head.bias'],
      window: 50,
      decay: () => 0.55,
      clip: null,
    }),
  exploding: () =>
    trained(
      '0806-rnn-explodes',
      'running',
      260,
      {
        layers: [{ module: 'rnn', layer: 0, states: ['h'] }],
        parameters: [...lstmParameters('rnn', 1), 'head.weight', 'head.bias'],
        window: 50,
        decay: (step) => 1 + Math.min(0.35, step / 600),
        clip: null,
      },
      { alarms: ['‖∂L/∂h‖ grows 1,240-fold over 49 steps back (rnn, layer 0)'] },
    ),
  'non-finite': () =>
    trained(
      '0807-diverged',
      'finished',
      420,
      { brokenFrom: 361 },
      { alarms: ['gradient of lstm.weight_ih_l0 is not finite at step 361'] },
    ),
  two: () =>
    trained('0900-translate', 'finished', 500, {
      layers: [
        { module: 'encoder', layer: 0, states: ['h', 'c'] },
        { module: 'encoder', layer: 0, isReverse: true, states: ['h', 'c'] },
        ...lstm('decoder', 2),
      ],
      parameters: [...lstmParameters('encoder', 1), ...lstmParameters('decoder', 2), 'head.weight'],
      window: 5,
    }),
  t1: () => trained('0901-one-step', 'finished', 120, { window: 1, layers: lstm('lstm', 1) }),
  t512: () =>
    trained('0902-long', 'finished', 120, { window: 512, layers: lstm('lstm', 2), decay: () => 0.985 }),
  t2000: () =>
    trained('0903-longest', 'finished', 80, { window: 2000, layers: lstm('lstm', 1), decay: () => 0.997 }),
  many: () =>
    trained('0904-many', 'finished', 24, {
      layers: [],
      parameters: Array.from(
        { length: 10_000 },
        (_, i) => `blocks.${Math.floor(i / 4)}.linear.weight_${i % 4}${i % 97 === 5 ? '.dead' : ''}`,
      ),
    }),
  million: () => {
    const recording = new Recording();
    const count = 1_000_000;
    recording.computed.set('loss/train', {
      count,
      value: (step) =>
        1.2 +
        3 * Math.exp(-step / 90_000) +
        0.25 * (noise(step) + noise(step, 1) - 1) +
        (step === 654_321 ? 4 : 0),
    });
    recording.computed.set('grad/total', { count, value: (step) => 0.2 + noise(step, 5) });
    for (let step = 50_000; step <= count; step += 50_000) {
      recording.scalar('loss/eval', step, 1.25 + 3 * Math.exp(-step / 90_000));
      recording.scalar('epoch', step, step / 50_000);
    }
    const run = summary('0700-million', 'finished', {
      step: count,
      lastLoss: 1.2,
      says: 'Saved. 1,000,000 steps, 61 MB.',
    });
    return { state: stateWith([run]), recordings: new Map([[run.id, recording]]) };
  },
  hostile: () => {
    const scenario = trained(
      hostileName,
      'running',
      150,
      {
        layers: [{ module: `${hostileName}/l0/h`, layer: 0, states: ['h'] }],
        parameters: [hostileName, `a.${hostileName}`, '=cmd|calc!A1'],
      },
      { says: hostileName, alarms: [hostileName], script: hostileName, arguments: [hostileName] },
    );
    scenario.recording.event(60, hostileName, hostileName);
    return {
      ...scenario,
      state: { ...scenario.state, form: { ...form, script: hostileName, arguments: hostileName } },
    };
  },
  compare: () => {
    const runs = [
      trained('1203-lr-0.001', 'running', 700),
      trained('1140-lr-0.01', 'finished', 900, { clip: null }),
      trained('1122-lr-0.1', 'finished', 640, { brokenFrom: 500 }),
    ];
    // Each has a level of its own.
    for (const [i, { recordings }] of runs.entries()) {
      for (const recording of recordings.values()) recording.offset = i * 0.35;
    }
    const summaries = runs.flatMap(({ state }) => state.runs);
    return {
      state: stateWith(summaries, { shown: summaries.map(({ id }) => id) }),
      recordings: new Map(runs.flatMap(({ recordings }) => [...recordings])),
      tensors: new Map(runs.flatMap(({ tensors }) => [...tensors])),
    };
  },
  /** Tensors of every shape and dtype. */
  odd: () => withOdd('running'),
  'odd-finished': () => withOdd('finished'),
  /** Its log has kept the tensors' histograms. */
  logged: () => {
    const scenario = trained('1203-logged', 'finished', 700);
    const [tensors] = scenario.tensors.values();
    for (const { name, shape, element } of tensors?.made ?? []) {
      const size = shape.reduce((a, b) => a * b, 1);
      for (let step = 1; step <= 700; step += 20) {
        const values = Array.from({ length: size }, (_, i) => element(i, step));
        scenario.recording.vector(`histogram/weight/${name}`, step, loggedBins(values));
      }
    }
    return scenario;
  },
  /** Of a run that left no snapshot. */
  gone: () => {
    const scenario = trained('0911-killed', 'stopped', 320);
    for (const tensors of scenario.tensors.values()) tensors.isGone = true;
    return scenario;
  },
  /** A real run, handed over by the test. */
  recorded: () => {
    const { recorded } = window as unknown as { recorded: Recorded };
    const run = recorded.summary;
    return { state: stateWith([run]), recordings: new Map([[run.id, new Replay(recorded)]]) };
  },
} satisfies Record<string, () => Scenario>;

export type ScenarioName = keyof typeof scenarios;
