// Finding places in ascending numbers.

/** The first index in [0, count) whose number is at least `value`; `count` where there is none. */
export function lowerBound(ascending: ArrayLike<number>, count: number, value: number, from = 0): number {
  let low = from;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index in [0, count) whose number is nearest to `value`; -1 where there is none. */
export function nearest(ascending: ArrayLike<number>, count: number, value: number): number {
  if (count === 0) return -1;
  const right = lowerBound(ascending, count, value);
  if (right === 0) return 0;
  if (right === count) return count - 1;
  const isLeftNearer = value - (ascending[right - 1] as number) < (ascending[right] as number) - value;
  return isLeftNearer ? right - 1 : right;
}
