/**
 * A text file written line by line that appears only when it is complete.
 * @module
 */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const FLUSH_CHARACTERS = 1 << 16;

/** Lines collected and written in large pieces to a temporary file that is renamed at the end. */
export class LineFile {
  readonly #path: string;
  readonly #file: number;
  #pending = '';

  /** Begins the file, and makes its folder. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.#file = openSync(`${path}.partial`, 'w');
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    this.#pending = '';
  }

  /** Adds one line, given without its end. */
  add(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#pending.length >= FLUSH_CHARACTERS) this.#flush();
  }

  /** Puts the file in place, or removes it when it is not wanted. */
  finish(keep: boolean): void {
    this.#flush();
    closeSync(this.#file);
    if (keep) renameSync(`${this.#path}.partial`, this.#path);
    else rmSync(`${this.#path}.partial`);
  }
}
