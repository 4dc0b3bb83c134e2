// What has been measured as tables of Markdown, and the file that keeps them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { verdict } from './statistics.mjs';

/** Three digits, in full where there are more before the point. */
export const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const megabytes = (bytes) => (bytes === undefined ? '' : (bytes / 1e6).toFixed(0));

const aligned = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [
  aligned(head.map(([title]) => title)),
  aligned(head.map(([, isNumber]) => (isNumber ? '--:' : ':--'))),
  ...rows.map(aligned),
];

/** A ratio with its interval, or that there is none to be trusted. */
export function ratioText({ ratio, spread, isResolved }) {
  if (ratio === undefined) return '';
  const around = spread ? ` [${spread.map((x) => x.toFixed(2)).join(', ')}]` : '';
  return isResolved ? `${ratio.toFixed(2)}${around}` : `unresolved${around}`;
}

/** The ratio there would be with all of our multiply-adds at the processor's peak. */
function boundText({ ours, theirs, gflops, peak, peer }) {
  const isBound = theirs !== undefined && /^(PyTorch|oneDNN)/.test(peer) && gflops > peak / 10;
  return isBound ? ((theirs / ours) * (peak / gflops)).toFixed(2) : '';
}

/** One object a case, as `--json` prints it. */
export function jsonOf(found) {
  const { name, ours, peer, theirs, ratio, spread, isResolved, gflops, peak, slope, points } = found;
  return {
    case: name,
    ours_ms: ours,
    peer: peer ?? null,
    peer_ms: theirs ?? null,
    ratio: ratio === undefined ? null : isResolved ? ratio : 'unresolved',
    gflops: gflops ?? null,
    peak_gflops: peak ?? null,
    fraction_of_peak: peak === undefined ? null : gflops / peak,
    spread: spread ?? null,
    ...(found.bytes && { ours_bytes: found.bytes[0], peer_bytes: found.bytes[1] ?? null }),
    ...(points && { slope, points }),
  };
}

const comparisons = (found, isa) =>
  table(
    [
      ...[['case'], ['ours, ms', 1], ['peer, ms', 1], ['peer / ours [95 %]', 1], ['asked', 1], ['']],
      ...[['GFLOP/s', 1], ['of peak', 1], ['at most', 1], ['ours, MB', 1], ['peer, MB', 1], ['peer']],
    ],
    found.map((one) => {
      const asked = one.goal?.[isa];
      return [
        ...[one.name, digits(one.ours), one.theirs ? digits(one.theirs) : '', ratioText(one)],
        ...[asked ?? '', asked && one.ratio !== undefined ? verdict(one, asked) : ''],
        one.gflops ? digits(one.gflops) : '',
        one.peak ? `${(100 * (one.gflops / one.peak)).toFixed(0)} %` : '',
        boundText(one),
        ...[megabytes(one.bytes?.[0]), megabytes(one.bytes?.[1]), one.peer ?? ''],
      ];
    }),
  );

const growth = (found) =>
  table(
    [['sweep'], ['ms a step'], ['slope', 1], ['over'], ['asked'], ['']],
    found.map(({ name, points, slope, from, asked }) => {
      const isMet = slope >= asked[0] && slope <= asked[1];
      const times = points.map(([size, milliseconds]) => `${size}: ${digits(milliseconds)}`).join(', ');
      return [name, times, slope.toFixed(2), `from ${from}`, asked.join(' to '), isMet ? 'met' : 'missed'];
    }),
  );

/** A run's tables under one heading. */
export function report({ isa, title, facts, found, failures }) {
  const compared = found.filter(({ points }) => !points);
  const grown = found.filter(({ points }) => points);
  const missed = found
    .filter((one) => one.ratio !== undefined && one.goal?.[isa] && verdict(one, one.goal[isa]) !== 'met')
    .map((one) => `${one.name} ${ratioText(one)}, asked ${one.goal[isa]}`);
  return [
    `## ${title}`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    ...(compared.length > 0 ? ['', ...comparisons(compared, isa)] : []),
    ...(grown.length > 0 ? ['', ...growth(grown)] : []),
    '',
    missed.length > 0
      ? `Below what is asked, or unresolved: ${missed.join('; ')}.`
      : 'Nothing is below what is asked.',
    ...failures.map((failure) => `\nNot measured: ${failure.split('\n')[0]}.`),
    '',
  ].join('\n');
}

const preface = `# Results

Written by \`npm run bench\`. Times are milliseconds a step, medians of blocks that alternate with the peer's; \`call\` is
microseconds a call, \`start-up\` from the start of the process until the first step is made. A ratio is the median over
the pairs of blocks, with its 95 % interval; it is unresolved where that is wider than a tenth of it. No ratio
can be over \`at most\`: there all multiply-adds of ours would run at the processor's measured peak, and nothing else would
take time.
`;

/** Puts a run's section into the file in place of the one before of the same title. */
export function keep(file, title, section) {
  const sections = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const others = sections.filter((one) => !one.startsWith(`## ${title}\n`));
  const all = [...others, section].map((one) => one.trim()).toSorted();
  writeFileSync(file, [preface.trim(), ...all].join('\n\n') + '\n');
}
