// A tensor in words and numbers, as a hover shows it. Names come from outside and are text, whatever they hold.
import * as l10n from '@vscode/l10n';
import type { TensorReading, TensorStatistics } from '../../protocol/inspect.ts';
import { count, number } from '../../runtime/cli/format.ts';
import { visible } from '../plain.ts';

/** "[1024, 256]" */
export function shapeOf({ shape }: { shape: readonly number[] }): string {
  return `[${shape.join(', ')}]`;
}

/** Six numbers: "norm 12.3, mean 0.01, std 0.2, min -0.9, max 0.8, zeros 3"; those that are not finite, too. */
export function numbersOf(statistics: TensorStatistics): string {
  const { norm, mean, deviation, low, high, zeros, nan, infinite } = statistics;
  if (statistics.count === 0) return l10n.t('no elements');
  const bad = nan + infinite;
  if (bad === statistics.count) return l10n.t('none of its {0} elements is finite', count(bad));
  const parts = [
    l10n.t('norm {0}', short(norm)),
    l10n.t('mean {0}', short(mean)),
    l10n.t('std {0}', short(deviation)),
    l10n.t('min {0}', short(low)),
    l10n.t('max {0}', short(high)),
    l10n.t('zeros {0}', zeros === statistics.count ? l10n.t('all') : count(zeros)),
  ];
  if (bad > 0) parts.push(l10n.t('{0} not finite', count(bad)));
  return parts.join(', ');
}

/** To three digits: six of them are to fit in a line. */
function short(value: number): string {
  return number(Number(value.toPrecision(3)));
}

/** What is said of a reading: its numbers, why there are none, or that there is no such tensor. */
export function readingIn(reading: TensorReading): string {
  if (!reading.found) return l10n.t('none');
  return reading.problem === null ? numbersOf(reading.statistics) : escaped(reading.problem);
}

/** Text for Markdown: nothing in it means anything there. */
export function escaped(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+\-.!|<>~$&:@"'/=^]/g, '\\$&')
    .replace(/\s+/g, ' ');
}

/** As much of a name as a line has room for: its end, which tells most. */
export function shortened(name: string, room = 60): string {
  return name.length > room ? `…${name.slice(1 - room)}` : name;
}
