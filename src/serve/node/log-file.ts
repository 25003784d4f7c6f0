/**
 * `rewards.jsonl` on disk: whole lines, at the end of what is there.
 * @module
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { writing } from '../../core/node/index.ts';

/** A file of lines that grows. */
export interface LogFile {
  /** Writes a value as a line. Throws GeorError `data` when the disk refuses. */
  write(value: unknown): void;
  close(): void;
}

/**
 * Opens the file, making it and its folder where they are not there. Half a line, left by a process
 * that was killed, is ended, so that it spoils no other.
 *
 * @throws GeorError `data` when it cannot be written.
 */
export function openLogFile(path: string): LogFile {
  const file = writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a+');
  });
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size > 0) readSync(file, last, 0, 1, size - 1);
  if (size > 0 && last.toString() !== '\n') writing(path, () => writeSync(file, '\n'));
  return {
    write(value) {
      const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
      writing(path, () => {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      });
    },
    close: () => closeSync(file),
  };
}
