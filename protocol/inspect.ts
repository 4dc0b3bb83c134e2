// What a host asks of a run's tensors, and the answers: of a run that goes on from its engine, of a finished one from its
// snapshot. Arrays travel as bytes, little-endian.

/** update: the change of a parameter in its optimizer's last step. activation: the output of a module. */
export type TensorKind = 'parameter' | 'gradient' | 'update' | 'buffer' | 'activation' | 'variable';

/** Two axes of a tensor, a stretch of each, at one index of every other. */
export interface TensorPart {
  /** Null: one row, one column. */
  rowAxis: number | null;
  columnAxis: number | null;
  /** An index for every axis; those of the two axes do not matter. */
  at: number[];
  /** From the first to before the second; null: all. */
  rows: [number, number] | null;
  columns: [number, number] | null;
}

export interface TensorQuestion {
  kind: TensorKind;
  /** As `ModelInfo` and `VariableInfo` have it; of an activation, the module's path. */
  name: string;
  /** Null: all of it, a vector as one row, of more than two axes the first as rows and the others together as columns. */
  part: TensorPart | null;
  /** `range` null: where nearly all elements lie, or all of them where that is not much wider. */
  histogram: { bins: number; range: [number, number] | null } | null;
  /** At most so many tiles, 32,768 in all. */
  picture: { rows: number; columns: number } | null;
  /** The elements themselves: 65,536 at most. */
  cells: boolean;
}

/** Over the finite elements, 0 where there are none. The deviation is that of a population. */
export interface TensorStatistics {
  /** Of all elements. */
  count: number;
  nan: number;
  infinite: number;
  zeros: number;
  mean: number;
  deviation: number;
  low: number;
  high: number;
  /** The 2-norm. */
  norm: number;
  /** Where nearly all lie: the 0.1 % and 99.9 % quantiles of 16,384 of them. */
  robustLow: number;
  robustHigh: number;
}

export interface TensorHistogram {
  /** Bins of equal width from low to high. */
  low: number;
  high: number;
  /** Float64, one a bin. */
  counts: Uint8Array;
  /** Finite elements outside. */
  below: number;
  above: number;
}

/** Tiles, row by row; NaN where a tile has no finite element. */
export interface TensorPicture {
  rows: number;
  columns: number;
  /** Float32 each. */
  low: Uint8Array;
  high: Uint8Array;
  mean: Uint8Array;
  /** Uint32: elements that are not finite. */
  nonFinite: Uint8Array;
}

export interface TensorReading {
  /** Whether there is such a tensor; where not, nothing below but the step means anything. */
  found: boolean;
  /** Why it cannot be answered as asked; null where it could. */
  problem: string | null;
  /** How many steps had ended. */
  step: number;
  shape: number[];
  /** "float32", "int64"... */
  dtype: string;
  requiresGrad: boolean;
  /** Of the part. */
  rows: number;
  columns: number;
  statistics: TensorStatistics;
  histogram: TensorHistogram | null;
  picture: TensorPicture | null;
  /** The part's elements, row by row, in the tensor's own dtype. */
  cells: Uint8Array | null;
}

export interface TensorAnswer {
  /**
   * fresh: read after it was asked. older: the last one read before, as there is no newer yet. waiting: there is none yet;
   * an activation, an update or a variable comes with the next step. Asking again takes up what has come.
   */
  state: 'fresh' | 'older' | 'waiting';
  /** Null while waiting. */
  reading: TensorReading | null;
}

export interface SourceLine {
  /** Absolute. */
  file: string;
  /** From 1. */
  line: number;
}

/** The script's modules and their tensors, as of the last time its optimizers' parameters were named. */
export interface ModelInfo {
  /** Another with every change. */
  version: number;
  /** Each after the module it is part of. */
  modules: ModuleInfo[];
  tensors: TensorInfo[];
  /** The files named above as they were then. */
  files: { file: string; sha256: string }[];
}

export interface ModuleInfo {
  /** "" for a script's only model, "encoder.rnn"... */
  path: string;
  /** "LSTM", "RNNModel"... */
  className: string;
  /** Where a class of the script's own is defined. */
  file: string | null;
  /** What made the module. */
  line: SourceLine | null;
}

export interface TensorInfo {
  /** The module's path and the attribute: "encoder.rnn.weight_hh_l0". */
  name: string;
  /** Plain attributes that are tensors count as buffers. */
  kind: 'parameter' | 'buffer';
  shape: number[];
  dtype: string;
  requiresGrad: boolean;
  /** The name under which it came before, where several modules share it. */
  sameAs: string | null;
  line: SourceLine | null;
}

/** A tensor in a function of the script that was running when a step ended, or in the script itself. */
export interface VariableInfo {
  /** "train:loss", "loss". */
  name: string;
  /** Null: the script itself. */
  function: string | null;
  variable: string;
  shape: number[];
  dtype: string;
  /** What was running there. */
  line: SourceLine | null;
}
