// The colours of magnitudes: cividis, which looks the same with and without colour blindness. Ten of its colours,
// straight lines between them.

const stops = [
  [0, 34, 78],
  [18, 53, 112],
  [59, 73, 108],
  [87, 93, 109],
  [112, 113, 115],
  [138, 134, 120],
  [165, 156, 116],
  [195, 179, 105],
  [225, 204, 85],
  [254, 232, 56],
] as const;

const size = 256;

/** 256 colours from least to greatest, as a canvas' pixel words (ABGR). */
export const cividis: Uint32Array = Uint32Array.from({ length: size }, (_, i) => {
  const place = (i / (size - 1)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const [r, g, b] = [0, 1, 2].map((channel) => {
    const [from, to] = [stops[low]?.[channel] ?? 0, stops[low + 1]?.[channel] ?? 0];
    return Math.round(from + (to - from) * (place - low));
  }) as [number, number, number];
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
});

/** @param place 0 (least) to 1 (greatest) */
export function cividisCss(place: number): string {
  const word = cividis[Math.max(0, Math.min(size - 1, Math.round(place * (size - 1))))] as number;
  return `rgb(${word & 255} ${(word >> 8) & 255} ${(word >> 16) & 255})`;
}
