// CRC-32C (Castagnoli), the checksum of event files, eight bytes at a time ("slicing by 8").

/** Eight tables of 256, one after the other. Signed: so no number on the way is too large for a small integer. */
const tables: Int32Array = makeTables();

function makeTables(): Int32Array {
  const all = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    all[byte] = crc;
  }
  for (let i = 256; i < all.length; i++) {
    const crc = all[i - 256] as number;
    all[i] = (crc >>> 8) ^ (all[crc & 255] as number);
  }
  return all;
}

/** The checksum of the bytes from `from` to `to`, an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const at = (table: number, index: number) => tables[256 * table + (index & 255)] as number;
  const byte = (index: number) => bytes[index] as number;
  let crc = -1;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    crc ^= byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24);
    crc =
      at(7, crc) ^
      at(6, crc >> 8) ^
      at(5, crc >> 16) ^
      at(4, crc >> 24) ^
      at(3, byte(i + 4)) ^
      at(2, byte(i + 5)) ^
      at(1, byte(i + 6)) ^
      at(0, byte(i + 7));
  }
  for (; i < to; i++) crc = (crc >>> 8) ^ at(0, crc ^ byte(i));
  return ~crc >>> 0;
}

/** As event files store it: rotated and offset, so that a checksum of data that holds checksums stays good. */
export function maskedCrc32c(bytes: Uint8Array, from?: number, to?: number): number {
  const crc = crc32c(bytes, from, to);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
