// Python's tracebacks, read from what a script wrote to its standard error.

export interface Frame {
  file: string;
  /** Counted from 1. */
  line: number;
  /** The part of the line that was at work, counted from 0; null where Python does not say. */
  columns: { from: number; to: number } | null;
}

export interface Traceback {
  /** Outermost first. */
  frames: Frame[];
  /** "ValueError: ..." with its further lines. */
  message: string;
}

const head = 'Traceback (most recent call last):';
const framePattern = /^ {2}File "(.+)", line (\d+)(?:, in .*)?$/;
/** Characters of a message that are kept. */
const maxMessage = 2000;

/** The last traceback in a text, the one that ended the script; null where there is none. */
export function lastTraceback(text: string): Traceback | null {
  const lines = text.replaceAll('\r', '').split('\n');
  const start = lines.lastIndexOf(head);
  const frames: Frame[] = [];
  // A syntax error in the script itself has frames and no head.
  let at = start >= 0 ? start + 1 : lines.findLastIndex((line) => framePattern.test(line));
  if (at < 0) return null;
  while (at < lines.length) {
    const [, file, line] = framePattern.exec(lines[at] ?? '') ?? [];
    if (file === undefined) break;
    at++;
    const shown: string[] = [];
    while (/^ {4}/.test(lines[at] ?? '')) shown.push(lines[at++] ?? '');
    frames.push({ file, line: Number(line), columns: columnsOf(shown) });
    // "[Previous line repeated 993 more times]"
    while (/^ {2}\[/.test(lines[at] ?? '')) at++;
  }
  const message = messageAt(lines, at);
  return frames.length === 0 || message === '' ? null : { frames, message };
}

/** The lines from the exception's name on, up to a blank one or what else was printed. */
function messageAt(lines: string[], at: number): string {
  const first = lines[at] ?? '';
  if (!/^[\w.]+(:|$)/.test(first)) return '';
  const rest: string[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === '' || line.startsWith('unroll: ')) break;
    rest.push(line);
  }
  return [first, ...rest].join('\n').slice(0, maxMessage);
}

/** From the marks under a source line, both indented alike: which part of it was at work. */
function columnsOf([source, marks]: string[]): Frame['columns'] {
  if (source === undefined || marks === undefined || !/^\s*[~^]+\s*$/.test(marks)) return null;
  const indent = 4;
  // The source line is shown without its own indentation, which the caller adds again.
  return { from: marks.search(/[~^]/) - indent, to: marks.trimEnd().length - indent };
}
