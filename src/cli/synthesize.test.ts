import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { decodeJpeg, encodeJpeg, splitOf } from '../data/index.ts';
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
    vi.spyOn(process[name], 'write').mockImplementation((chunk, ...others: unknown[]) => {
      text[name] += Buffer.from(chunk as Uint8Array).toString();
      others.find((other): other is () => void => typeof other === 'function')?.();
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

  it('repairs the labels of MP16-Pro, and counts each defect once', async () => {
    const path = join(folder, 'pro.csv');
    const header =
      'IMG_ID,LAT,LON,neighbourhood,city,county,state,region,country,country_code,continent';
    const munich = '48.1372,11.5755';
    const lines = [
      header,
      `good.jpg,${munich},Altstadt,Munich,,Bavaria,,Germany,de,Europe`,
      `german.jpg,${munich},,München,,Bayern,,Deutschland,de,Europe`,
      `japanese.jpg,${munich},,ミュンヘン,,バイエルン州,,ドイツ,de,Europe`,
      `empty.jpg,${munich},,,,,,,,`,
      `wrong.jpg,${munich},,Paris,,Hesse,,France,fr,Europe`,
      `good.jpg,${munich},,Munich,,Bavaria,,Germany,de,Europe`,
      'null.jpg,0,0,,,,,,,,',
      'nan.jpg,nan,11.5,,,,,,Germany,de,',
      'blank.jpg,,11.5,,,,,,Germany,de,',
      'swapped.jpg,139.69,35.68,,Tokyo,,Tokyo,,Japan,jp,Asia',
      'far.jpg,48.1,181,,,,,,Germany,de,',
      'sea.jpg,30,-40,,,,,,Portugal,pt,',
      'short.jpg,48.1',
      `"quoted, ""x"".jpg",${munich},,Munich,,Bavaria,,Germany,de,Europe`,
    ];
    writeFileSync(path, `\uFEFF${lines.join('\r\n')}\r\n`);
    const output = join(folder, 'pro', 'rows.jsonl');
    const { exitCode, stderr } = await geor(path, '-o', output);
    expect(exitCode).toBe(1);
    const rows = rowsOf(readFileSync(output, 'utf8'));
    expect(rows.map(({ id }) => id)).toEqual([
      ...['good.jpg', 'german.jpg', 'japanese.jpg', 'empty.jpg', 'wrong.jpg', 'quoted, "x".jpg'],
    ]);
    for (const { messages } of rows) {
      const answer = 'Country: Germany\nState: Bavaria\nCity: Munich\n';
      expect(messages[1]!.content).toContain(answer);
    }
    const card = JSON.parse(readFileSync(`${output}.card.json`, 'utf8'));
    const perLevel = { agrees: 2, language: 2, missing: 1, contradictory: 1 };
    expect(card.labels).toEqual({ country: perLevel, region: perLevel, city: perLevel });
    expect(card.counts).toEqual({ read: 14, rows: 6, rejected: 8, pictures: 0 });
    expect(card.rejectedBy).toEqual({
      ...{ 'duplicate-id': 1, 'null-island': 1, 'not-a-number': 1, missing: 1 },
      ...{ swapped: 1, 'out-of-range': 1, 'no-country': 1, unreadable: 1 },
    });
    const rejects = readFileSync(`${output}.rejects.jsonl`, 'utf8').trimEnd().split('\n');
    expect(rejects.map((line) => (JSON.parse(line) as { line: number }).line)).toEqual([
      ...[7, 8, 9, 10, 11, 12, 13, 14],
    ]);
    expect(stderr).toContain('labels: city: 2 agree, ');
    expect(stderr).toContain('rejected: 8 (');
  });

  it('writes for every engine and stage', async () => {
    const path = join(folder, 'engines.csv');
    writeFileSync(path, 'id,lat,lon\na,60.17,24.94\n');
    for (const format of ['messages', 'trl', 'verl'])
      for (const stage of ['sft', 'grpo']) {
        const output = join(folder, 'engines', `${format}-${stage}`);
        const out = await geor(path, '--format', format, '--stage', stage, '-o', output);
        expect(out.exitCode).toBe(0);
        expect(existsSync(output)).toBe(true);
        expect(existsSync(`${output}.lines.partial`)).toBe(false);
      }
  });

  it('takes photographs through the guard, by column or by id, and none from outside', async () => {
    const photos = join(folder, 'photos');
    mkdirSync(join(photos, 'a'), { recursive: true });
    const pixels = { width: 600, height: 500, data: new Uint8Array(600 * 500 * 3).fill(90) };
    writeFileSync(join(photos, 'a', 'Tokyo_1.jpg'), encodeJpeg(pixels));
    writeFileSync(join(photos, 'text.jpg'), 'no picture');
    const path = join(folder, 'with-photos.csv');
    writeFileSync(
      path,
      'id,lat,lon\na/Tokyo_1.jpg,35.68,139.69\ntext.jpg,35,135\ngone.jpg,35,136\n../x.jpg,35,137\n',
    );
    const output = join(folder, 'guarded', 'rows.jsonl');
    const out = await geor(path, '--photos', photos, '-o', output, '--max-pixels', '10000');
    expect(out.exitCode).toBe(1);
    const [row] = rowsOf(readFileSync(output, 'utf8'));
    expect(row?.messages[0]?.content).toMatch(/^<image>/);
    expect(row?.images).toEqual([expect.stringMatching(/^images\/[0-9a-f]{16}\.jpg$/)]);
    const jpeg = readFileSync(join(folder, 'guarded', row!.images![0]!));
    const { width, height } = decodeJpeg(jpeg);
    expect(width * height).toBeLessThanOrEqual(10_000);
    const rejects = readFileSync(`${output}.rejects.jsonl`, 'utf8').trimEnd().split('\n');
    expect(rejects.map((line) => JSON.parse(line))).toMatchObject([
      { code: 'photo', reason: expect.stringContaining('the file is no picture') },
      { code: 'photo', reason: expect.stringContaining('ENOENT') },
      { code: 'photo', reason: expect.stringContaining('is outside') },
    ]);
  });

  it('says what it would do, and does nothing', async () => {
    const path = join(folder, 'plan.csv');
    writeFileSync(path, `id,lat,lon\n${'a,60.17,24.94\n'.repeat(99)}`);
    const output = join(folder, 'plan', 'rows.jsonl');
    const { stdout } = await geor(path, '--dry-run', '--recipe', 'globe', '-o', output);
    expect(stdout).toBe(
      `read     ${path}: about 100 rows\n` +
        'write    about 100 rows, globe cor, sft, messages\n' +
        `to       ${output}\nthreads  this one\n`,
    );
    expect(existsSync(join(folder, 'plan'))).toBe(false);
  });

  it('refuses to resume a run with other arguments', async () => {
    const path = join(folder, 'again.csv');
    writeFileSync(path, 'id,lat,lon\na,60.17,24.94\n');
    const output = join(folder, 'again', 'rows.jsonl');
    await geor(path, '-o', output);
    const card = JSON.parse(readFileSync(`${output}.card.json`, 'utf8'));
    const { counts, rejectedBy, continents, countries, attribution, ...identity } = card;
    const tally = { items: 0, rows: 0, pictures: 0, rejects: {}, places: {}, labels: {} };
    const journal = {
      version: 1,
      identity,
      tally,
      lineBytes: 0,
      rejectBytes: 0,
      isComplete: false,
    };
    writeFileSync(`${output}.journal.json`, JSON.stringify(journal));
    const other = geor(path, '-o', output, '--resume', '--prompt', 'direct');
    await expect(other).rejects.toThrow('--resume: prompt differs from the interrupted run');
    writeFileSync(path, 'id,lat,lon\na,60.17,24.95\n');
    const changed = geor(path, '-o', output, '--resume');
    await expect(changed).rejects.toThrow('--resume: inputs differs from the interrupted run');
    writeFileSync(path, 'id,lat,lon\na,60.17,24.94\n');
    expect((await geor(path, '-o', output, '--resume')).exitCode).toBe(0);
    expect(existsSync(`${output}.journal.json`)).toBe(false);
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

  it.each(['--resume', '--photos=x', '--format=verl'])(
    'refuses %s without a file',
    async (flag) => {
      await expect(geor('earth:', flag)).rejects.toThrow('needs -o FILE');
    },
  );
});
