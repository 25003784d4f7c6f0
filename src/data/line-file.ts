/**
 * A text file written line by line that appears only when it is complete.
 * @module
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { GeorError } from '../core/index.ts';

const FLUSH_CHARACTERS = 1 << 16;

/** Lines collected and written in large pieces to a temporary file that is renamed at the end. */
export class LineFile {
  readonly #path: string;
  readonly #file: number;
  #pending = '';

  /**
   * Begins the file, and makes its folder.
   *
   * @throws GeorError `usage` when the file cannot be written there
   */
  constructor(path: string) {
    this.#path = path;
    try {
      if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('a folder');
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(`${path}.partial`, 'w');
    } catch (cause) {
      throw cannotWrite('usage', path, cause);
    }
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    } catch (cause) {
      throw cannotWrite('data', this.#path, cause);
    }
  }

  /** Adds one line, given without its end. */
  add(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#pending.length >= FLUSH_CHARACTERS) this.#flush();
  }

  /** Puts the file in place, or removes it when it is not wanted. */
  finish(keep: boolean): void {
    const partial = `${this.#path}.partial`;
    if (keep) {
      this.#flush();
      fsyncSync(this.#file);
    }
    closeSync(this.#file);
    if (keep) renameSync(partial, this.#path);
    else rmSync(partial);
  }
}

function cannotWrite(code: 'usage' | 'data', path: string, cause: unknown): GeorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GeorError(code, `cannot write ${path}: ${reason}`, {
    hint: 'check the path, the rights of its folder and the space on its disk',
    cause,
  });
}
