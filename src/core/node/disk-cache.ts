/**
 * A cache of texts in a folder: one file per key, so that several processes share it.
 *
 * An entry is written under a name of its own and renamed into place: readers see all of it or
 * nothing, and of two writers of one key the later wins with the same content. Nothing is flushed to
 * the disk by force: after a power cut an entry can be short, and whoever reads it checks it anyway.
 * @module
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { GeorError, invariant } from '../errors.ts';
import type { TextCache } from '../text-cache.ts';

let written = 0;

/**
 * Opens the cache in `folder`, making it where it is not there.
 *
 * @throws GeorError `usage` when the folder cannot be written; its methods throw `data` when the
 * disk fails (full, gone).
 */
export function diskCache(folder: string): TextCache {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new GeorError('usage', `the cache folder ${folder} cannot be written: ${reason(cause)}`, {
      hint: 'give a folder that you may write to',
      cause,
    });
  }
  const pathOf = (key: string): string => {
    invariant(/^[0-9a-f]{64}$/.test(key), `a cache key is 64 hex digits, not '${key}'`);
    return join(folder, key.slice(0, 2), key.slice(2));
  };
  return {
    async get(key) {
      try {
        return await readFile(pathOf(key), 'utf8');
      } catch (cause) {
        if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
        throw failure(folder, cause);
      }
    },
    async set(key, text) {
      const path = pathOf(key);
      const temporary = `${path}.${process.pid}-${threadId}-${written++}.partial`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, text);
        await rename(temporary, path);
      } catch (cause) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw failure(folder, cause);
      }
    },
  };
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function failure(folder: string, cause: unknown): GeorError {
  if (cause instanceof GeorError) return cause;
  return new GeorError('data', `the cache in ${folder} failed: ${reason(cause)}`, {
    hint: 'free space on the disk, or give another folder; what is cached stays good',
    cause,
  });
}
