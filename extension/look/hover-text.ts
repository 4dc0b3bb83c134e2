// A hover's Markdown: a few lines and one picture, under VS Code's bounds (250 pixels, 100,000 characters). What comes from
// outside is escaped.
import * as l10n from '@vscode/l10n';
import type { ModuleInfo, TensorAnswer, TensorKind, TensorReading } from '../../protocol/inspect.ts';
import { count } from '../../runtime/cli/format.ts';
import { escaped, readingIn, shapeOf, shortened } from './describe.ts';
import type { KnownRun } from './looker.ts';
import { drawPicture, pictureSize, type Theme } from './picture.ts';

/** Characters of names in the line of links, which is to stay one line. */
const linkRoom = 34;

/** One tensor to look at. */
export interface Subject {
  kind: TensorKind;
  name: string;
  shape: readonly number[];
  dtype: string;
}

/** Everything that a hover tells. */
export interface Looked extends KnownRun {
  subject: Subject;
  /** What the place stands for, where that is a module and the tensor one of its own. */
  module: ModuleInfo | null;
  value: TensorAnswer;
  /** Null: it has none to have. */
  gradient: TensorAnswer | null;
  /** The tensor's norm at some steps of the run, evenly spaced. */
  norms: readonly number[];
  others: readonly Subject[];
}

export function hoverText(looked: Looked, theme: Theme): string {
  const { value, gradient, norms, subject } = looked;
  const lines = [title(looked), origin(looked)];
  if (value.reading) {
    lines.push(readingIn(value.reading));
    if (gradient?.reading) lines.push(`${l10n.t('gradient:')} ${readingIn(gradient.reading)}`);
    if (value.reading.problem === null && value.reading.statistics.count > 0)
      lines.push(picture(value.reading, norms, subject, theme));
  } else {
    lines.push(l10n.t('Its values come with the next step.'));
  }
  lines.push(links(looked));
  return lines.join('  \n');
}

/** "**encoder.rnn** LSTM · weight_hh_l0 [2048, 512] float32 on cpu" */
function title({ run, module, subject, value }: Looked): string {
  const { shape, dtype } = value.reading ?? subject;
  const looks = escaped(`${shapeOf({ shape })} ${dtype}`);
  const where = escaped(l10n.t('on {0}', run.device));
  if (!module) return `**${escaped(shortened(subject.name))}** ${looks} ${where}`;
  const own = module.path === '' ? subject.name : subject.name.slice(module.path.length + 1);
  const path = module.path === '' ? '' : `**${escaped(shortened(module.path))}** `;
  const name = escaped(shortened(module.className));
  const className = module.path === '' ? `**${name}**` : name;
  return `${path}${className} · ${escaped(shortened(own))} ${looks} ${where}`;
}

/** "step 1,204 of main · 03:26:12", and whether that is old or the file is new. */
function origin({ run, isStale, value: { state, reading } }: Looked): string {
  const name = escaped(shortened(run.name));
  const parts = [reading ? `${l10n.t('step {0} of', count(reading.step))} ${name}` : name];
  if (state === 'older') parts.push(l10n.t('the last that was read'));
  if (isStale) parts.push(l10n.t('this file has changed since the run'));
  return parts.join(' · ');
}

function picture(
  { picture: tiles, histogram, statistics }: TensorReading,
  norms: readonly number[],
  { name }: Subject,
  theme: Theme,
): string {
  const address = drawPicture({ picture: tiles, histogram, statistics, norms }, theme);
  const { width, height } = pictureSize;
  const says = escaped(l10n.t('Values, histogram and norm of {0}', shortened(name)));
  return `![${says}](${address}|width=${width},height=${height})`;
}

/** Into the panel: the tensor, the run, other tensors as far as there is room. */
function links({ run: { id: run }, subject, module, others }: Looked): string {
  const toTensor = (label: string, { kind, name }: Subject) =>
    link(label, 'openTensor', { run, kind, tensor: name });
  const shown = [link(l10n.t('Open run'), 'openRun', { run })];
  if (subject.kind !== 'variable') shown.unshift(toTensor(l10n.t('Open tensor'), subject));
  let room = linkRoom;
  let named = 0;
  for (const other of others) {
    const isSibling = module !== null && module.path !== '' && other.name.startsWith(`${module.path}.`);
    const label = shortened(isSibling ? other.name.slice(module.path.length + 1) : other.name, 24);
    if ((room -= label.length + 3) < 0) break;
    shown.push(toTensor(label, other));
    named++;
  }
  if (named < others.length) shown.push(l10n.t('{0} more', count(others.length - named)));
  return shown.join(' · ');
}

function link(label: string, command: string, target: object): string {
  // Encoded, brackets and all: a name must not end the address.
  const query = encodeURIComponent(JSON.stringify([target])).replace(
    /[()'!*]/g,
    (c) => `%${c.charCodeAt(0).toString(16)}`,
  );
  return `[${escaped(label)}](command:unroll.${command}?${query})`;
}
