// The pattern of what is not finite: diagonal stripes, told from any colour of a scale.

const made = new Map<string, CanvasPattern>();
const size = 6;

export function hatch(ctx: CanvasRenderingContext2D, stroke: string, background: string): CanvasPattern {
  const key = `${stroke} ${background}`;
  const known = made.get(key);
  if (known) return known;
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const pen = tile.getContext('2d') as CanvasRenderingContext2D;
  pen.fillStyle = background;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = stroke;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const offset of [-size, 0, size]) {
    pen.moveTo(offset - 1, size + 1);
    pen.lineTo(offset + size + 1, -1);
  }
  pen.stroke();
  const pattern = ctx.createPattern(tile, 'repeat') as CanvasPattern;
  made.set(key, pattern);
  return pattern;
}
