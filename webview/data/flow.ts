// How the gradient fares on its way back through a window's time steps, and the verdict on the last windows: the rule
// by which the engine writes "verdict/..." into the run, for as long as it has not.

/** Below this part of the largest norm the gradient counts as gone. */
const gone = 0.01;
/** A growth that counts as an explosion, and the share of windows that must show it. */
const explosion = { growth: 100, share: 0.1 };
/** The part of the window that the gradient must cross. */
const crossed = 0.5;
/** Windows looked back on, and how many it takes for a verdict. */
const recentWindows = 100;
const settledWindows = 10;

export interface Flow {
  /** Time steps T. */
  length: number;
  /** Steps back from the end of the way's start to the last one, from the largest norm on, with 1 % of that norm. */
  reach: number;
  /** The largest norm over the one that the way back began with; infinite where a norm is not finite. */
  growth: number;
  /** The last norm on the way back over the largest. */
  left: number;
  /** Whether there was a gradient at all. */
  isAny: boolean;
}

/** @param norms in the input's order; the way back runs from the last to the first, for a reverse layer onwards */
export function flowOf(norms: Float32Array, isReverse: boolean): Flow {
  const way = isReverse ? norms : norms.slice().reverse();
  const flow: Flow = { length: way.length, reach: 0, growth: 1, left: NaN, isAny: false };
  const first = way.findIndex((norm) => norm !== 0);
  if (first < 0) return flow;
  flow.isAny = true;
  const bad = way.findIndex((norm) => !Number.isFinite(norm));
  if (bad >= 0) return { ...flow, reach: bad, growth: Infinity };
  let largest = first;
  for (let k = first; k < way.length; k++) if ((way[k] as number) > (way[largest] as number)) largest = k;
  const top = way[largest] as number;
  let reach = largest;
  while (reach + 1 < way.length && (way[reach + 1] as number) >= gone * top) reach++;
  return {
    ...flow,
    reach,
    growth: top / (way[first] as number),
    left: (way[way.length - 1] as number) / top,
  };
}

/** Of an LSTM's two states the one that carries the gradient farther counts. */
export function fartherOf(a: Flow, b: Flow): Flow {
  if (!a.isAny || !b.isAny) return a.isAny ? a : b;
  return {
    length: Math.max(a.length, b.length),
    reach: Math.max(a.reach, b.reach),
    growth: Math.max(a.growth, b.growth),
    left: Math.max(a.left, b.left),
    isAny: true,
  };
}

export type Verdict = 'vanishing' | 'healthy' | 'exploding';

export interface Findings {
  /** Null before there are windows enough. */
  verdict: Verdict | null;
  /** Medians: steps back, steps that there were to go. */
  reach: number;
  way: number;
  /** The share of windows whose norm grew a hundredfold or was not finite. */
  exploded: number;
  windows: number;
}

/** What the last windows say. @param flows the newest last */
export function judge(flows: readonly Flow[]): Findings {
  const told = flows.slice(-recentWindows).filter(({ isAny, length }) => isAny && length >= 2);
  const share =
    told.length === 0 ? 0 : told.filter(({ growth }) => growth >= explosion.growth).length / told.length;
  const reached = median(told.map(({ reach, length }) => reach / (length - 1)));
  const isSettled = told.length >= settledWindows;
  const verdict = share >= explosion.share ? 'exploding' : reached < crossed ? 'vanishing' : 'healthy';
  return {
    verdict: isSettled ? verdict : null,
    reach: median(told.map(({ reach }) => reach)),
    way: median(told.map(({ length }) => length - 1)),
    exploded: share,
    windows: told.length,
  };
}

/** The lower of two in the middle; 0 of nothing. */
function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
