import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command } from './select.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-cli-select-'));
afterAll(() => rmSync(folder, { recursive: true }));
let output = '';
let run = 0;
beforeEach(() => {
  output = join(folder, `out-${++run}.csv`);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command line; what it wrote and the exit code it left. */
async function geor(...args: readonly string[]) {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      text[name] += String(chunk);
      return true;
    });
  }
  await command().exitOverride().parseAsync(args, { from: 'user' });
  return { ...text, exitCode: process.exitCode ?? 0 };
}

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const card = () => JSON.parse(readFileSync(`${output}.card.json`, 'utf8')) as unknown;

/** Helsinki, Tampere (161 km from it), Stockholm (396 km), Tokyo. */
const cities = [
  ['hel', 60.1699, 24.9384],
  ['tre', 61.4978, 23.761],
  ['sto', 59.3293, 18.0686],
  ['tok', 35.6762, 139.6503],
] as const;
const header = 'img_id,lat,lon';
const input = file('cities.csv', `${header}\n${cities.map((row) => row.join(',')).join('\n')}\n`);

describe('geor select random', () => {
  it('writes the sample, says what it is, and records what could not be read', async () => {
    const path = file('bad.csv', `${readFileSync(input, 'utf8')}x,99,0\n`);
    const out = await geor('random', path, '--count', '4', '-o', output);
    expect(readFileSync(output, 'utf8')).toBe(readFileSync(input, 'utf8'));
    expect(out).toEqual({
      stdout: '',
      stderr:
        `${output}: 4 rows in 3 countries, of 4 rows in 3 countries\n` +
        'Europe 75.0 %, Asia 25.0 %\n' +
        `card: ${output}.card.json\n` +
        `failed: 1, see ${output}.rejects.jsonl\n`,
      exitCode: 1,
    });
  });

  it('prints its card, the one beside the rows', async () => {
    const out = await geor('random', input, '--count', '9', '--seed', '7', '--json', '-o', output);
    expect(out.exitCode).toBe(0);
    expect(out.stderr).toContain('note: 9 rows were asked for');
    expect(JSON.parse(out.stdout)).toEqual(card());
    expect(card()).toMatchObject({ selection: { method: 'random', count: 9, seed: 7 } });
  });
});

