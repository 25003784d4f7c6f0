import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from 'vitest';
import { command as evaluate } from './evaluate.ts';
import { command as reward } from './reward.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-cli-'));
const path = (name: string): string => join(folder, name);
const before = process.exitCode;
let stderr: MockInstance<typeof process.stderr.write>;
beforeEach(() => {
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = before;
});
afterAll(() => rmSync(folder, { recursive: true }));
const said = (): string => stderr.mock.calls.map(([text]) => text).join('');

describe('geor evaluate', () => {
  const run = (...flags: string[]) =>
    evaluate()
      .exitOverride()
      .parseAsync(['--truth', path('t.csv'), '--predictions', path('p.jsonl'), ...flags], {
        from: 'user',
      });
  beforeEach(() => {
    writeFileSync(path('t.csv'), 'img,y,x\na,60.17,24.94\nb,48.86,2.35\n');
    writeFileSync(path('p.jsonl'), '{"id":"a","completion":"(60.18, 24.95)"}\n{"id":"b"\n');
  });

  it('writes the evaluation as JSON, with levels, and records the line it could not read', async () => {
    await run('--truth-columns', 'id=img,lat=y,lon=x', '--json', '-o', path('e.json'));
    const result = JSON.parse(readFileSync(path('e.json'), 'utf8'));
    expect(result).toMatchObject({ n: 2, answered: 1, invalid: 1, comparison: '<=' });
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining([
        ...['n', 'answered', 'invalid', 'distance', 'comparison', 'accuracy'],
        ...['medianKm', 'meanKm', 'geoScore', 'levels', 'repairs'],
      ]),
    );
    expect(result.levels.country).toMatchObject({ n: 2, count: 1, percent: 50 });
    expect(said()).toContain('p.jsonl:2: not JSON');
    expect(process.exitCode).toBe(1);
  });

  it('refuses columns, thresholds and groups it cannot read', async () => {
    const columns = ['--truth-columns', 'id=img,lat=y,lon=x'];
    await expect(run(...columns, '--columns', 'nonsense')).rejects.toThrow('--columns');
    await expect(run(...columns, '--thresholds', '1,far')).rejects.toThrow('kilometres');
    await expect(run(...columns, '--by', 'a:b:c')).rejects.toThrow('COLUMN');
    await expect(run(...columns, '--by', 'colour')).rejects.toThrow('no column colour');
  });
});

