// The colours of signed values: blue below zero, red above, and between them a neutral close to the editor's ground.
// A tensor has the same ones wherever it is drawn.

export type Rgb = readonly [red: number, green: number, blue: number];
/** The editor's kinds of theme. */
export type Ground = 'light' | 'dark' | 'highContrast' | 'highContrastLight';

/** Outwards from zero. */
interface Stops {
  neutral: Rgb;
  below: readonly Rgb[];
  above: readonly Rgb[];
}

const light: Stops = {
  neutral: [238, 238, 236],
  below: [
    [146, 182, 219],
    [67, 122, 184],
    [18, 62, 122],
  ],
  above: [
    [231, 168, 148],
    [203, 92, 74],
    [124, 18, 36],
  ],
};
const dark: Stops = {
  neutral: [46, 46, 48],
  below: [
    [38, 79, 126],
    [66, 138, 205],
    [170, 216, 255],
  ],
  above: [
    [122, 45, 42],
    [214, 98, 77],
    [255, 208, 184],
  ],
};
const grounds: Record<Ground, Stops> = {
  light,
  dark,
  highContrast: { ...dark, neutral: [0, 0, 0] },
  highContrastLight: { ...light, neutral: [255, 255, 255] },
};

/** Colours on each side of the neutral one. */
export const shades = 127;

/** @param shade from -shades to shades, a whole number */
export function signedColour(shade: number, ground: Ground): Rgb {
  const { neutral, below, above } = grounds[ground];
  const stops = [neutral, ...(shade < 0 ? below : above)];
  const place = (Math.abs(shade) / shades) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[low], stops[low + 1]] as [Rgb, Rgb];
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(from[channel] + (to[channel] - from[channel]) * (place - low));
  return [mix(0), mix(1), mix(2)];
}

/** The shade of a finite value, where those of magnitude `limit` and more have the last one. */
export function shadeOf(value: number, limit: number): number {
  return Math.round(Math.max(-1, Math.min(1, value / limit)) * shades);
}
