import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { splitOf } from '../data/index.ts';
import { command } from './synthesize.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-cli-synthesize-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command line; what it wrote and the exit code it left. */
async function geor(...args: readonly string[]) {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      text[name] += Buffer.from(chunk as Uint8Array).toString();
      return true;
    });
  }
  const quiet = { writeErr: () => {}, writeOut: () => {} };
  await command().exitOverride().configureOutput(quiet).parseAsync(args, { from: 'user' });
  return { ...text, exitCode: process.exitCode ?? 0 };
}

/** A row as these tests read it. */
interface WrittenRow {
  readonly id: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly images?: readonly string[];
  readonly lat: number;
  readonly lon: number;
}

const rowsOf = (text: string): WrittenRow[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as WrittenRow);

describe('geor synthesize', () => {
  it('writes Earth tiles and their rows, of one part of the globe', async () => {
    const path = join(folder, 'earth', 'test.jsonl');
    const out = await geor('earth:', '--split', 'test', '--count', '6', '--size', '32', '-o', path);
    expect(out).toEqual({ stdout: '', stderr: `${path}: 6 rows\n`, exitCode: 0 });
    const rows = rowsOf(readFileSync(path, 'utf8'));
    expect(rows.map(({ lat, lon }) => splitOf(lat, lon))).toEqual(Array(6).fill('test'));
    expect(readdirSync(join(folder, 'earth', 'images'))).toHaveLength(6);
    for (const { images } of rows)
      expect(existsSync(join(folder, 'earth', images![0]!))).toBe(true);
  });

  it('writes rows to stdout without pictures, and says on stderr what failed', async () => {
    const path = join(folder, 'points.csv');
    writeFileSync(path, 'name,Y,X\nhel,60.17,24.94\nsea,0,-140\n');
    const columns = 'id=name,lat=Y,lon=X';
    const out = await geor(path, '--columns', columns, '--prompt', 'direct', '--decimals', '1');
    expect(rowsOf(out.stdout)).toMatchObject([
      { id: 'hel', messages: [{ role: 'user' }, { content: '(60.2, 24.9)' }] },
    ]);
    expect(out.stdout).not.toContain('image');
    expect(JSON.parse(out.stderr.split('\n')[0]!)).toMatchObject({ source: path, line: 3 });
    expect(out.stderr).toContain('rejected: 1');
    expect(out.exitCode).toBe(1);
  });

  it('reads inputs one after the other, up to the limit', async () => {
    const path = join(folder, 'two.csv');
    writeFileSync(path, 'id,lat,lon\na,60.17,24.94\nb,48.86,2.35\n');
    const out = await geor(path, 'earth:?count=9&seed=2', '--limit', '4');
    const ids = rowsOf(out.stdout).map(({ id }) => id);
    expect(ids).toHaveLength(4);
    expect(ids.slice(0, 2)).toEqual(['a', 'b']);
  });

  it.each([
    ['a split without the Earth', ['x.csv', '--split', 'train'], 'needs earth:'],
    ['a missing file', ['absent.csv'], 'does not exist'],
    ['impossible decimals', ['earth:', '--decimals', '11'], 'from 0 to 10'],
    ['an impossible span', ['earth:', '--span', '0'], 'above 0'],
    ['an unknown prompt', ['earth:', '--prompt', 'poem'], 'cor, cot, direct'],
    ['an unknown recipe', ['earth:', '--recipe', 'guess'], 'geo-r, globe, geoagent'],
    ['an unknown format', ['earth:', '--format', 'xml'], 'messages, verl, trl'],
    ['an unreadable address', ['earth:?count=many'], 'count in an earth: address'],
  ])('refuses %s before doing anything', async (_, args, message) => {
    const path = join(folder, 'refused.jsonl');
    await expect(geor(...args, '-o', path)).rejects.toThrow(message);
    expect(existsSync(path)).toBe(false);
  });
});
