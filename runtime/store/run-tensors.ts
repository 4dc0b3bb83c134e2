// The tensors of a finished run, as its snapshot has them: the same questions, the same answers as of one that goes on.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ModelInfo, TensorInfo, TensorQuestion, TensorReading } from '../../protocol/inspect.ts';
import { type ElementKind, elementKinds } from './elements.ts';
import { readModel } from './model-file.ts';
import {
  histogramOf,
  histogramRange,
  pictureOf,
  type Plane,
  planeOf,
  statisticsOf,
  wholePlane,
} from './plane.ts';
import { snapshotName } from './run-folder.ts';
import { SafetensorsFile, type TensorEntry } from './safetensors.ts';

const maxCells = 1 << 16;
const maxBins = 1024;
const maxTiles = 1 << 15;
/** Tensors kept in memory: a value and its gradient are asked for in turn. */
const maxLoaded = 2;
/** Of a gradient's name in the snapshot, after its parameter's. */
const gradientSuffix = '.grad';

export class RunTensors {
  /** Null where the run left none: no optimizer has stepped, or it was killed. */
  readonly #file: SafetensorsFile | null;
  readonly #model: ModelInfo | null;
  readonly #tensors: ReadonlyMap<string, TensorInfo>;
  readonly #step: number;
  readonly #loaded = new Map<string, ArrayBuffer>();

  /** @throws where a file is there and is not what it should be */
  constructor(folder: string) {
    const file = path.join(folder, snapshotName);
    this.#model = readModel(folder);
    this.#tensors = new Map(this.#model?.tensors.map((tensor) => [tensor.name, tensor]));
    this.#file = existsSync(file) && statSync(file).isFile() ? new SafetensorsFile(file) : null;
    this.#step = Number(this.#file?.metadata['step'] ?? NaN);
  }

  get model(): ModelInfo | null {
    return this.#model;
  }

  /** Every tensor in the snapshot, gradients among them. */
  get entries(): TensorEntry[] {
    return [...(this.#file?.tensors.values() ?? [])];
  }

  inspect(question: TensorQuestion): TensorReading {
    const entry = this.#entry(question);
    const reading: TensorReading = {
      found: entry !== null,
      problem: null,
      step: this.#step,
      shape: entry?.shape ?? [],
      dtype: entry ? kindOf(entry).name : '',
      requiresGrad: (entry && this.#tensors.get(entry.name)?.requiresGrad) ?? false,
      rows: 0,
      columns: 0,
      statistics: statisticsOf(wholePlane(() => NaN, [0])),
      histogram: null,
      picture: null,
      cells: null,
    };
    if (entry === null) return reading;
    try {
      this.#look(entry, question, reading);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      reading.problem = error.message;
    }
    return reading;
  }

  /** All of a tensor in the snapshot. */
  plane(entry: TensorEntry): Plane {
    return wholePlane(kindOf(entry).of(this.#load(entry)), entry.shape);
  }

  close(): void {
    this.#file?.close();
  }

  #entry({ kind, name }: TensorQuestion): TensorEntry | null {
    const told = this.#tensors.get(name);
    const entry = (as: string) => this.#file?.tensors.get(as) ?? null;
    const first = told?.sameAs ?? name;
    if (kind === 'gradient') return entry(`${first}${gradientSuffix}`);
    if (told) return told.kind === kind ? entry(first) : null;
    // Parameters that are no module's: whatever the model does not tell of, but for the gradients.
    const isGradient = name.endsWith(gradientSuffix) && entry(name.slice(0, -gradientSuffix.length)) !== null;
    return kind === 'parameter' && !isGradient ? entry(name) : null;
  }

  #look(entry: TensorEntry, question: TensorQuestion, reading: TensorReading): void {
    const bytes = this.#load(entry);
    const kind = kindOf(entry);
    const element = kind.of(bytes);
    const { shape } = entry;
    const { part, histogram, picture } = question;
    const plane = part ? planeOf(element, shape, part) : wholePlane(element, shape);
    reading.rows = plane.rows;
    reading.columns = plane.columns;
    if (question.cells) reading.cells = cellsOf(plane, bytes, kind.bytes);
    reading.statistics = statisticsOf(plane);
    if (histogram) {
      const bins = Math.min(Math.max(1, Math.floor(histogram.bins)), maxBins);
      reading.histogram = histogramOf(plane, histogram.range ?? histogramRange(reading.statistics), bins);
    }
    if (picture && picture.rows > 0 && picture.columns > 0) {
      const columns = Math.min(picture.columns, maxTiles);
      const rows = Math.min(picture.rows, Math.max(1, Math.floor(maxTiles / columns)));
      reading.picture = pictureOf(plane, rows, columns);
    }
  }

  #load(entry: TensorEntry): ArrayBuffer {
    const loaded = this.#loaded.get(entry.name) ?? this.#file?.read(entry);
    if (!loaded) throw new RangeError('there is no snapshot');
    this.#loaded.delete(entry.name);
    this.#loaded.set(entry.name, loaded);
    for (const [oldest] of this.#loaded) {
      if (this.#loaded.size <= maxLoaded) break;
      this.#loaded.delete(oldest);
    }
    return loaded;
  }
}

function kindOf({ dtype }: TensorEntry): ElementKind {
  const kind = elementKinds[dtype];
  if (!kind) throw new RangeError(`unknown dtype ${dtype}`);
  return kind;
}

function cellsOf(plane: Plane, bytes: ArrayBuffer, size: number): Uint8Array {
  const { offset, rows, columns, rowStride, columnStride } = plane;
  if (rows * columns > maxCells) {
    throw new RangeError(
      `${rows} by ${columns} elements are more than ${maxCells}, which is as many as are handed out at a time`,
    );
  }
  const from = new Uint8Array(bytes);
  const cells = new Uint8Array(rows * columns * size);
  for (let r = 0, to = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, to += size) {
      const at = (offset + r * rowStride + c * columnStride) * size;
      cells.set(from.subarray(at, at + size), to);
    }
  }
  return cells;
}
