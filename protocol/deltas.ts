// Numbers that go up evenly, such as steps and times, in few bytes: how much the way from one to the next differs from
// the way before, as integers of variable length. Exact: what would not come back as it was goes as it is.

/**
 * Fractions that are told apart: 2⁻²², as fine as a number of seconds since 1970 can be until 2038, or none. The first
 * byte is one of these exponents, or `asTheyAre`.
 */
const exponents = [0, 22];
const asTheyAre = 255;
/** Up to here an integer and its double are exact. */
const most = 2 ** 52;

export function packDeltas(numbers: Float64Array): Uint8Array {
  for (const exponent of exponents) {
    const packed = pack(numbers, exponent);
    if (packed) return packed;
  }
  const bytes = new Uint8Array(1 + 8 * numbers.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = asTheyAre;
  for (const [i, number] of numbers.entries()) view.setFloat64(1 + 8 * i, number, true);
  return bytes;
}

/** Null where it would not be exact. */
function pack(numbers: Float64Array, exponent: number): Uint8Array | null {
  const scale = 2 ** exponent;
  const bytes = new Uint8Array(9 + 8 * numbers.length);
  bytes[0] = exponent;
  const first = numbers[0] ?? 0;
  new DataView(bytes.buffer).setFloat64(1, first, true);
  let length = 9;
  let before = first * scale;
  if (!Number.isSafeInteger(before)) return null;
  let way = 0;
  for (let i = 1; i < numbers.length; i++) {
    const number = (numbers[i] as number) * scale;
    const change = number - before - way;
    if (!Number.isInteger(number) || Math.abs(change) >= most || before + (way + change) !== number)
      return null;
    way += change;
    before = number;
    // Small changes either way become small numbers, and these few bytes of seven bits.
    let rest = change < 0 ? -2 * change - 1 : 2 * change;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[length++] = 128 + (rest % 128);
    bytes[length++] = rest;
  }
  return bytes.slice(0, length);
}

/** @throws RangeError where they are not the bytes of `count` numbers */
export function unpackDeltas(bytes: Uint8Array, count: number): Float64Array {
  const numbers = new Float64Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const exponent = bytes[0] as number;
  if (bytes.length >= 1 + 8 * count && exponent === asTheyAre) {
    for (let i = 0; i < count; i++) numbers[i] = view.getFloat64(1 + 8 * i, true);
    if (bytes.length > 1 + 8 * count) throw wrong(bytes, count);
    return numbers;
  }
  if (!exponents.includes(exponent) || bytes.length < 9) throw wrong(bytes, count);
  const scale = 2 ** exponent;
  let number = view.getFloat64(1, true) * scale;
  let way = 0;
  let at = 9;
  for (let i = 0; i < count; i++) {
    if (i > 0) {
      let rest = 0;
      let byte = 128;
      for (let place = 1; byte >= 128; place *= 128) {
        if (at === bytes.length || place > most) throw wrong(bytes, count);
        byte = bytes[at++] as number;
        rest += (byte % 128) * place;
      }
      way += rest % 2 ? -(rest + 1) / 2 : rest / 2;
      number += way;
    }
    numbers[i] = number / scale;
  }
  if (at < bytes.length) throw wrong(bytes, count);
  return numbers;
}

const wrong = (bytes: Uint8Array, count: number) =>
  new RangeError(`${bytes.length} bytes are not ${count} numbers`);
