// A tensor in one small picture: its values as a heatmap, their histogram, its norm over the run. 320 by 90, an SVG.
import { floatsOf } from '../../protocol/floats.ts';
import type { TensorHistogram, TensorPicture, TensorStatistics } from '../../protocol/inspect.ts';
import { type Ground, type Rgb, shadeOf, signedColour } from '../../protocol/signed-colours.ts';
import { number } from '../../runtime/cli/format.ts';
import { encodePng } from './png.ts';

export const pictureSize = { width: 320, height: 90 };
/** Tiles of the heatmap, at most. */
export const tiles = { rows: 39, columns: 64 };
export const bins = 42;

/** What the picture takes from the editor's theme. */
export interface Theme {
  text: string;
  faint: string;
  line: string;
  /** Of the heatmap's colours. */
  ground: Ground;
}

const magenta: Rgb = [214, 63, 181];
const light: Theme = {
  text: '#3b3b3b',
  faint: '#8b8b8b',
  line: '#1a85ff',
  ground: 'light',
};
const dark: Theme = {
  text: '#cccccc',
  faint: '#8b8b8b',
  line: '#3794ff',
  ground: 'dark',
};
export const themes = {
  light,
  dark,
  highContrast: { ...dark, text: '#ffffff', faint: '#ffffff', ground: 'highContrast' },
  highContrastLight: { ...light, text: '#000000', faint: '#000000', ground: 'highContrastLight' },
} satisfies Record<string, Theme>;

export interface Drawn {
  picture: TensorPicture | null;
  histogram: TensorHistogram | null;
  statistics: TensorStatistics;
  /** The tensor's norm at some steps of the run, evenly spaced. */
  norms: readonly number[];
}

/** The picture as an address that Markdown can show. */
export function drawPicture({ picture, histogram, statistics, norms }: Drawn, theme: Theme): string {
  const { width, height } = pictureSize;
  const parts = [
    picture && picture.rows * picture.columns > 0 ? heatmap(picture, statistics, theme) : '',
    histogram ? histogramBars(histogram, theme) : '',
    sparkline(norms, theme),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="9">${parts.join('')}</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** The largest magnitude that the colours tell apart. */
export function scaleOf({ robustLow, robustHigh, low, high }: TensorStatistics): number {
  // Where nearly all is zero, the rest is what there is to see.
  return Math.max(Math.abs(robustLow), Math.abs(robustHigh)) || Math.max(Math.abs(low), Math.abs(high));
}

function heatmap(picture: TensorPicture, statistics: TensorStatistics, theme: Theme): string {
  const { rows, columns } = picture;
  const scale = scaleOf(statistics);
  const [low, high] = [floatsOf(picture.low), floatsOf(picture.high)];
  const nonFinite = new Uint32Array(picture.nonFinite.slice().buffer);
  const pixels = new Uint8Array(3 * rows * columns);
  for (let i = 0; i < rows * columns; i++) {
    const [a, b] = [low[i] ?? NaN, high[i] ?? NaN];
    const extreme = Math.abs(a) > Math.abs(b) ? a : b;
    const isBad = Number.isNaN(extreme) || (nonFinite[i] ?? 0) > 0;
    pixels.set(isBad ? magenta : colourOf(extreme, scale, theme), 3 * i);
  }
  // As wide as it may be, as high as its shape asks for.
  const box = { width: 128, height: 76 };
  const factor = Math.min(box.width / columns, box.height / rows);
  const [width, height] = [columns, rows].map((n) => Math.max(3, n * factor)) as [number, number];
  const png = encodePng(columns, rows, pixels).toString('base64');
  const image = `<image href="data:image/png;base64,${png}" width="${width}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated"/>`;
  return image + label(0, 88, 'start', `±${number(scale)}`, theme.faint);
}

export function colourOf(value: number, scale: number, { ground }: Theme): Rgb {
  return signedColour(scale > 0 ? shadeOf(value, scale) : 0, ground);
}

/** Counts on a log scale, so that one element is seen beside a million. */
function histogramBars({ counts, low, high }: TensorHistogram, theme: Theme): string {
  const values = new Float64Array(counts.slice().buffer);
  const most = Math.log1p(Math.max(...values));
  const [x, width, base] = [140, 84, 76];
  const step = width / values.length;
  const bars = Array.from(values, (n, i) => {
    const height = most > 0 ? (70 * Math.log1p(n)) / most : 0;
    return height > 0 ? `M${short(x + (i + 0.5) * step)} ${base}v${short(-height)}` : '';
  });
  return [
    `<path d="${bars.join('')}" stroke="${theme.line}" stroke-width="${short(step * 0.9)}"/>`,
    `<path d="M${x} ${base}h${width}" stroke="${theme.faint}" stroke-width="0.5"/>`,
    label(x, 88, 'start', number(low), theme.faint),
    label(x + width, 88, 'end', number(high), theme.faint),
  ].join('');
}

function sparkline(norms: readonly number[], theme: Theme): string {
  const [x, width, top, height] = [238, 80, 6, 68];
  const finite = norms.filter(Number.isFinite);
  if (finite.length < 2) return '';
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low || 1;
  let isDown = false;
  const path = norms.map((norm, i) => {
    const command = isDown ? 'L' : 'M';
    isDown = Number.isFinite(norm);
    if (!isDown) return '';
    return `${command}${short(x + (width * i) / (norms.length - 1))} ${short(top + height * (1 - (norm - low) / span))}`;
  });
  return [
    `<path d="${path.join('')}" fill="none" stroke="${theme.line}" stroke-width="1.5" stroke-linejoin="round"/>`,
    label(x + width, 88, 'end', `norm ${number(finite.at(-1) ?? NaN)}`, theme.faint),
  ].join('');
}

function label(x: number, y: number, anchor: 'start' | 'end', text: string, fill: string): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${text}</text>`;
}

function short(n: number): string {
  return String(Math.round(n * 100) / 100);
}
