// Made-up tensors of a run, answered for as an engine answers, by the code that answers for a snapshot.
import type {
  ModelInfo,
  TensorAnswer,
  TensorInfo,
  TensorQuestion,
  TensorReading,
} from '../../../protocol/inspect.ts';
import {
  histogramOf,
  histogramRange,
  pictureOf,
  planeOf,
  statisticsOf,
  wholePlane,
  type Plane,
} from '../../../runtime/store/plane.ts';
import { noise } from './training.ts';

export interface MadeTensor {
  name: string;
  kind: 'parameter' | 'buffer';
  shape: number[];
  dtype: string;
  /** The class of the module that it belongs to. */
  className: string;
  /** The `i`-th element at a step. */
  element: (i: number, step: number) => number;
}

const most = { cells: 65_536, tiles: 32_768, bins: 1024 };

export class MadeTensors {
  readonly made: readonly MadeTensor[];
  /** Whether there is no snapshot of it, and nothing else. */
  isGone = false;
  readonly #answers = new Map<string, TensorAnswer>();
  /** Questions that wait for the step after the one in which they were asked. */
  readonly #waiting = new Map<string, number>();

  constructor(made: readonly MadeTensor[]) {
    this.made = made;
  }

  model(known: number | null): ModelInfo | null {
    if (known === 1 || this.isGone) return null;
    const paths = new Map<string, string>([['', 'Model']]);
    for (const { name, className } of this.made) {
      const path = moduleOf(name);
      if (path !== '') paths.set(path, className);
    }
    const modules = [...paths].map(([path, className]) => ({ path, className, file: null, line: null }));
    const tensors = this.made.map(({ name, kind, shape, dtype }): TensorInfo => ({
      name,
      kind,
      shape,
      dtype,
      requiresGrad: kind === 'parameter',
      sameAs: null,
      line: null,
    }));
    return { version: 1, modules, tensors, files: [] };
  }

  inspect(question: TensorQuestion, step: number, isLive: boolean): TensorAnswer {
    const key = JSON.stringify(question);
    const comesWithStep = question.kind === 'update' || question.kind === 'activation';
    if (comesWithStep && isLive) {
      const asked = this.#waiting.get(key);
      if (asked === undefined) this.#waiting.set(key, step);
      if ((asked ?? step) >= step) return { state: 'waiting', reading: null };
    }
    const known = this.#answers.get(`${step} ${key}`);
    if (known) return known;
    const answer: TensorAnswer = { state: 'fresh', reading: this.#read(question, step, isLive) };
    this.#answers.set(`${step} ${key}`, answer);
    return answer;
  }

  #read(question: TensorQuestion, step: number, isLive: boolean): TensorReading {
    const found = this.isGone ? undefined : this.#find(question, isLive);
    const { shape, dtype } = found ?? { shape: [], dtype: '' };
    const element = (i: number) => found?.element(i, step) ?? NaN;
    const reading: TensorReading = {
      found: found !== undefined,
      problem: null,
      step,
      shape,
      dtype,
      requiresGrad: found?.kind === 'parameter',
      rows: 0,
      columns: 0,
      statistics: statisticsOf(wholePlane(element, [0])),
      histogram: null,
      picture: null,
      cells: null,
    };
    if (!found) return reading;
    try {
      const plane = question.part ? planeOf(element, shape, question.part) : wholePlane(element, shape);
      fill(reading, plane, question);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      reading.problem = error.message;
    }
    return reading;
  }

  #find({ kind, name }: TensorQuestion, isLive: boolean): MadeTensor | undefined {
    if (kind === 'activation') {
      if (!isLive) return undefined;
      return { name, kind: 'buffer', shape: [35, 4, 24], dtype: 'float32', className: '', element: gradient };
    }
    const found = this.made.find((one) => one.name === name);
    if (!found || kind === 'parameter' || kind === 'buffer') return found;
    if (kind === 'update' && !isLive) return undefined;
    const { element } = found;
    const change = (i: number, step: number) => element(i, step) - element(i, step - 1);
    return { ...found, element: kind === 'update' ? change : gradient };
  }
}

function gradient(i: number, step: number): number {
  return Math.fround(1e-3 * (noise(i, step) + noise(i, step + 7) - 1) ** 3);
}