describe('geor evaluate on a benchmark', () => {
  const run = async (...flags: string[]): Promise<string> => {
    const files = ['--truth', path('im.csv'), '--predictions', path('new.csv'), '--no-levels'];
    const output = ['-o', path('out')];
    await evaluate()
      .exitOverride()
      .parseAsync([...flags, ...files, ...output], { from: 'user' });
    return readFileSync(path('out'), 'utf8');
  };
  beforeEach(() => {
    const ids = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const rows = (lat: (i: number) => number) => ids.map((id, i) => `${id},${lat(i)},0,${i % 3}`);
    const head = 'IMG_ID,LAT,LON,S3_Label';
    writeFileSync(path('im.csv'), [head, ...rows(() => 0)].join('\n'));
    writeFileSync(path('new.csv'), [head, ...rows(() => 0.001)].join('\n'));
    writeFileSync(path('old.csv'), [head, ...rows((i) => (i < 20 ? 0.001 : 40))].join('\n'));
  });

  it('wants the rows of the benchmark, and warns of another file', async () => {
    await expect(run('im2gps3k')).rejects.toThrow('40 rows, im2gps3k has 2997');
    await run('im2gps3k', '--allow-other-n');
    expect(said()).toContain('warning: ');
    await expect(run('im2gps4k')).rejects.toThrow('no benchmark im2gps4k');
    await expect(run('im2gps3k', '--benchmark', 'im2gps')).rejects.toThrow('no benchmark');
  });

  it('puts the run among published ones and against another, in every format', async () => {
    const flags = ['--compare', 'im2gps3k', '--against', path('old.csv'), '--by', 'scene'];
    const text = await run(...flags);
    expect(text).toContain('> this run');
    expect(text).toContain('by scene (S3_Label)');
    expect(text).toMatch(/25 km \(city\), points +\+50.00 +\+\S+ to \+\S+ +better/);
    const widths = text.split('\n').map((line) => [...line].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
    const json = JSON.parse(await run(...flags, '--json'));
    expect(json.against.accuracy[1]).toMatchObject({ difference: 50, verdict: 'better' });
    expect(json.published.rows.filter((row: { isOurs: boolean }) => row.isOurs)).toHaveLength(1);
    expect(json.breakdowns.map((own: { by: string }) => own.by)).toEqual(['S3_Label']);
    const markdown = await run(...flags, '--format', 'markdown');
    expect(markdown).toContain('| **this run** |');
    expect(markdown).toContain('| better |');
    await expect(run('--compare')).rejects.toThrow('--compare needs a benchmark');
  });

  it('writes the row distances of the reading that counts', async () => {
    writeFileSync(path('new.csv'), 'id,completion\np0,"lat: 0.0, lon: 0.0"\n');
    await run('--reading', 'strict', '--write-rows', path('rows.jsonl'));
    const [first] = readFileSync(path('rows.jsonl'), 'utf8').split('\n');
    expect(JSON.parse(first!)).toEqual({ id: 'p0', reading: 'repaired', distanceKm: null });
  });

  it('says what is missing', async () => {
    await expect(run('im2gps3k', '--backend', 'http://localhost')).rejects.toThrow(
      'either --backend or --predictions',
    );
    const bare = (...flags: string[]) =>
      evaluate().exitOverride().parseAsync(flags, { from: 'user' });
    await expect(bare()).rejects.toThrow('--truth is missing');
    await expect(bare('--truth', path('im.csv'))).rejects.toThrow('--predictions is missing');
  });
});

describe('geor reward', () => {
  const input = [
    '{"id":"a","completion":"(48.8566, 2.3522)","lat":48.8566,"lon":2.3522,"group":"g"}',
    '',
    'not json',
    '{"id":7,"completion":"here","lat":48.8566,"lon":2.3522}',
    '{"id":"c","completion":"(1.0, 2.0)","lat":95,"lon":2}',
    '{"id":"d","completion":"(1.0, 2.0)","lat":"1"}',
  ].join('\n');
  const run = async (...flags: string[]): Promise<string> => {
    writeFileSync(path('c.jsonl'), input);
    await reward().parseAsync([path('c.jsonl'), '-o', path('r.jsonl'), ...flags], { from: 'user' });
    return readFileSync(path('r.jsonl'), 'utf8');
  };

  it('gives one row per row in order, and null with a reason where there is no score', async () => {
    const rows = (await run())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map((row) => [row.id, row.total])).toEqual([
      ['a', 1],
      [null, null],
      [7, 0],
      ['c', null],
      ['d', null],
    ]);
    expect(rows[0]).toMatchObject({ group: 'g', parts: { distance: 1, format: 1 }, distanceKm: 0 });
    expect(rows[0].parsed.reading).toBe('strict');
    expect(rows[0]).not.toHaveProperty('unscored');
    expect(rows[2]).toMatchObject({ parts: { distance: 0, format: 0 }, distanceKm: null });
    expect(rows[3].unscored).toContain('not a coordinate');
    expect(rows[4].unscored).toContain('lon');
    expect(said()).toContain('c.jsonl:3: not JSON');
    expect(said()).toContain('3 of 5 rows could not be scored');
    expect(process.exitCode).toBe(1);
  });

  it('prints a JSON list with --json and sums with the released variant', async () => {
    const rows = JSON.parse(await run('--json', '--variant', 'released'));
    expect(rows).toHaveLength(5);
    expect(rows[0].total).toBe(2);
  });

  it('scores more rows than fit in a batch, in order', async () => {
    const row = (id: number) =>
      `{"id":${id},"completion":"(0.0, ${id % 180}.0)","lat":0,"lon":${id % 180}}`;
    writeFileSync(path('many.jsonl'), Array.from({ length: 600 }, (_, id) => row(id)).join('\n'));
    await reward().parseAsync([path('many.jsonl'), '-o', path('many.out')], { from: 'user' });
    const rows = readFileSync(path('many.out'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ id, total }) => [id, total])).toEqual(rows.map((_, id) => [id, 1]));
    expect(rows).toHaveLength(600);
  });

  it('refuses a file that is not there', async () => {
    await expect(reward().parseAsync([path('nope')], { from: 'user' })).rejects.toThrow(
      'does not exist',
    );
  });
});
