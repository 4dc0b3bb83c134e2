// What the run has found out about the gradient through time, as text.
import { number, table } from './format.ts';

const prefix = 'verdict/';
const words = new Map([
  [-1, 'vanishing'],
  [0, 'healthy'],
  [1, 'exploding'],
]);

export const isVerdict = (tag: string): boolean => tag.startsWith(prefix);

/** A table of the recurrent layers and a line on clipping, from the last values by tag; '' where there are none. */
export function verdicts(last: ReadonlyMap<string, number>): string {
  const value = (tag: string) => last.get(prefix + tag);
  const layers = [...last.keys()]
    .filter((tag) => isVerdict(tag) && tag.endsWith('/reach'))
    .map((tag) => tag.slice(prefix.length, -'/reach'.length));
  const rows = layers.map((layer) => {
    const module = layer.slice(0, layer.lastIndexOf('/'));
    const verdict = value(layer);
    return [
      layer,
      verdict === undefined ? 'too few windows' : (words.get(verdict) ?? number(verdict)),
      ...[value(`${layer}/reach`), value(`${layer}/growth`), value(`${module}/window`)].map((n) =>
        number(n ?? NaN),
      ),
      percent(value(`${module}/carried`) ?? 0),
    ];
  });
  const lines: string[] = [];
  if (rows.length > 0) {
    const head = ['layer', 'verdict', 'reach', 'growth', 'window', 'state carried'];
    lines.push('The gradient through time, over the last 100 windows', table([head, ...rows]));
  }
  const clipped = value('clipped');
  if (clipped !== undefined) lines.push(`Clipping acted in ${percent(clipped)} of the last 100 steps.`);
  return lines.join('\n');
}

function percent(share: number): string {
  return `${number(Math.round(share * 100))} %`;
}
