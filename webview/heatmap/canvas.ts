// A canvas as large as its element, in the screen's own pixels.

export interface Surface {
  ctx: CanvasRenderingContext2D;
  /** CSS pixels. */
  width: number;
  height: number;
  ratio: number;
}

/** Clears the canvas and makes it fit; null where it has no size to be drawn at. Units are CSS pixels. */
export function fit(canvas: HTMLCanvasElement, width: number, height: number): Surface | null {
  const ratio = devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (w < 1 || h < 1) return null;
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, w, h);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { ctx, width, height, ratio };
}

/** Pixels that are drawn again and again: their memory is used again while their size stays. */
export class Pixels {
  #image = new ImageData(1, 1);

  /** As many pixels of the screen's own as fit, all of them clear. */
  fit(width: number, height: number, ratio: number): ImageData {
    const [w, h] = [width, height].map((size) => Math.max(1, Math.round(size * ratio))) as [number, number];
    if (this.#image.width !== w || this.#image.height !== h) this.#image = new ImageData(w, h);
    else this.#image.data.fill(0);
    return this.#image;
  }
}

/** The word of a hatched pixel at (x, y): stripes of `stripe` in `ground`. */
export function hatchWord(x: number, y: number, stripe: number, ground: number): number {
  return (x + y) % 6 < 3 ? stripe : ground;
}

const words = new Map<string, number>();

/** "#rgb", "#rrggbb" or "rgb(…)" as a canvas' pixel word (ABGR). */
export function wordOf(css: string): number {
  let word = words.get(css);
  if (word === undefined) words.set(css, (word = readWord(css)));
  return word;
}

/** Only the browser knows every way to write a colour: it draws one pixel, which takes it a while. */
function readWord(css: string): number {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const ctx = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  ctx.fillStyle = css;
  ctx.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = ctx.getImageData(0, 0, 1, 1).data as unknown as [number, number, number, number];
  return ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
