// Bytes that grow at their end and go to a file in one piece. The memory stays: what is written ten times a second for
// days leaves nothing to collect.
import { writeSync } from 'node:fs';

export class GrowingBytes {
  /** The first `length` of these count; another buffer after `extend`, so not to be kept. */
  buffer: Buffer = Buffer.alloc(256);
  length = 0;

  /** Room for so many bytes more, whatever is in them; returns where it begins. */
  extend(bytes: number): number {
    const at = this.length;
    this.length += bytes;
    if (this.length > this.buffer.length) {
      const grown = Buffer.alloc(Math.max(2 * this.buffer.length, this.length));
      this.buffer.copy(grown, 0, 0, at);
      this.buffer = grown;
    }
    return at;
  }

  /** Text in UTF-8, which takes so many bytes. */
  text(text: string, bytes = Buffer.byteLength(text)): void {
    const at = this.extend(bytes);
    this.buffer.write(text, at, bytes, 'utf8');
  }

  /** Appends all to an open file and forgets it. @throws where the disk is full or gone */
  flushTo(fd: number): void {
    try {
      for (let at = 0; at < this.length;) at += writeSync(fd, this.buffer, at, this.length - at);
    } finally {
      this.length = 0;
    }
  }
}
