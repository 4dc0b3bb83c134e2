// What the extension host asks of its thread for files: everything that reads a run's folder, so that reading a long log
// holds nobody up.
import type { ModelInfo, TensorQuestion, TensorReading } from '../../protocol/inspect.ts';
import type { PointsChunk, RunEvent, SeriesInfo } from '../../protocol/view.ts';
import type { LastNumbers } from '../run/summary.ts';
import type { RunFacts } from './facts.ts';
import type { ModelFacts } from './model.ts';

export interface DiskMethods {
  /** The runs in folders of runs; folders that are not there hold none. */
  list: (params: { folders: string[] }) => RunFacts[];
  /** The last numbers of a run's log as it is now. */
  last: (params: { run: string }) => LastNumbers;
  series: (params: { run: string }) => SeriesInfo[];
  points: (params: { run: string; wanted: { tag: string; from: number }[] }) => PointsChunk[];
  events: (params: { run: string; from: number }) => RunEvent[];
  /** A run's model as of now. */
  model: (params: { run: string }) => ModelFacts;
  /** The modules and tensors of a run, as its folder describes them; null where no optimizer has stepped. */
  description: (params: { run: string }) => ModelInfo | null;
  /** Looks into a run's tensors as its snapshot has them. */
  inspect: (params: { run: string; question: TensorQuestion }) => TensorReading;
  /** At most so many values of a series, evenly over the run. */
  sample: (params: { run: string; tag: string; count: number }) => number[];
  /** One row a step, one column a series of those asked for that has one number a step; CSV with a head. */
  table: (params: { run: string; tags: string[] }) => Uint8Array;
  /** Lets go of a run's files. */
  forget: (params: { run: string }) => void;
}

/** The thread asks nothing of its host. */
export type DiskHostMethods = object;