function fill(reading: TensorReading, plane: Plane, { histogram, picture, cells }: TensorQuestion): void {
  reading.rows = plane.rows;
  reading.columns = plane.columns;
  const all = plane.rows * plane.columns;
  if (cells && all > most.cells) throw new RangeError(`${all} elements are more than ${most.cells}`);
  if (cells) reading.cells = cellsOf(plane, reading.dtype);
  reading.statistics = statisticsOf(plane);
  if (histogram) {
    const range = histogram.range ?? histogramRange(reading.statistics);
    reading.histogram = histogramOf(plane, range, Math.min(histogram.bins, most.bins));
  }
  if (picture) {
    if (picture.rows * picture.columns > most.tiles) throw new Error('more tiles than an answer holds');
    reading.picture = pictureOf(plane, picture.rows, picture.columns);
  }
}

/** The elements in their dtype's bytes. */
function cellsOf(
  { element, offset, rows, columns, rowStride, columnStride }: Plane,
  dtype: string,
): Uint8Array {
  const at = (i: number) =>
    element(offset + Math.floor(i / columns) * rowStride + (i % columns) * columnStride);
  const values = Array.from({ length: rows * columns }, (_, i) => at(i));
  switch (dtype) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'float64':
      return new Uint8Array(Float64Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    case 'bool':
      return Uint8Array.from(values);
    default:
      throw new Error(`no cells of ${dtype}`);
  }
}

const moduleOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** Weights that a training moves: spread like a layer's initial values, drifting with the steps. */
function weight(stream: number): MadeTensor['element'] {
  return (i, step) => {
    const start = 0.14 * (noise(i, stream) + noise(i, stream + 1) - 1);
    return Math.fround(start + (step / 4000) * (noise(i, stream + 2) - 0.5));
  };
}

const [hidden, input] = [48, 32];

/** Those of a recording, with the shapes that their names stand for. */
export function tensorsOf(parameters: readonly string[]): MadeTensor[] {
  return parameters.map((name, stream) => {
    const isRecurrent = /weight_|bias_/.test(name);
    const shape = /weight_ih/.test(name)
      ? [4 * hidden, /l0/.test(name) ? input : hidden]
      : /weight_hh/.test(name)
        ? [4 * hidden, hidden]
        : /bias_/.test(name)
          ? [4 * hidden]
          : /bias/.test(name)
            ? [65]
            : [65, /embedding/.test(name) ? input : hidden];
    const className = isRecurrent ? 'LSTM' : /embedding/.test(name) ? 'Embedding' : 'Linear';
    return { name, kind: 'parameter', shape, dtype: 'float32', className, element: weight(stream * 3) };
  });
}

/** Tensors of every odd kind. */
export function oddTensors(): MadeTensor[] {
  const made = (
    name: string,
    shape: number[],
    element: MadeTensor['element'],
    over: Partial<MadeTensor> = {},
  ): MadeTensor => ({
    name,
    kind: 'buffer',
    shape,
    dtype: 'float32',
    className: 'Odd',
    element,
    ...over,
  });
  return [
    made('words.weight', [30_000, 650], (i, step) => Math.fround(0.2 * (noise(i, 1) - 0.5) + step * 1e-6), {
      kind: 'parameter',
      className: 'Embedding',
    }),
    made('conv.weight', [16, 8, 3, 3], weight(5), { kind: 'parameter', className: 'Conv2d' }),
    made('gru.weight_hh_l0', [72, 24], weight(9), { kind: 'parameter', className: 'GRU' }),
    made('odd.scalar', [], () => Math.fround(Math.PI)),
    made('odd.empty', [0, 5], () => NaN),
    made('odd.all_nan', [6, 9], () => NaN),
    made('odd.some_bad', [6, 9], (i) => (i % 7 === 3 ? NaN : i === 20 ? Infinity : i / 10 - 2)),
    made('odd.mask', [20, 20], (i) => Number(i % 20 > Math.floor(i / 20)), { dtype: 'bool' }),
    made('odd.counts', [12], (i) => i * i - 30, { dtype: 'int64' }),
    made('odd.zeros', [5, 5], () => 0),
    made('odd.outlier', [40, 60], (i) => (i === 1234 ? 50 : Math.fround(0.1 * (noise(i, 3) - 0.5)))),
    made('odd.one_step', [1, 4, 24], weight(11)),
    made('odd.long', [2000, 1, 12], weight(13)),
  ];
}
