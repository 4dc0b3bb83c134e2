// Made-up trainings: what each writes into its recording, step by step.
import { Recording } from './recording.ts';

/** A number in [0, 1) that hangs on nothing but its arguments. */
export function noise(step: number, stream = 0): number {
  let x = (step * 2654435761 + stream * 40503 + 12345) >>> 0;
  x = Math.imul(x ^ (x >>> 15), 2246822519) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 3266489917) >>> 0;
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

const bump = (step: number, stream = 0) =>
  noise(step, stream) + noise(step, stream + 1) + noise(step, stream + 2) - 1.5;

export interface LayerShape {
  module: string;
  layer: number;
  isReverse?: boolean;
  states: ('h' | 'c')[];
}

export interface Shape {
  layers: LayerShape[];
  /** Time steps a window. */
  window: number;
  parameters: string[];
  /** Steps from one whole record to the next. */
  every: number;
  /** Steps an epoch. */
  epoch: number;
  clip: number | null;
  /** What is left of the norm after one step back. */
  decay: (step: number) => number;
  /** From this step on losses and gradients are not finite. */
  brokenFrom: number;
}

export const lstm = (module: string, layers: number): LayerShape[] =>
  Array.from({ length: layers }, (_, layer) => ({ module, layer, states: ['h', 'c'] }));

export const lstmParameters = (module: string, layers: number): string[] =>
  Array.from({ length: layers }, (_, layer) =>
    ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => `${module}.${name}_l${layer}`),
  ).flat();

export const characterModel: Shape = {
  layers: lstm('lstm', 2),
  window: 35,
  parameters: ['embedding.weight', ...lstmParameters('lstm', 2), 'decoder.weight', 'decoder.bias'],
  every: 1,
  epoch: 480,
  clip: 0.25,
  decay: (step) => 0.8 + 0.08 * Math.min(1, step / 600),
  brokenFrom: Infinity,
};

export function lossAt(step: number): number {
  return 1.15 + 3.1 * Math.exp(-step / 260) + 0.9 * Math.exp(-step / 30) + 0.16 * bump(step);
}

/** Writes the steps from `from` (the first is 1) to `to`. */
export function train(recording: Recording, shape: Shape, from: number, to: number): void {
  for (let step = from; step <= to; step++) trainStep(recording, shape, step);
}

function trainStep(recording: Recording, shape: Shape, step: number): void {
  const { clip, epoch, every, brokenFrom, parameters } = shape;
  const isBroken = step >= brokenFrom;
  const norm = isBroken ? NaN : 0.18 + 0.9 * Math.exp(-step / 120) + 0.12 * Math.exp(2.2 * bump(step, 7));
  recording.scalar('lr/0', step, 0.001 * 0.95 ** Math.floor(step / epoch));
  recording.scalar('loss/train', step, isBroken ? NaN : lossAt(step));
  if (isBroken && step === brokenFrom) {
    recording.event(step, 'nonfinite', `grad/${parameters[1] ?? 'weight'}`);
  }
  if (step % every === 0) {
    for (const [i, name] of parameters.entries()) parameterStep(recording, name, i, step, norm);
    throughTime(recording, shape, step);
  }
  recording.scalar('grad/total', step, norm);
  recording.scalar('grad/total_clipped', step, clip === null ? norm : Math.min(norm, clip));
  if (clip !== null) recording.scalar('grad/clip_threshold', step, clip);
  recording.scalar('speed/steps_per_s', step, 26 + bump(step, 3));
  if (step % epoch === 0) {
    recording.scalar('loss/eval', step, isBroken ? NaN : 1.22 + 3.1 * Math.exp(-step / 260));
    recording.scalar('epoch', step, step / epoch);
  }
}

function parameterStep(recording: Recording, name: string, i: number, step: number, norm: number): void {
  const share = 0.05 + 0.6 * noise(i, 11);
  const isDead = name.includes('dead');
  const weight = 2 + 9 * noise(i, 12) + step / 900;
  recording.scalar(`grad/${name}`, step, isDead ? 0 : norm * share * Math.exp(0.5 * bump(step, 20 + i)));
  recording.scalar(`weight/${name}`, step, weight);
  recording.scalar(
    `update/${name}`,
    step,
    isDead ? 0 : weight * 2e-3 * Math.exp(-step / 700 + 0.4 * bump(step, 50 + i)),
  );
}

function throughTime(
  recording: Recording,
  { layers, window, decay, brokenFrom, epoch }: Shape,
  step: number,
): void {
  // The last window of an epoch is shorter.
  const length = step % epoch === 0 ? Math.max(1, Math.floor(window * 0.6)) : window;
  for (const { module, layer, isReverse = false, states } of layers) {
    for (const state of states) {
      const base = (state === 'h' ? 0.02 : 0.008) * (1 + layer) * Math.exp(0.5 * bump(step, 90 + layer));
      const rate = decay(step) ** (state === 'h' ? 1 : 0.85);
      const norms = Array.from({ length }, (_, t) => {
        const back = isReverse ? t : length - 1 - t;
        // The direct term of each time step's own loss comes on top of what flows back.
        const direct = 0.6 + 0.4 * noise(step * 64 + t, layer);
        return base * direct * rate ** back;
      });
      if (step >= brokenFrom) norms.fill(NaN, 0, Math.ceil(length / 3));
      recording.vector(`bptt/${module}/l${layer}${isReverse ? '_reverse' : ''}/${state}`, step, norms);
    }
  }
}
