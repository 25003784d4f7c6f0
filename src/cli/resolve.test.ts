import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { command } from './resolve.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-resolve-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

/** Runs the command into a file; gives the file and the exit code it asks for. */
async function run(...args: string[]): Promise<{ output: string; exitCode: unknown }> {
  const path = join(folder, 'out', 'result');
  process.exitCode = undefined;
  const quiet = { writeErr: () => {} };
  await command()
    .exitOverride()
    .configureOutput(quiet)
    .parseAsync([...args, '-o', path], { from: 'user' });
  return { output: readFileSync(path, 'utf8'), exitCode: process.exitCode ?? 0 };
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const CSV = `id,lat,lon,note
a,-33.9249,18.4241,"x, ""y"""
b,30,-40,sea
c,abc,1,bad
d,48.8584,2.2945
e,91,0,too far
f,35.68,139.76,last
`;

describe('geor resolve LAT LON', () => {
  it('takes negative numbers and prints a level a line', async () => {
    const { output, exitCode } = await run('-33.9249', '18.4241');
    expect(exitCode).toBe(0);
    expect(output).toBe(
      'Continent  Africa\n' +
        'Country    South Africa  ZA\n' +
        'Region     Western Cape  ZA.11\n' +
        'City       Cape Town  -33.9258, 18.4232\n',
    );
  });

  it('prints one JSON object with --json', async () => {
    const { output } = await run('-0.18', '-78.47', '--json');
    expect(JSON.parse(output)).toMatchObject({
      lat: -0.18,
      lon: -78.47,
      countryCode: 'EC',
      city: 'Quito',
    });
  });

  it('says null for the open sea, which is an answer', async () => {
    const { output, exitCode } = await run('30', '-40', '--json');
    expect(JSON.parse(output)).toEqual({
      lat: 30,
      lon: -40,
      continent: null,
      country: null,
      countryCode: null,
    });
    expect(exitCode).toBe(0);
  });

  it.each([
    ['a latitude beyond the pole', ['90.5', '0']],
    ['words', ['north', '0']],
    ['an empty text', ['', '0']],
    ['half a coordinate', ['1']],
    ['nothing', []],
    ['a coordinate and a file', ['1', '2', '--input', 'x.csv']],
    ['a limit of none', ['--input', 'x.csv', '--limit', '0']],
    ['a file of unknown kind', ['--input', 'x.xlsx']],
  ])('refuses %s as a usage error, and writes nothing', async (_, args) => {
    await expect(run(...args)).rejects.toMatchObject({ code: 'usage' });
    expect(existsSync(join(folder, 'out', 'result'))).toBe(false);
    expect(existsSync(join(folder, 'out', 'result.partial'))).toBe(false);
  });
});

describe('geor resolve, which country', () => {
  it('names the sovereign of a territory with --sovereign', async () => {
    const { output } = await run('-21.27', '55.51', '--sovereign');
    expect(output).toBe(
      'Continent  Africa\nCountry    France  FR\nRegion     Réunion\nCity       Le Tampon  -21.2766, 55.5177\n',
    );
  });

  it('follows a policy file', async () => {
    const policy = file('policy.json', '{"Kosovo": "RS", "Taiwan": null}');
    const kosovo = await run('42.6629', '21.1655', '--policy', policy, '--json');
    expect(JSON.parse(kosovo.output)).toMatchObject({ countryCode: 'RS', city: 'Pristina' });
    const taiwan = await run('25.033', '121.5654', '--policy', policy, '--json');
    expect(JSON.parse(taiwan.output)).toMatchObject({ countryCode: null });
  });

  it.each([
    ['{"Kosovo": 1}', 'is not a JSON object of area to country code'],
    ['["Kosovo"]', 'is not a JSON object of area to country code'],
    ['{"Kosovo": ', 'cannot read the policy'],
    ['{"Kosova": "RS"}', 'the policy names an unknown area: Kosova'],
    ['{"Kosovo": "UK"}', 'the policy gives Kosovo to "UK", no country'],
    ['{"Aksai Chin": "IN"}', "this gazetteer's map draws no border around Aksai Chin"],
  ])('refuses the policy %s', async (content, message) => {
    const policy = file('policy.json', content);
    const error = await run('1', '2', '--policy', policy).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'config', message: expect.stringContaining(message) });
  });

  it('refuses a gazetteer that is missing or is none', async () => {
    for (const path of [join(folder, 'absent.br'), file('x.br', 'text')]) {
      const error = await run('1', '2', '--gazetteer', path).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'asset', message: expect.stringContaining(path) });
    }
  });
});

