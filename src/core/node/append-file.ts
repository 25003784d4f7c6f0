/**
 * A file that grows, whose length on disk is known, so that a killed run can go on where it stood.
 * @module
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { GeorError } from '../errors.ts';

/** What is asked of the file system; tests give one that fails. */
export interface FileCalls {
  readonly openSync: typeof openSync;
  readonly writeSync: (
    file: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ) => number;
  readonly fsyncSync: typeof fsyncSync;
}

/** Node's own. */
export const nodeCalls: FileCalls = { openSync, writeSync, fsyncSync };

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'part of the path is not a folder',
  EEXIST: 'part of the path is not a folder',
  EISDIR: 'it is a folder',
  EFBIG: 'the file is too large for the file system',
  EIO: 'the disk reports an error',
};

/**
 * Runs what writes to `path`, and says plainly what went wrong.
 *
 * @throws GeorError `data` for every error of the file system; other errors pass
 */
export function writing<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) throw cause;
    const reason = reasons[String(cause.code)] ?? cause.message;
    throw new GeorError('data', `cannot write ${path}: ${reason}`, {
      hint: 'nothing half-written was put in place; free or change the place and run again',
      cause,
    });
  }
}

/** A file open at its end. Every method throws GeorError `data` when the disk refuses. */
export class AppendFile {
  readonly path: string;
  readonly #file: number;
  readonly #calls: FileCalls;
  #size: number;

  /**
   * Opens or makes the file, and its folder.
   *
   * @param size - bytes to keep; what stands behind them is cut off
   */
  constructor(path: string, size: number = 0, calls: FileCalls = nodeCalls) {
    this.path = path;
    this.#calls = calls;
    this.#size = size;
    this.#file = writing(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      return calls.openSync(path, size === 0 ? 'w' : 'r+');
    });
    if (size === 0) return;
    if (fstatSync(this.#file).size < size) {
      closeSync(this.#file);
      throw new GeorError('data', `${path} is shorter than it was`, {
        hint: 'it was changed since; run again without --resume',
      });
    }
    writing(path, () => ftruncateSync(this.#file, size));
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** Writes at the end. */
  append(bytes: Uint8Array): void {
    writing(this.path, () => {
      for (let at = 0; at < bytes.length; ) {
        const left = bytes.length - at;
        const written = this.#calls.writeSync(this.#file, bytes, at, left, this.#size);
        at += written;
        this.#size += written;
      }
    });
  }

  /** Returns when what was written has reached the disk. */
  sync(): void {
    writing(this.path, () => this.#calls.fsyncSync(this.#file));
  }

  /** Closes the file; it stays where it is. */
  close(): void {
    closeSync(this.#file);
  }
}
