// A line of arguments as a shell would take it apart, and back.

/** Splits at spaces outside quotes; a backslash takes the next character as it is, but not in single quotes. */
export function splitArguments(line: string): string[] {
  const found: string[] = [];
  let current: string | null = null;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i);
    if (character === '\\' && quote !== "'" && i + 1 < line.length) {
      current = (current ?? '') + line.charAt(++i);
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else current = (current ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      current ??= '';
    } else if (/\s/.test(character)) {
      if (current !== null) found.push(current);
      current = null;
    } else {
      current = (current ?? '') + character;
    }
  }
  if (current !== null) found.push(current);
  return found;
}

/** A line that `splitArguments` takes apart into the same arguments. */
export function joinArguments(args: readonly string[]): string {
  return args
    .map((arg) => (/^[\w./:=@%+,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
