import {
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileCalls } from './append-file.ts';
import { writeFileAtomic } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

function failing(code: string, name: 'writeSync' | 'fsyncSync' | 'openSync'): FileCalls {
  const fail = (): never => {
    throw Object.assign(new Error(`${code}: refused`), { code, syscall: 'write' });
  };
  return { openSync, writeSync, fsyncSync, [name]: fail };
}

describe('writeFileAtomic', () => {
  it.each([
    ['ENOSPC', 'writeSync', 'no space is left on the disk'],
    ['EIO', 'fsyncSync', 'the disk reports an error'],
    ['EROFS', 'openSync', 'the file system is read-only'],
  ] as const)('says what %s of %s means, and leaves the file as it was', (code, name, reason) => {
    const path = join(folder, 'record.json');
    writeFileAtomic(path, 'before');
    expect(() => writeFileAtomic(path, 'after', failing(code, name))).toThrow(
      expect.objectContaining({ code: 'data', message: `cannot write ${path}: ${reason}` }),
    );
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(existsSync(`${path}.partial`)).toBe(false);
  });
});