describe('geor resolve --input', () => {
  it('answers every row in order: misses, unreadable ones and all', async () => {
    const { output, exitCode } = await run('--input', file('in.csv', CSV), '--format', 'jsonl');
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exitCode).toBe(1);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(rows.map(({ city, country, error }) => error ?? city ?? country)).toEqual([
      'Cape Town',
      null,
      'latitude is "abc", not a number',
      '3 fields under a header of 4',
      'latitude 91 is not in [-90, 90]',
      'Tokyo',
    ]);
    expect(rows[0]).toMatchObject({ note: 'x, "y"', lat: -33.9249, regionCode: 'ZA.11' });
  });

  it('writes CSV with the columns it got first', async () => {
    const { output, exitCode } = await run('--input', file('in.csv', CSV), '--format', 'csv');
    const rows: Record<string, string>[] = parse(output, { columns: true });
    expect(exitCode).toBe(1);
    expect(Object.keys(rows[0]!)).toEqual(
      'id,lat,lon,note,continent,country,countryCode,region,regionCode,city,cityLat,cityLon,error'.split(
        ',',
      ),
    );
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatchObject({ note: 'x, "y"', city: 'Cape Town', error: '' });
    expect(rows[1]).toMatchObject({ country: '', error: '' });
    expect(rows[2]).toMatchObject({ lat: 'abc', country: '', error: /not a number/ });
  });

  it('writes one JSON document, and lines of text', async () => {
    const path = file('in.tsv', 'lat\tlon\n52.52\t13.405\n');
    expect(JSON.parse((await run('--input', path, '--json')).output)).toMatchObject([
      { city: 'Berlin' },
    ]);
    const text = await run('--input', path);
    expect(text).toEqual({
      output: '52.52, 13.405  Berlin, State of Berlin, Germany (DE)\n',
      exitCode: 0,
    });
    expect((await run('--input', file('none.csv', 'lat,lon\n'), '--json')).output).toBe('[]\n');
  });

  it('reads JSON lines, numbers or texts, and reports lines that are none', async () => {
    const path = file(
      'in.jsonl',
      '{"lat":52.52,"lon":"13.405","tags":["a"]}\n\n{"lat":1\n[1,2]\n{"lon":1}\n{"lat":null,"lon":1}\n',
    );
    const { output, exitCode } = await run('--input', path, '--format', 'jsonl');
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exitCode).toBe(1);
    expect(rows[0]).toMatchObject({ tags: ['a'], city: 'Berlin' });
    expect(rows.slice(1).map(({ error }) => error)).toEqual([
      expect.stringContaining('not JSON'),
      'not a JSON object',
      'latitude is missing',
      'latitude is null, not a number',
    ]);
  });

  it('takes the columns it is told, and stops at the limit', async () => {
    const path = file('in.csv', 'x,y\n13.405,52.52\n2.35,48.85\n');
    const { output } = await run('--input', path, '--columns', 'lat=y,lon=x', '--limit', '1');
    expect(output).toBe('52.52, 13.405  Berlin, State of Berlin, Germany (DE)\n');
  });

  it('keeps rows after a broken quote apart from the rest, and says so', async () => {
    const path = file('in.csv', 'id,lat,lon\na,1,2\nb,"3,4\nc,5,6\n');
    const { output, exitCode } = await run('--input', path, '--format', 'jsonl');
    const rows = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(exitCode).toBe(1);
    expect(rows[0]).toMatchObject({ id: 'a', lat: 1 });
    expect(rows.at(-1).error).toMatch(/quote/i);
  });

  it('writes no file when the input is missing or has no header', async () => {
    for (const path of [join(folder, 'absent.csv'), file('empty.csv', '')]) {
      const error = await run('--input', path).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(GeorError);
      expect(error).toMatchObject({ code: 'data' });
    }
    expect(existsSync(join(folder, 'out', 'result'))).toBe(false);
  });
});
