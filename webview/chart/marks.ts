// What lies over the curves: things that happened, thresholds, and where values are not finite.
import type uPlot from 'uplot';
import { lowerBound } from '../data/search.ts';
import { hatch } from '../ui/hatch.ts';
import { fontOf, theme } from '../ui/theme.ts';
import type { Picture } from './line.ts';

/** Height in CSS pixels of the strip that says "not finite". */
const strip = 6;
/** CSS pixels: events nearer to each other than this are a crowd, of which only the heads are drawn. */
const crowd = 8;

export function drawMarks(u: uPlot, picture: Picture): void {
  const { ctx } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
  ctx.clip();
  drawLevels(u, picture);
  drawEvents(u, picture);
  drawNonFinite(u, picture);
  ctx.restore();
}

function drawLevels(u: uPlot, { levels, isLog }: Picture): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  for (const { value, text } of levels) {
    if (isLog && value <= 0) continue;
    const y = Math.round(u.valToPos(value, 'y', true)) + 0.5;
    ctx.strokeStyle = theme().foreground;
    ctx.lineWidth = ratio;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    line(ctx, bbox.left, y, bbox.left + bbox.width, y);
    ctx.setLineDash([]);
    ctx.fillStyle = theme().foreground;
    ctx.font = fontOf(11 * ratio);
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    const isNearTop = y - bbox.top < 18 * ratio;
    if (isNearTop) ctx.textBaseline = 'top';
    drawLabel(ctx, text, bbox.left + bbox.width - 4 * ratio, y + (isNearTop ? 3 : -3) * ratio);
  }
}

function drawEvents(u: uPlot, { marks }: Picture): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const placed = marks
    .map((mark) => ({ ...mark, at: Math.round(u.valToPos(mark.x, 'x', true)) + 0.5 }))
    .filter(({ at }) => at >= bbox.left && at <= bbox.left + bbox.width)
    // Many at one place are one.
    .filter(({ at, isAlarm }, i, all) => isAlarm || at !== all[i - 1]?.at);
  placed.forEach(({ at, isAlarm, isLabelled, text }, i) => {
    const isNear = (other: number) => Math.abs((placed[other]?.at ?? Infinity) - at) < crowd * ratio;
    ctx.strokeStyle = ctx.fillStyle = isAlarm ? theme().alarm : theme().faint;
    if (isAlarm || !(isNear(i - 1) || isNear(i + 1))) {
      ctx.lineWidth = ratio;
      ctx.setLineDash([3 * ratio, 3 * ratio]);
      line(ctx, at, bbox.top, at, bbox.top + bbox.height);
      ctx.setLineDash([]);
    }
    ctx.beginPath();
    ctx.moveTo(at - 4 * ratio, bbox.top);
    ctx.lineTo(at + 4 * ratio, bbox.top);
    ctx.lineTo(at, bbox.top + 6 * ratio);
    ctx.fill();
    if (isLabelled !== true) return;
    const isLeft = at > bbox.left + bbox.width / 2;
    ctx.font = fontOf(11 * ratio);
    ctx.textAlign = isLeft ? 'right' : 'left';
    ctx.textBaseline = 'top';
    drawLabel(ctx, text, at + (isLeft ? -8 : 8) * ratio, bbox.top);
  });
}

function drawNonFinite(u: uPlot, { lines }: Picture): void {
  const { ctx, bbox } = u;
  const ratio = devicePixelRatio;
  const { min, max } = u.scales.x as { min: number; max: number };
  const pixels = Math.max(1, Math.round(bbox.width / ratio));
  for (const { curve } of lines) {
    const bad = curve.nonFinite;
    if (!bad || bad.length === 0) continue;
    ctx.fillStyle = hatch(ctx, theme().nonFinite, theme().background);
    const first = (x: number, from: number) =>
      lowerBound(bad, bad.length, lowerBound(curve.x, curve.count, x), from);
    let i = first(min, 0);
    for (let pixel = 0; pixel < pixels && i < bad.length; pixel++) {
      const next = first(min + ((max - min) * (pixel + 1)) / pixels, i);
      if (next > i) {
        const left = bbox.left + (pixel - 1) * ratio;
        ctx.fillRect(left, bbox.top + bbox.height - strip * ratio, 3 * ratio, strip * ratio);
      }
      i = next;
    }
  }
}

/** Text that stays readable over a curve. */
function drawLabel(ctx: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  ctx.strokeStyle = theme().background;
  ctx.lineWidth = 4 * devicePixelRatio;
  ctx.lineJoin = 'round';
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
