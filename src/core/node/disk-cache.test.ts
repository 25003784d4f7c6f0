import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contentKey, memoryCache, type TextCache } from '../index.ts';
import { diskCache } from './disk-cache.ts';
import { sha256 } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-cache-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['on disk', () => diskCache(join(folder, 'a', 'b'))],
  ['in memory', memoryCache],
] as const)('a cache %s', (_, make: () => TextCache) => {
  it('gives back what was set last, and nothing for another key', async () => {
    const cache = make();
    const [one, two] = await Promise.all([contentKey(1), contentKey(2)]);
    expect(await cache.get(one)).toBeUndefined();
    await cache.set(one, 'Ærø\u2028');
    expect(await cache.get(one)).toBe('Ærø\u2028');
    await cache.set(one, '');
    expect(await cache.get(one)).toBe('');
    expect(await cache.get(two)).toBeUndefined();
  });
});

describe('diskCache', () => {
  it('survives its process and many writers of one key, leaving no pieces', async () => {
    const path = join(folder, 'shared');
    const key = await contentKey('k');
    const text = 'x'.repeat(100_000);
    await Promise.all(Array.from({ length: 20 }, () => diskCache(path).set(key, text)));
    expect(await diskCache(path).get(key)).toBe(text);
    expect(readdirSync(join(path, key.slice(0, 2)))).toEqual([key.slice(2)]);
  });

  it('refuses a folder it cannot write, and keys that are no hashes', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => diskCache(join(file, 'below'))).toThrow('cannot be written');
    await expect(diskCache(folder).get('../../etc/passwd')).rejects.toThrow('64 hex digits');
    await expect(diskCache(folder).set('A'.repeat(64), '')).rejects.toThrow('64 hex digits');
  });

  it('says when the disk fails', async () => {
    const path = join(folder, 'broken');
    const cache = diskCache(path);
    const key = await contentKey('k');
    rmSync(path, { recursive: true });
    writeFileSync(path, 'a file where the folder was');
    await expect(cache.set(key, 'x')).rejects.toMatchObject({ code: 'data' });
    expect(existsSync(path)).toBe(true);
    chmodSync(path, 0o600);
    await expect(cache.get(key)).rejects.toMatchObject({ code: 'data' });
  });
});

describe('contentKey', () => {
  it('is the SHA-256 of the parts as JSON', async () => {
    expect(await contentKey('a', { b: 1 })).toBe(sha256('["a",{"b":1}]'));
    expect(await contentKey('ab', 'c')).not.toBe(await contentKey('a', 'bc'));
  });
});
