// What repeated timings say: the middle, how far it can be trusted, and how it grows.

/** The middle of `values`. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/**
 * The interval that holds the median of what `values` are drawn from with 95 % certainty, whatever their distribution:
 * the k-th lowest and the k-th highest of n, where fewer than k heads in n throws have a chance under 2.5 %. Null where
 * there are too few, less than six.
 *
 * @returns {[number, number] | null}
 */
export function medianInterval(values) {
  const n = values.length;
  let chance = 0.5 ** n; // of exactly k heads
  let below = 0;
  let k = 0;
  while (below + chance <= 0.025) {
    below += chance;
    chance *= (n - k) / (k + 1);
    k++;
  }
  if (k === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[k - 1], sorted[n - k]];
}

/** How wide an interval of a ratio may be, as a share of it, before the ratio counts as unresolved. */
const widest = 0.1;

/**
 * How many times as long as ours the peer's blocks took: `ours` and `theirs` are paired.
 *
 * @returns {{ ratio: number, spread: [number, number] | null, isResolved: boolean, width: number }}
 */
export function ratioOf(ours, theirs) {
  const ratios = ours.map((milliseconds, i) => theirs[i] / milliseconds);
  const ratio = median(ratios);
  const spread = medianInterval(ratios);
  const width = spread ? (spread[1] - spread[0]) / ratio : Infinity;
  return { ratio, spread, isResolved: width <= widest, width };
}

/** Whether a ratio reaches what is asked for, as far as its interval tells. */
export function verdict({ spread }, atLeast) {
  if (spread && spread[0] >= atLeast) return 'met';
  return spread && spread[1] < atLeast ? 'missed' : 'unresolved';
}

/** The power of x that y grows with: the slope of log y over log x by least squares. */
export function logSlope(xs, ys) {
  const [u, v] = [xs, ys].map((values) => values.map(Math.log));
  const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mu, mv] = [mean(u), mean(v)];
  const along = u.map((value, i) => (value - mu) * (v[i] - mv));
  return mean(along) / mean(u.map((value) => (value - mu) ** 2));
}
