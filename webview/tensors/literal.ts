// Elements as Python's text: a torch.tensor(...) that makes them again, bit for bit.
import { exactAscii } from '../ui/format.ts';
import { elementKind, numbersOf } from './elements.ts';

/** @param shape of what the cells are: none, one or two sizes */
export function pythonLiteral(cells: Uint8Array, dtype: string, shape: readonly number[]): string {
  const texts = elementTexts(cells, dtype);
  const [rows = 1, columns = rows] = shape.length === 1 ? [1, shape[0] as number] : shape;
  const lines = Array.from({ length: rows }, (_, row) =>
    texts.slice(row * columns, (row + 1) * columns).join(', '),
  );
  const list =
    shape.length === 0
      ? (texts[0] ?? '')
      : shape.length === 1
        ? `[${lines[0] ?? ''}]`
        : `[${lines.map((line) => `[${line}]`).join(',\n              ')}]`;
  return `torch.tensor(${list}, dtype=torch.${dtype})`;
}

function elementTexts(cells: Uint8Array, dtype: string): string[] {
  if (dtype === 'int64') return [...new BigInt64Array(cells.slice().buffer)].map(String);
  const numbers = [...numbersOf(cells, dtype)];
  if (dtype === 'bool') return numbers.map((value) => (value === 0 ? 'False' : 'True'));
  if (elementKind(dtype).isInteger) return numbers.map(String);
  // The shortest float32 also names the narrower float that it is.
  return numbers.map((value) => floatText(dtype === 'float64' ? String(value) : exactAscii(value), value));
}

function floatText(digits: string, value: number): string {
  if (Number.isNaN(value)) return "float('nan')";
  if (!Number.isFinite(value)) return value > 0 ? "float('inf')" : "-float('inf')";
  if (Object.is(value, -0)) return '-0.0';
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}