describe('geor select hard', () => {
  it('stays away from a list of popular points', async () => {
    const popular = file('popular.csv', 'lat,lon\n60.17,24.94\n');
    const out = await geor('hard', input, '--popular', popular, '-o', output);
    expect(readFileSync(output, 'utf8')).toBe(
      `${header}\nsto,59.3293,18.0686\ntok,35.6762,139.6503\n`,
    );
    expect(out.stderr).toContain('left out: 2 rows within 200 km of 1 popular points');
    expect(card()).toMatchObject({
      popular: { coordinates: { path: popular } },
      selection: { radiusKm: 200, popularPoints: 1 },
      eligible: 2,
    });
    await geor('hard', input, '--popular', popular, '--radius-km', '150', '-o', output);
    expect(readFileSync(output, 'utf8')).toContain('tre,');
  });

  it('stays away from what a model located', async () => {
    // Off by 11 km, by 30 km, not at all, and without an answer; one line is no prediction.
    const answers = [
      { id: 'hel', completion: 'Coordinates: (60.27, 24.9384)' },
      { id: 'sto', lat: 59.6, lon: 18.0686 },
      { id: 'tok', completion: 'Country: Japan' },
    ];
    const lines = [...answers.map((answer) => JSON.stringify(answer)), 'nonsense'];
    const predictions = file('answers.jsonl', `${lines.join('\n')}\n`);
    const args = ['hard', input, '--popular', predictions, '--truth', input, '-o', output];
    const out = await geor(...args);
    expect(readFileSync(output, 'utf8')).toBe(
      `${header}\nsto,59.3293,18.0686\ntok,35.6762,139.6503\n`,
    );
    expect(out.exitCode).toBe(1);
    expect(out.stderr).toContain(`1 lines of ${predictions} could not be read`);
    expect(out.stderr).toContain('line 4: not JSON');
    const wider = await geor(...args, '--correct-within-km', '31');
    expect(wider.stderr).toContain('of 2 popular points');
    expect(readFileSync(output, 'utf8')).toBe(`${header}\ntok,35.6762,139.6503\n`);
    expect(card()).toMatchObject({
      popular: {
        predictions: { path: predictions },
        truth: { path: input },
        truthRows: 4,
        correctWithinKm: 31,
        contract: 'geo-r',
      },
    });
    const none = geor(...args, '--correct-within-km', '1');
    await expect(none).rejects.toThrow('gives no popular point');
  });

  it('looks up the names of answers without coordinates', async () => {
    const completion = '<think>\\u2026</think><answer>country: Finland\\ncity: Helsinki</answer>';
    const predictions = file('names.jsonl', `{"id":"hel","completion":"${completion}"}\n`);
    const truth = ['--truth', input, '--contract', 'globe'];
    await geor('hard', input, '--popular', predictions, ...truth, '-o', output);
    expect(readFileSync(output, 'utf8')).not.toContain('hel,');
    expect(card()).toMatchObject({ popular: { contract: 'globe' }, eligible: 2 });
  });

  it('writes an empty selection as one', async () => {
    const everything = ['hard', input, '--popular', input, '-o', output];
    const out = await geor(...everything);
    expect(out.stderr).toContain('0 rows in 0 countries');
    expect(readFileSync(output, 'utf8')).toBe(`${header}\n`);
  });

  it('refuses a popular point that cannot be read', async () => {
    const popular = file('half.csv', 'lat,lon\n60.17,24.94\n60.17,\n');
    const refused = geor('hard', input, '--popular', popular, '-o', output);
    await expect(refused).rejects.toThrow(`${popular}:3: longitude is missing`);
    expect(existsSync(output)).toBe(false);
  });
});

describe('geor select stratified', () => {
  it('follows a table of the user', async () => {
    const table = file('table.csv', 'countryCode,areaKm2\nFI,1\nJP,1\nSE,2\n');
    const args = ['stratified', input, '--country-statistics', table, '--count', '4', '-o', output];
    const out = await geor(...args);
    expect(out.stderr).toContain('note: no country has roadKm: the other weights are scaled up');
    expect(out.stderr).toContain('1 rows shared out among the other countries');
    expect(card()).toMatchObject({
      countryStatistics: table,
      quotas: {
        SE: { quota: 2, available: 1, kept: 1 },
        FI: { quota: 1, available: 2, kept: 2 },
        JP: { quota: 1, available: 1, kept: 1 },
      },
    });
    await geor(...args, '--no-redistribute');
    expect(card()).toMatchObject({ output: { rows: 3 }, selection: { redistributes: false } });
  });

  it('knows every country by itself', async () => {
    const out = await geor('stratified', input, '--count', '2', '-o', output);
    expect(out.exitCode).toBe(0);
    expect(card()).toMatchObject({ countryStatistics: 'built in', output: { rows: 2 } });
  });
});

describe('geor select', () => {
  it.each([
    ['its input as output', ['random', input, '--count', '1', '-o', input], 'is the input'],
    ['stdin', ['random', '-', '--count', '1', '-o', 'x.csv'], 'reads its input twice'],
    [
      'a threshold without truth',
      ['hard', input, '--popular', input, '--correct-within-km', '9', '-o', 'x.csv'],
      '--correct-within-km needs --truth',
    ],
    ['a missing input', ['random', 'absent.csv', '--count', '1', '-o', 'x.csv'], 'does not exist'],
    ['no rows', ['random', input, '--count', '0', '-o', 'x.csv'], 'at least 1'],
    ['no radius', ['hard', input, '--popular', 'p.csv', '--radius-km', '0', '-o', 'x.csv'], 'km'],
    ['no count', ['stratified', input, '-o', 'x.csv'], '--count'],
  ])('refuses %s', async (_, args, message) => {
    await expect(geor(...args)).rejects.toThrow(message);
  });
});
