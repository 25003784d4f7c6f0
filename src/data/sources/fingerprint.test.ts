import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { estimatedRows, inputFingerprint } from './fingerprint.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-fingerprint-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('inputFingerprint', () => {
  it('is the SHA-256 of a file', async () => {
    // The published digest of "abc" (FIPS 180-2, appendix B.1).
    const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    const path = file('abc', 'abc');
    expect(await inputFingerprint(path)).toEqual({ path, sha256 });
  });

  it('of a folder changes with a name or a size, not with its order on disk', async () => {
    const below = join(folder, 'photos');
    mkdirSync(join(below, 'a'), { recursive: true });
    const sum = async () => (await inputFingerprint(below)).sha256;
    writeFileSync(join(below, 'b.jpg'), '1');
    writeFileSync(join(below, 'a', 'c.jpg'), '22');
    const first = await sum();
    expect(await sum()).toBe(first);
    writeFileSync(join(below, 'b.jpg'), '12');
    const second = await sum();
    expect(second).not.toBe(first);
    writeFileSync(join(below, 'd.jpg'), '');
    expect(await sum()).not.toBe(second);
  });

  it('says which input cannot be read', async () => {
    await expect(inputFingerprint(join(folder, 'gone'))).rejects.toMatchObject({ code: 'data' });
  });
});

describe('estimatedRows', () => {
  it('is exact for a small file and close for a large one', () => {
    expect(estimatedRows(file('small.csv', 'a\nb\nc\n'))).toBe(3);
    expect(estimatedRows(file('empty.csv', ''))).toBe(0);
    const large = file('large.csv', 'a row of twenty bytes\n'.repeat(100_000));
    expect(Math.abs(estimatedRows(large) - 100_000)).toBeLessThan(1000);
    expect(estimatedRows(file('one.csv', 'no line end'))).toBe(1);
  });

  it('counts the entries of a folder', () => {
    mkdirSync(join(folder, 'three'));
    for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, 'three', name), '');
    expect(estimatedRows(join(folder, 'three'))).toBe(3);
  });
});
