// CRC-32C (Castagnoli), the checksum of event files, eight bytes at a time ("slicing by 8").

const tables: Uint32Array[] = makeTables();

function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
  const all = [first];
  for (let k = 1; k < 8; k++) {
    const previous = all[k - 1] as Uint32Array;
    all.push(previous.map((crc) => (crc >>> 8) ^ (first[crc & 255] as number)));
  }
  return all;
}

/** The checksum of `bytes`, an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const at = (table: Uint32Array, index: number) => table[index & 255] as number;
  let crc = 0xffffffff;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    const byte = (k: number) => bytes[i + k] as number;
    crc ^= byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24);
    crc =
      at(t7, crc) ^
      at(t6, crc >>> 8) ^
      at(t5, crc >>> 16) ^
      at(t4, crc >>> 24) ^
      at(t3, byte(4)) ^
      at(t2, byte(5)) ^
      at(t1, byte(6)) ^
      at(t0, byte(7));
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ at(t0, crc ^ (bytes[i] as number));
  return (crc ^ 0xffffffff) >>> 0;
}

/** As event files store it: rotated and offset, so that a checksum of data that holds checksums stays good. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
