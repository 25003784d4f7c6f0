import {
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AppendFile, type FileCalls, writing } from './append-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-append-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => Buffer.from(text);

function failing(code: string, name: 'writeSync' | 'fsyncSync' | 'openSync'): FileCalls {
  const fail = (): never => {
    throw Object.assign(new Error(`${code}: refused`), { code, syscall: 'write' });
  };
  return { openSync, writeSync, fsyncSync, [name]: fail };
}

describe('AppendFile', () => {
  it('makes its folder, begins empty and grows', () => {
    const path = join(folder, 'new', 'file');
    const file = new AppendFile(path);
    file.append(bytes('ab'));
    file.append(bytes('ç'));
    expect(file.size).toBe(4);
    file.sync();
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('abç');
    new AppendFile(path).close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('cuts off what stands behind the bytes to keep, and goes on there', () => {
    const path = join(folder, 'resumed');
    writeFileSync(path, 'good rest of a killed run');
    const file = new AppendFile(path, 5);
    file.append(bytes('end'));
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('good end');
  });

  it('refuses a file that is shorter than what is to be kept', () => {
    const path = join(folder, 'short');
    writeFileSync(path, 'ab');
    expect(() => new AppendFile(path, 3)).toThrow('is shorter than it was');
    expect(readFileSync(path, 'utf8')).toBe('ab');
  });

  it('writes all of it when the disk takes a byte at a time', () => {
    const path = join(folder, 'slow');
    const calls: FileCalls = {
      ...{ openSync, fsyncSync },
      writeSync: (file, data, offset, _length, position) =>
        writeSync(file, data, offset, 1, position),
    };
    const file = new AppendFile(path, 0, calls);
    file.append(bytes('slowly'));
    file.close();
    expect(readFileSync(path, 'utf8')).toBe('slowly');
  });

  it.each([
    ['ENOSPC', 'writeSync', 'no space is left on the disk'],
    ['EDQUOT', 'writeSync', 'the disk quota is used up'],
    ['EIO', 'fsyncSync', 'the disk reports an error'],
    ['EACCES', 'openSync', 'permission is denied'],
    ['EWHATEVER', 'writeSync', 'EWHATEVER: refused'],
  ] as const)('says what %s of %s means, with the path', (code, name, reason) => {
    const path = join(folder, 'refused');
    const act = () => {
      const file = new AppendFile(path, 0, failing(code, name));
      file.append(bytes('x'));
      file.sync();
    };
    expect(act).toThrow(
      expect.objectContaining({ code: 'data', message: `cannot write ${path}: ${reason}` }),
    );
  });

  it('says so when the folder is a file, or the file a folder', () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(() => new AppendFile(join(folder, 'plain', 'x'))).toThrow('not a folder');
    mkdirSync(join(folder, 'directory'));
    expect(() => new AppendFile(join(folder, 'directory'))).toThrow('it is a folder');
  });

  it('lets bugs pass as they are', () => {
    expect(() =>
      writing('x', () => {
        throw new TypeError('a bug');
      }),
    ).toThrow(TypeError);
  });
});
