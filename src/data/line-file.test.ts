import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LineFile } from './line-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-line-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('LineFile', () => {
  it('makes its folder and appears whole, all at once', () => {
    const path = join(folder, 'made', 'rows.csv');
    const file = new LineFile(path);
    const lines = Array.from({ length: 20_000 }, (_, i) => `row ${i} é`);
    for (const line of lines) file.add(line);
    expect(existsSync(path)).toBe(false);
    file.finish(true);
    expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`);
    expect(readdirSync(dirname(path))).toEqual(['rows.csv']);
  });

  it('says at once when it cannot be written', () => {
    const path = join(folder, 'plain');
    writeFileSync(path, '');
    expect(() => new LineFile(join(path, 'rows.csv'))).toThrow(/cannot write .*rows.csv: E/);
    expect(() => new LineFile(folder)).toThrow(`cannot write ${folder}: a folder`);
    expect(existsSync(`${folder}.partial`)).toBe(false);
  });

  it('leaves nothing when it is not wanted', () => {
    const path = join(folder, 'unwanted', 'rows.csv');
    const file = new LineFile(path);
    file.add('a');
    file.finish(false);
    expect(readdirSync(dirname(path))).toEqual([]);
  });
});
