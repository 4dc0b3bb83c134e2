// What the script has printed lately: for a host that comes later, and while none is there.
import type { OutputStream } from '../../protocol/engine.ts';

/** Kept while nobody is there to show it; the oldest goes first. */
const awayBytes = 1 << 20;
/** Kept besides, so that a host that comes sees what led to the present. */
const tailBytes = 64 << 10;

const newline = 10;

export interface OutputChunk {
  stream: OutputStream;
  bytes: Uint8Array;
}

export class OutputHistory {
  #chunks: OutputChunk[] = [];
  #bytes = 0;
  /** Bytes that nobody was there to see and that are kept no longer. */
  #lost = 0;

  /** @param isSeen whether a host is there to show it now */
  add(stream: OutputStream, bytes: Uint8Array, isSeen: boolean): void {
    this.#chunks.push({ stream, bytes });
    this.#bytes += bytes.length;
    const dropped = this.#trim(isSeen ? tailBytes : tailBytes + awayBytes);
    this.#lost = isSeen ? 0 : this.#lost + dropped;
  }

  /** What to show to a host that has just come. */
  replay(): OutputChunk[] {
    const shown = [...this.#chunks];
    if (this.#lost > 0) {
      const note = `unroll: ${this.#lost} bytes that were printed while no window was open are not kept\n`;
      shown.unshift({ stream: 'stderr', bytes: Buffer.from(note) });
    }
    this.#lost = 0;
    this.#trim(tailBytes);
    return shown;
  }

  /** Drops the oldest up to the end of a line; returns how many bytes. */
  #trim(room: number): number {
    const before = this.#bytes;
    while (this.#bytes > room) {
      const first = this.#chunks[0];
      if (!first) break;
      const least = this.#bytes - room;
      const end = least < first.bytes.length ? first.bytes.indexOf(newline, least - 1) + 1 : 0;
      if (end > 0 && end < first.bytes.length) {
        // A copy: the rest of a large piece would keep the whole of it.
        this.#chunks[0] = { stream: first.stream, bytes: first.bytes.slice(end) };
        this.#bytes -= end;
      } else {
        this.#chunks.shift();
        this.#bytes -= first.bytes.length;
      }
    }
    return before - this.#bytes;
  }
}
