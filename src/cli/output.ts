/**
 * Where a command's rows go: stdout, or a file that appears only when it is complete.
 * @module
 */
import { once } from 'node:events';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { GeorError } from '../core/index.ts';

/** Takes text piece by piece. */
export interface Output {
  write(text: string): Promise<void>;
  /** Puts the file in place. */
  finish(): void;
  /** Leaves nothing behind. */
  discard(): void;
}

/**
 * Opens the output, so that a path that cannot be written fails before any work.
 *
 * @param path - a file; absent for stdout
 * @throws GeorError `usage` when the file cannot be opened, `data` (later) when the disk fails.
 */
export function openOutput(path: string | undefined): Output {
  if (path === undefined)
    return {
      async write(text) {
        if (!process.stdout.write(text)) await once(process.stdout, 'drain');
      },
      finish: () => undefined,
      discard: () => undefined,
    };
  const partial = `${path}.partial`;
  const attempt = <T>(code: 'usage' | 'data', work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new GeorError(code, `cannot write ${path}: ${reason}`, {
        hint: 'give a path that you may write to, with room on its disk',
        cause,
      });
    }
  };
  const file = attempt('usage', () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(partial, 'w');
  });
  return {
    async write(text) {
      attempt('data', () => {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      });
    },
    finish() {
      attempt('data', () => {
        fsyncSync(file);
        closeSync(file);
        renameSync(partial, path);
      });
    },
    discard() {
      closeSync(file);
      rmSync(partial, { force: true });
    },
  };
}
