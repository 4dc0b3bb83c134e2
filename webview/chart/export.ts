// A chart as a picture and as a table in a file.
import { exactAscii } from '../ui/format.ts';
import { colour, fontOf, theme } from '../ui/theme.ts';
import type { Chart } from './chart.ts';
import type { Legend } from './legend.ts';

const margin = 16;
const lineHeight = 20;

/** The chart with its title, legend and x label over the editor's background. */
export async function chartPicture(
  chart: Chart,
  legend: Legend,
  title: string,
  xLabel: string,
): Promise<Uint8Array> {
  const source = chart.canvas;
  if (!source) throw new Error('the chart has not been drawn');
  const ratio = devicePixelRatio;
  const entries = legend.shown;
  const head = margin + lineHeight * (1 + entries.length);
  const canvas = document.createElement('canvas');
  canvas.width = source.width + 2 * margin * ratio;
  canvas.height = source.height + (head + lineHeight + margin) * ratio;
  const ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
  ctx.fillStyle = theme().background;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(source, margin * ratio, head * ratio);
  ctx.scale(ratio, ratio);
  ctx.textBaseline = 'middle';
  ctx.fillStyle = theme().foreground;
  ctx.font = `600 ${fontOf(13)}`;
  ctx.fillText(title, margin, margin + lineHeight / 2);
  ctx.font = fontOf(12);
  for (const [i, { label, line, value }] of entries.entries()) {
    const y = margin + lineHeight * (i + 1.5);
    ctx.strokeStyle = colour(line.role);
    ctx.globalAlpha = line.isBackdrop ? 0.45 : 1;
    ctx.lineWidth = 2;
    ctx.setLineDash(line.dash ?? []);
    ctx.beginPath();
    ctx.moveTo(margin, y);
    ctx.lineTo(margin + 16, y);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.fillText(`${label}  ${value}`, margin + 24, y);
  }
  ctx.fillStyle = theme().faint;
  ctx.textAlign = 'right';
  ctx.fillText(xLabel, canvas.width / ratio - margin - 12, canvas.height / ratio - margin);
  return pngOf(canvas);
}

export function pngOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (!blob) {
        reject(new Error('the picture could not be encoded'));
        return;
      }
      blob.arrayBuffer().then((buffer) => {
        resolve(new Uint8Array(buffer));
      }, reject);
    }, 'image/png');
  });
}

/** Rows of a CSV file (RFC 4180), encoded piece by piece: a million rows make no string of a hundred megabytes. */
export function csvOf(header: string[], rows: Iterable<(string | number)[]>): Uint8Array {
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  let lines = [header.map(csvCell).join(',')];
  const flush = () => {
    pieces.push(encoder.encode(`${lines.join('\r\n')}\r\n`));
    lines = [];
  };
  for (const row of rows) {
    lines.push(row.map((cell) => (typeof cell === 'number' ? exactAscii(cell) : csvCell(cell))).join(','));
    if (lines.length >= 10_000) flush();
  }
  if (lines.length > 0) flush();
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Quoted where it must be; what a spreadsheet would take for a formula is kept a text. */
function csvCell(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
