// What the extension host and the pages (the run panel, the training view) say to each other. A page may vanish and come
// back at any moment: it opens with a snapshot, is told what has grown, and pulls what it draws.
import type { RunPhase } from './engine.ts';
import type { ModelInfo, TensorAnswer, TensorKind, TensorQuestion } from './inspect.ts';

/** Raised with every change; a page of another version is reloaded. */
export const viewProtocolVersion = 1;

/** What a page asks of the host. */
export interface HostViewMethods {
  /** The first call of a page. */
  ready: (params: { version: number }) => ViewState;
  /** Which series a run has so far. */
  series: (params: { run: string }) => SeriesInfo[];
  /** Points of several series, each from its `from`-th on; answered in the order asked. A tag without points has none. */
  points: (params: { run: string; wanted: { tag: string; from: number }[] }) => PointsChunk[];
  /** Things that happened: pauses, learning rate changes, gradients that are not finite. */
  events: (params: { run: string; from: number }) => RunEvent[];
  /** A run's modules and tensors; null where nothing is known of them, or nothing newer than the version `known`. */
  model: (params: { run: string; known: number | null }) => ModelInfo | null;
  /** Looks into a tensor of a run: while it goes on, of its engine; once it is over, of its snapshot. */
  inspect: (params: { run: string; question: TensorQuestion }) => TensorAnswer;
  /** Pause, resume, stop...: what the buttons do. @throws with a sentence for the person where it cannot be done */
  act: (params: { action: RunAction; run: string | null }) => void;
  setLearningRateScale: (params: { run: string; scale: number }) => void;
  /** The training view's form: what the next run is started with. The script is chosen by `act`. */
  setForm: (params: Partial<Pick<TrainingForm, 'arguments' | 'device' | 'threads'>>) => void;
  /** Which runs the panel shows, the first being the one in the foreground; remembered over a reload. */
  showRuns: (params: { runs: string[] }) => void;
  /** Offers to save a file: a picture (PNG) or a table (CSV). */
  save: (params: { name: string; bytes: Uint8Array }) => void;
}

/** What the host tells a page. */
export interface PageMethods {
  /** Runs came, went or changed state. */
  state: (params: ViewState) => void;
  /** Ten times a second at most, and only while the page is visible: the run has more points than before. */
  grown: (params: { run: string }) => void;
  /** The panel is to show this tab, and there this tensor, as a `TensorQuestion` names it; a parameter where no kind is said. */
  show: (params: { tab: PanelTab; tensor?: string; kind?: TensorKind }) => void;
}

export type PanelTab = 'loss' | 'gradients' | 'through-time' | 'tensors';

export type RunAction =
  | 'run'
  | 'pause'
  | 'resume'
  | 'step'
  | 'stop'
  | 'restart'
  | 'open'
  | 'chooseScript'
  | 'openExample'
  | 'showLog';

export interface ViewState {
  version: number;
  /** Newest first: the newest few hundred, those that are pinned and those that the page shows. */
  runs: RunSummary[];
  /** The run in the foreground: the running one, else the chosen one. */
  current: string | null;
  /** Whether scripts may be run here. */
  trusted: boolean;
  form: TrainingForm;
  /** Which runs a panel shows; empty in the training view. */
  shown: string[];
}

export interface TrainingForm {
  /** As a person knows it: relative to the workspace folder. Null where none is chosen and none is the only candidate. */
  script: string | null;
  arguments: string;
  device: string;
  devices: string[];
  threads: number;
}

/** `failed`: an exception, a crash, or a signal that nobody here asked for. `unreadable`: see `problem`. */
export type RunState = RunPhase | 'finished' | 'stopped' | 'failed' | 'unreadable';

export interface RunSummary {
  /** The run folder's absolute path: its identity. */
  id: string;
  /** The name that a person gave it, else its script and when it was started. */
  name: string;
  pinned: boolean;
  script: string;
  arguments: string[];
  device: string;
  /** Seconds since 1970. */
  started: number;
  ended: number | null;
  state: RunState;
  /** What it is doing while starting; why it failed; how it ended ("Saved. 1,430 steps, 3 MB."). */
  says: string;
  step: number;
  stepsPerSecond: number;
  progress: { done: number; total: number } | null;
  lastLoss: number | null;
  learningRateScale: number | null;
  /** Whether this window may control the run, or (another window started it) only watch. */
  isWatchedOnly: boolean;
  /** What is wrong right now: "gradient of rnn.weight_hh_l0 is not finite at step 41". */
  alarms: string[];
}

export interface SeriesInfo {
  tag: string;
  /** Numbers a point: 1, or the longest vector so far for a series with one number a time step. */
  width: number;
  points: number;
  /** The value of the last point; null for a vector's series. */
  last: number | null;
}

/**
 * Points of one series; bytes are little-endian arrays. All have `count` entries (`values`: the sum of `lengths` where the
 * series is a vector's).
 */
export interface PointsChunk {
  from: number;
  count: number;
  /** Points of the series as of now: more than `from + count` where the chunk is cut short, to be asked for in turn. */
  total: number;
  /** Steps, by `packDeltas`. */
  steps: Uint8Array;
  /** Seconds since 1970, by `packDeltas`. */
  times: Uint8Array;
  /** Float32 values, one point after the other. */
  values: Uint8Array;
  /** Uint32 numbers of values of each point; empty for a scalar series. */
  lengths: Uint8Array;
}

export interface RunEvent {
  step: number;
  /** Seconds since 1970. */
  time: number;
  /** The event's tag without "event/": "paused", "learning_rate", "not_finite". */
  kind: string;
  text: string;
}
