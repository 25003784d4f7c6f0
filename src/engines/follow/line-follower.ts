/**
 * The new lines of a file that something else writes to.
 * @module
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;

/** Reads a growing file from where it stopped; a last line without its end waits for it. */
export class LineFollower {
  readonly path: string;
  #offset = 0;
  #rest = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Whole lines since the last call. A file that is not there yet has none; one that became
   * shorter was begun anew and is read from its start.
   */
  read(): string[] {
    let file: number;
    try {
      file = openSync(this.path, 'r');
    } catch {
      return [];
    }
    const lines: string[] = [];
    try {
      if (fstatSync(file).size < this.#offset) {
        this.#offset = 0;
        this.#rest = Buffer.alloc(0);
      }
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (;;) {
        const count = readSync(file, chunk, 0, CHUNK_BYTES, this.#offset);
        if (count === 0) return lines;
        this.#offset += count;
        const bytes = Buffer.concat([this.#rest, chunk.subarray(0, count)]);
        const end = bytes.lastIndexOf(0x0a);
        if (end >= 0) lines.push(...bytes.toString('utf8', 0, end).split('\n'));
        this.#rest = bytes.subarray(end + 1);
      }
    } finally {
      closeSync(file);
    }
  }
}
