// The least and the greatest finite value of blocks of a growing column, so that a range of any length is
// summed up by looking at some hundred numbers.

const blockBits = 6;
const block = 1 << blockBits;
const levels = 2;

/** Least and greatest finite value; `min > max` where there is none. */
export interface Extent {
  min: number;
  max: number;
}

interface Level {
  min: Float32Array;
  max: Float32Array;
}

export class Pyramid {
  readonly #levels: Level[] = Array.from({ length: levels }, () => ({
    min: new Float32Array(0),
    max: new Float32Array(0),
  }));
  #count = 0;

  /** Takes in the values up to `count`: those from the last count on are new, those before are unchanged. */
  grow(values: Float32Array, count: number): void {
    for (const [depth, level] of this.#levels.entries()) {
      const bits = blockBits * (depth + 1);
      const blocks = Math.ceil(count / 2 ** bits);
      if (blocks > level.min.length) {
        level.min = enlarged(level.min, blocks);
        level.max = enlarged(level.max, blocks);
      }
      for (let b = this.#count >> bits; b < blocks; b++) {
        const from = b << bits;
        const to = Math.min(count, from + (1 << bits));
        const { min, max } = this.#scan(values, depth, from, to);
        level.min[b] = min;
        level.max[b] = max;
      }
    }
    this.#count = count;
  }

  /** Of the values from `from` up to but not including `to`. */
  extent(values: Float32Array, from: number, to: number): Extent {
    return this.#scan(values, levels, from, to);
  }

  /** Looks at whole blocks of the levels below `depth` where the range holds them. */
  #scan(values: Float32Array, depth: number, from: number, to: number): Extent {
    let min = Infinity;
    let max = -Infinity;
    let i = from;
    while (i < to) {
      let size = 1;
      let level = depth;
      for (; level > 0; level--) {
        size = 1 << (blockBits * level);
        if ((i & (size - 1)) === 0 && i + size <= to) break;
      }
      if (level === 0) {
        // Value by value up to the next block.
        const end = Math.min(to, (i | (block - 1)) + 1);
        for (; i < end; i++) {
          const value = values[i] as number;
          if (value < min && value !== -Infinity) min = value;
          if (value > max && value !== Infinity) max = value;
        }
        continue;
      }
      const stored = this.#levels[level - 1] as Level;
      const b = i >> (blockBits * level);
      min = Math.min(min, stored.min[b] as number);
      max = Math.max(max, stored.max[b] as number);
      i += size;
    }
    return { min, max };
  }
}

function enlarged(array: Float32Array, length: number): Float32Array {
  const larger = new Float32Array(Math.max(length, array.length * 2, 16));
  larger.set(array);
  return larger;
}
