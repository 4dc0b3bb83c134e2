// What `unroll run --json` prints of a measurement: one line, one object.
import type { Measurement } from '../../protocol/engine.ts';

/** Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity". */
export function jsonLine({ kind, step, wallTime, scalars, vectors, text }: Measurement): string {
  const line = {
    kind,
    step,
    time: wallTime,
    ...scalars,
    ...vectors,
    ...(text === undefined ? {} : { text }),
  };
  return `${JSON.stringify(line, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  )}\n`;
}
