// Numbers that travel as bytes.

/** float32, little-endian as every machine that runs this is. */
export function floatsOf(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  // Copied: they may begin anywhere.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

export function bytesOf(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(numbers).buffer);
}
