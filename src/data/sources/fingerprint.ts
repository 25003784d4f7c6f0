/**
 * What tells one input from another, and how many rows it is likely to have.
 * @module
 */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import { type CardFile, cardFile } from '../card.ts';

/**
 * Path and checksum of an input: of a file its bytes, of a folder the names and sizes of what is in it.
 *
 * @throws GeorError `data` when it cannot be read
 */
export async function inputFingerprint(path: string): Promise<CardFile> {
  try {
    if (!statSync(path).isDirectory()) return await cardFile(path);
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
    const sizes = names.map((name) => {
      const found = statSync(join(path, name), { throwIfNoEntry: false });
      return found?.isFile() ? `${name}\t${found.size}\n` : '';
    });
    return { path, sha256: sha256(sizes.join('')) };
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new GeorError('data', `cannot read ${path}: ${cause.message}`, { cause });
  }
}

const SAMPLE_BYTES = 1 << 18;

/** About how many lines a file has, from its beginning; of a folder, how many entries. */
export function estimatedRows(path: string): number {
  const found = statSync(path);
  if (found.isDirectory()) return readdirSync(path, { recursive: true }).length;
  const sample = Buffer.alloc(Math.min(found.size, SAMPLE_BYTES));
  const file = openSync(path, 'r');
  const bytes = readSync(file, sample);
  closeSync(file);
  let lines = 0;
  for (let i = sample.indexOf(10); i >= 0; i = sample.indexOf(10, i + 1)) lines++;
  return bytes === 0 ? 0 : Math.round((found.size / bytes) * Math.max(1, lines));
}
