/**
 * Files, written so that a crash leaves either the old content or the new, never half.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GeorError } from '../errors.ts';
import { type FileCalls, nodeCalls, writing } from './append-file.ts';

/**
 * Writes `content` to `path` through a temporary file and a rename. Makes the folder. When the file
 * system refuses, the temporary file is removed and `path` is as it was.
 *
 * @throws GeorError `data` saying what the file system refused
 */
export function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  calls: FileCalls = nodeCalls,
): void {
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.partial`;
    const file = calls.openSync(temporary, 'w');
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let at = 0; at < bytes.length; )
        at += calls.writeSync(file, bytes, at, bytes.length - at, at);
      calls.fsyncSync(file);
    } catch (error) {
      closeSync(file);
      rmSync(temporary, { force: true });
      throw error;
    }
    closeSync(file);
    renameSync(temporary, path);
  });
}

/** SHA-256 of bytes or UTF-8 text, lower-case hex. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * A file of the package's `assets/` folder.
 *
 * @throws GeorError `asset` when it is not there.
 */
export function readAsset(name: string): Buffer {
  const path = fileURLToPath(new URL(`../../../assets/${name}`, import.meta.url));
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new GeorError('asset', `asset ${name} is missing`, {
      hint: 'reinstall geor, or rebuild the file with the scripts in scripts/',
      cause,
    });
  }
}
