// What stands along a tensor's heatmap: indices, and where an axis has named blocks (the gates of an LSTM), those.
import { ticks } from '../chart/scale.ts';
import { fontOf, theme } from '../ui/theme.ts';
import type { Axis } from './axes.ts';
import type { HeatmapContent } from './heatmap.ts';

interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function drawAxes(
  ctx: CanvasRenderingContext2D,
  area: Area,
  content: HeatmapContent,
  end: number,
): void {
  const { rowAxis, columnAxis, view } = content;
  const { left, top, width, height } = area;
  ctx.strokeStyle = theme().line;
  ctx.lineWidth = 1;
  ctx.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  ctx.font = fontOf(11);
  ctx.fillStyle = theme().faint;
  if (columnAxis) {
    ctx.textBaseline = 'top';
    ctx.textAlign = 'center';
    for (const { label, at } of labelsOf(columnAxis, view.columns, width, 44)) {
      const most = end - ctx.measureText(label).width / 2;
      ctx.fillText(label, Math.min(left + at, most), top + height + 6);
    }
    for (const at of edgesOf(columnAxis, view.columns, width))
      edge(ctx, left + at, top, left + at, top + height);
  }
  if (!rowAxis) return;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'right';
  for (const { label, at } of labelsOf(rowAxis, view.rows, height, 24))
    ctx.fillText(label, left - 6, top + at);
  for (const at of edgesOf(rowAxis, view.rows, height)) edge(ctx, left, top + at, left + width, top + at);
}

/** Names of blocks at their middles where they are many elements long; indices (within the block) where few. */
function labelsOf(
  axis: Axis,
  [from, to]: [number, number],
  pixels: number,
  spacing: number,
): { label: string; at: number }[] {
  const place = (index: number) => ((index + 0.5 - from) / (to - from)) * pixels;
  const { blocks, size } = axis;
  if (blocks.length === 0) {
    return ticks(from, Math.max(from + 1, to - 1), pixels, spacing, true)
      .filter((index) => index < to)
      .map((index) => ({ label: String(index), at: place(index) }));
  }
  const length = size / blocks.length;
  return blocks.flatMap((name, block) => {
    const [first, end] = [Math.max(from, block * length), Math.min(to, (block + 1) * length)];
    if (first >= end) return [];
    const room = ((end - first) / (to - from)) * pixels;
    if (room < 3 * spacing) return [{ label: name, at: (place(first) + place(end - 1)) / 2 }];
    const [low, high] = [first - block * length, end - 1 - block * length];
    return (
      ticks(low, Math.max(low + 1, high), room, spacing, true)
        .filter((index) => index <= high)
        .map((index) => ({ label: `${name} ${index}`, at: place(block * length + index) }))
        // The next block's first label stands at its edge.
        .filter(({ at }, i) => i === 0 || place(end) - at > 0.7 * spacing)
    );
  });
}

/** Where one block ends and the next begins. */
function edgesOf({ blocks, size }: Axis, [from, to]: [number, number], pixels: number): number[] {
  return blocks
    .map((_, block) => (block * size) / blocks.length)
    .filter((index) => index > from && index < to)
    .map((index) => ((index - from) / (to - from)) * pixels);
}

function edge(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.strokeStyle = theme().foreground;
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  ctx.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
  ctx.stroke();
  ctx.setLineDash([]);
}
