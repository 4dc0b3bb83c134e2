import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import type { TensorStatistics } from '../../../protocol/inspect.ts';
import {
  colourOf,
  type Drawn,
  drawPicture,
  scaleOf,
  themes,
  tiles,
} from '../../../extension/look/picture.ts';
import { encodePng } from '../../../extension/look/png.ts';
import { shades, signedColour } from '../../../protocol/signed-colours.ts';

const statistics: TensorStatistics = {
  count: 4,
  nan: 0,
  infinite: 0,
  zeros: 0,
  mean: 0,
  deviation: 1,
  low: -2,
  high: 2,
  norm: 3,
  robustLow: -2,
  robustHigh: 1,
};

function drawn(rows: number, columns: number, value: (i: number) => number, bad: number[] = []): Drawn {
  const n = rows * columns;
  const floats = new Uint8Array(Float32Array.from({ length: n }, (_, i) => value(i)).buffer);
  const nonFinite = Uint32Array.from({ length: n }, (_, i) => (bad.includes(i) ? 1 : 0));
  return {
    picture: {
      ...{ rows, columns, low: floats, high: floats, mean: floats },
      nonFinite: new Uint8Array(nonFinite.buffer),
    },
    histogram: {
      ...{ low: -2, high: 2, below: 0, above: 0 },
      counts: new Uint8Array(Float64Array.of(0, 1, 1000).buffer),
    },
    statistics,
    norms: [1, 2, NaN, 3],
  };
}

const svgOf = (address: string) => Buffer.from(address.split(',')[1] ?? '', 'base64').toString();

/** The heatmap's pixels. */
function pixelsOf(svg: string, columns: number): number[][] {
  const png = Buffer.from(/image\/png;base64,([^"]+)/.exec(svg)?.[1] ?? '', 'base64');
  const start = png.indexOf('IDAT') + 4;
  const rows = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
  const pixels: number[][] = [];
  for (let at = 0; at < rows.length; at += 3) {
    if (at % (1 + 3 * columns) === 0) at++;
    pixels.push([...rows.subarray(at, at + 3)]);
  }
  return pixels;
}

test('a picture file that others can read', () => {
  const png = encodePng(1, 2, Uint8Array.of(1, 2, 3, 4, 5, 6));
  assert.equal(png.subarray(1, 4).toString(), 'PNG');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1, 2]);
  const start = png.indexOf('IDAT') + 4;
  assert.deepEqual([...inflateSync(png.subarray(start))], [0, 1, 2, 3, 0, 4, 5, 6]);
});

test('colours are centred at zero, cut at the scale, and magenta where nothing is finite', () => {
  const { light } = themes;
  const [neutral, negative, positive] = [0, -shades, shades].map((shade) => signedColour(shade, 'light'));
  assert.deepEqual(colourOf(0, 2, light), neutral);
  assert.deepEqual(colourOf(-9, 2, light), negative);
  assert.deepEqual(colourOf(2, 2, light), positive);
  assert.deepEqual(colourOf(0, 0, light), neutral);
  const svg = svgOf(
    drawPicture(
      drawn(2, 2, (i) => [0, -2, NaN, 2][i] ?? 0, [3]),
      light,
    ),
  );
  assert.deepEqual(pixelsOf(svg, 2), [neutral, negative, [214, 63, 181], [214, 63, 181]]);
  assert.match(svg, />±2</);
});

test('everything at once stays under 40 kB, and nothing at all is drawn as nothing', () => {
  for (const theme of Object.values(themes)) {
    const full = drawPicture(
      drawn(tiles.rows, tiles.columns, () => Math.random() - 0.5),
      theme,
    );
    assert.ok(full.length < 40_000, String(full.length));
  }
  const nothing = { picture: null, histogram: null, statistics, norms: [] };
  assert.match(svgOf(drawPicture(nothing, themes.light)), /^<svg [^>]*><\/svg>$/);
});

test('of a tensor that is nearly all zero, the rest sets the scale', () => {
  const sparse = { ...statistics, robustLow: 0, robustHigh: 0, low: -3, high: 1 };
  assert.equal(scaleOf(sparse), 3);
});

test('zero has the ground of a high contrast theme', () => {
  assert.deepEqual(colourOf(0, 1, themes.highContrast), [0, 0, 0]);
  assert.deepEqual(colourOf(0, 1, themes.highContrastLight), [255, 255, 255]);
});
