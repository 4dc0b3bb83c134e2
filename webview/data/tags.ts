// What a series' tag says. Names may hold anything, slashes too, so tags are read from both ends.

/** One recurrent layer's gradient through time. */
export interface ThroughTimeTag {
  tag: string;
  module: string;
  layer: number;
  isReverse: boolean;
  /** Hidden state, or an LSTM's cell state. */
  state: 'h' | 'c';
}

/** "bptt/<module>/l<layer>/h", "bptt/<module>/l<layer>_reverse/c"; null for any other tag. */
export function parseThroughTime(tag: string): ThroughTimeTag | null {
  const match = /^bptt\/(.*)\/l(\d+)(_reverse)?\/([hc])$/s.exec(tag);
  if (!match) return null;
  const [, module, layer, reverse, state] = match as unknown as [string, string, string, string?, string?];
  return { tag, module, layer: Number(layer), isReverse: reverse !== undefined, state: state as 'h' | 'c' };
}

/** The parameters, in the order of the model. */
export function parameterNames(tags: Iterable<string>): string[] {
  const names: string[] = [];
  for (const tag of tags) if (tag.startsWith('weight/')) names.push(tag.slice('weight/'.length));
  return names;
}
