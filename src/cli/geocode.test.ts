import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { command } from './geocode.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-geocode-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

/** Runs the command into a file; gives the file and the exit code it asks for. */
async function run(...args: string[]): Promise<{ output: string; exitCode: unknown }> {
  const path = join(folder, 'out', 'result');
  process.exitCode = undefined;
  await command()
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parseAsync([...args, '-o', path], { from: 'user' });
  return { output: readFileSync(path, 'utf8'), exitCode: process.exitCode ?? 0 };
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The code of the GeorError that `work` ends in. */
async function errorCode(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof GeorError) return error.code;
  throw error ?? new Error('nothing was thrown');
}

describe('geor geocode QUERY', () => {
  it('prints a level a line', async () => {
    const { output, exitCode } = await run('Helsinki, Finland');
    expect(exitCode).toBe(0);
    expect(output).toBe(
      'Country    Finland  FI\n' +
        'Region     Uusimaa\n' +
        'City       Helsinki\n' +
        'Location   60.1695, 24.9355\n',
    );
  });

  it('says what the location is of, what was not used, and that it guessed', async () => {
    expect((await run('Nowhereville, Bavria')).output).toBe(
      'Country    Germany  DE\n' +
        'Region     Bavaria\n' +
        'Location   48.1374, 11.5755  (of the region)\n' +
        'Spelling   not as asked: one letter differs\n' +
        'Not used   Nowhereville\n',
    );
  });

  it('prints one JSON object with --json', async () => {
    const { output } = await run('Wien', '--json');
    expect(JSON.parse(output)).toMatchObject({
      query: 'Wien',
      lat: 48.2085,
      lon: 16.3721,
      level: 'city',
      name: 'Vienna',
      countryCode: 'AT',
    });
  });

  it('ends with 1 when there is no such place', async () => {
    const { output, exitCode } = await run('Helsnki', '--no-typos', '--json');
    expect(JSON.parse(output)).toEqual({ query: 'Helsnki', level: null });
    expect(exitCode).toBe(1);
  });

  it('wants a query or an input, not both and not neither', async () => {
    expect(await errorCode(run())).toBe('usage');
    expect(await errorCode(run('Wien', '--input', file('q.txt', 'Wien')))).toBe('usage');
    expect(await errorCode(run('Wien', '--limit', '0'))).toBe('usage');
  });
});

describe('geor geocode --input', () => {
  const LINES = 'Helsinki, Finland\n\nqwxyz\r\nWien\n';

  it('gives a row for each line, in order, misses included', async () => {
    const { output, exitCode } = await run('--input', file('q.txt', LINES), '--json');
    expect(exitCode).toBe(1);
    const rows: { query: string; level: string | null; error?: string }[] = JSON.parse(output);
    expect(rows.map(({ query, level }) => [query, level])).toEqual([
      ['Helsinki, Finland', 'city'],
      ['', null],
      ['qwxyz', null],
      ['Wien', 'city'],
    ]);
    expect(rows[1]?.error).toBe('nothing to look up');
    expect(rows[2]).not.toHaveProperty('error');
  });

  it('writes text a row a line', async () => {
    const { output } = await run('--input', file('q.txt', LINES), '--limit', '3');
    expect(output.split('\n')).toEqual([
      'Helsinki, Finland  60.1695, 24.9355  city: Helsinki, Uusimaa, Finland (FI)',
      'error: nothing to look up',
      'qwxyz  no match',
      '',
    ]);
  });

  it('reads a column of a table and passes the others through', async () => {
    const path = file('t.csv', 'id,place,lat\n1,"Paris, Texas",?\n2,"Bali, Indonesia",?\n');
    const { output, exitCode } = await run('--input', path, '--column', 'place', '--format', 'csv');
    expect(exitCode).toBe(0);
    const rows = parse(output, { columns: true }) as Record<string, string>[];
    expect(rows).toMatchObject([
      { id: '1', place: 'Paris, Texas', level: 'city', region: 'Texas', lat: '33.6609' },
      { id: '2', place: 'Bali, Indonesia', level: 'region', name: 'Bali', city: '' },
    ]);
  });

  it('reads names by level, and rows that are broken', async () => {
    const path = file(
      't.jsonl',
      '{"id":7,"city":"Perth","region":"Scotland"}\n{"id":8}\nnot json\n{"query":"Suomi"}\n',
    );
    const { output, exitCode } = await run('--input', path, '--format', 'jsonl');
    expect(exitCode).toBe(1);
    const rows = output
      .trim()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line));
    expect(rows).toMatchObject([
      { id: 7, query: 'Perth, Scotland', level: 'city', countryCode: 'GB' },
      { id: 8, level: null, error: 'nothing to look up' },
      { level: null, error: expect.stringContaining('not JSON') },
      { query: 'Suomi', level: 'country', countryCode: 'FI' },
    ]);
  });

  it('leaves no file behind when the input cannot be read', async () => {
    expect(await errorCode(run('--input', join(folder, 'none.txt')))).toBe('data');
    expect(existsSync(join(folder, 'out', 'result'))).toBe(false);
  });
});
