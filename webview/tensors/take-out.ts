// What leaves the page: the part in sight as Python, the whole tensor as a NumPy file.
import type { TensorAnswer, TensorQuestion, TensorReading } from '../../protocol/inspect.ts';
import { count, percent } from '../ui/format.ts';
import { text } from '../ui/text.ts';
import { pythonLiteral } from './literal.ts';
import { npyOf } from './npy.ts';

type Ask = (question: TensorQuestion) => Promise<TensorAnswer>;

/** As many elements as an answer holds. */
const cellsAtOnce = 65_536;
/** As many as a page holds for a file: 128 MB of float32. */
const mostSaved = 2 ** 25;
/** An answer that is not there yet is asked for again, so often. */
const patience = { times: 40, waitMs: 100 };

/** The Python text of a part. @throws with a sentence for the person where it cannot be had */
export async function literalOf(
  ask: Ask,
  question: TensorQuestion,
): Promise<{ text: string; count: number }> {
  const { part } = question;
  const length = (stretch: [number, number] | null | undefined, size: number) =>
    stretch ? stretch[1] - stretch[0] : size;
  const reading = await answerTo(ask, { ...question, histogram: null, picture: null, cells: true });
  if (reading.problem !== null) {
    throw new Error(text.tensors.copy.tooMany(count(cellsAtOnce)), { cause: reading.problem });
  }
  const { rows, columns, cells, dtype } = reading;
  if (!cells) throw new Error(text.tensors.missing.other);
  const shape = [
    ...(part?.rowAxis === null || !part ? [] : [length(part.rows, rows)]),
    ...(part?.columnAxis === null || !part ? [] : [length(part.columns, columns)]),
  ];
  return { text: pythonLiteral(cells, dtype, shape), count: rows * columns };
}

/**
 * The whole tensor as a file, read piece by piece.
 *
 * @param shape, dtype as the tensor has them now; `onShare` is told how far it is, in words
 * @throws with a sentence for the person, also where the run went on meanwhile: pieces of two steps are no tensor
 */
export async function npyFile(
  ask: Ask,
  { kind, name }: Pick<TensorQuestion, 'kind' | 'name'>,
  { shape, dtype }: Pick<TensorReading, 'shape' | 'dtype'>,
  onShare: (words: string) => void,
): Promise<Uint8Array> {
  const all = shape.reduce((product, size) => product * size, 1);
  if (all > mostSaved) throw new Error(text.tensors.save.tooLarge(count(mostSaved)));
  const pieces: Uint8Array[] = [];
  let step: number | null = null;
  let had = 0;
  for (const part of all === 0 ? [] : piecesOf(shape)) {
    const question: TensorQuestion = { kind, name, part, histogram: null, picture: null, cells: true };
    const reading = await answerTo(ask, question);
    if (!reading.found) throw new Error(text.tensors.missing.other);
    if (reading.problem !== null) throw new Error(reading.problem);
    if (!reading.cells) throw new Error(text.tensors.missing.other);
    step ??= reading.step;
    if (step !== reading.step) throw new Error(text.tensors.save.moved);
    pieces.push(reading.cells);
    had += reading.rows * reading.columns;
    onShare(text.tensors.save.reading(percent(had / all)));
  }
  return npyOf(dtype, shape, pieces);
}

/** Stretches of the last two axes that hold the tensor's elements in order, none larger than an answer. */
export function* piecesOf(shape: readonly number[]): Generator<NonNullable<TensorQuestion['part']>> {
  const axes = shape.length;
  const columnAxis = axes > 0 ? axes - 1 : null;
  const rowAxis = axes > 1 ? axes - 2 : null;
  const columns = columnAxis === null ? 1 : (shape[columnAxis] as number);
  const rows = rowAxis === null ? 1 : (shape[rowAxis] as number);
  const outer = shape.slice(0, Math.max(0, axes - 2));
  const planes = outer.reduce((product, size) => product * size, 1);
  const rowsAtOnce = Math.max(1, Math.floor(cellsAtOnce / columns));
  const columnsAtOnce = Math.min(columns, cellsAtOnce);
  for (let plane = 0; plane < planes; plane++) {
    const at = [...indexOf(plane, outer), ...shape.slice(outer.length).map(() => 0)];
    for (let row = 0; row < rows; row += rowsAtOnce) {
      for (let column = 0; column < columns; column += columnsAtOnce) {
        yield {
          rowAxis,
          columnAxis,
          at,
          rows: rowAxis === null ? null : [row, Math.min(rows, row + rowsAtOnce)],
          columns: columnAxis === null ? null : [column, Math.min(columns, column + columnsAtOnce)],
        };
      }
    }
  }
}

/** The indices of the `plane`-th of the outer axes' places. */
function indexOf(plane: number, outer: readonly number[]): number[] {
  const indices: number[] = [];
  let rest = plane;
  for (const size of outer.toReversed()) {
    indices.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return indices;
}

/** @throws where no answer comes in time */
async function answerTo(ask: Ask, question: TensorQuestion): Promise<TensorReading> {
  for (let i = 0; i < patience.times; i++) {
    const { state, reading } = await ask(question);
    if (state === 'fresh' && reading) return reading;
    await new Promise((resolve) => setTimeout(resolve, patience.waitMs));
  }
  throw new Error(text.tensors.state.nextStep);
}
