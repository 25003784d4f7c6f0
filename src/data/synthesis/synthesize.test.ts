import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerPrompt, buildChain, parseAnswer } from '../../chain/index.ts';
import { sha256 } from '../../core/node/index.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { loadEarth } from '../earth/earth.ts';
import { pictureId, tilePicture } from '../earth/tile-picture.ts';
import { decodeJpeg } from '../jpeg.ts';
import { readEarth } from '../sources/earth.ts';
import { openFile } from '../sources/open.ts';
import type { Source } from '../sources/row.ts';
import { type SynthesisOptions, synthesize, type TrainingRow } from './synthesize.ts';
import { failuresPath, writeSynthesis } from './write.ts';

const gazetteer = defaultGazetteer();
const earth = loadEarth();
const tiles = { earth, spanDegrees: 12, sizePx: 56 };
const options: SynthesisOptions = { contract: 'geo-r', condition: 'cor' };

const folder = mkdtempSync(join(tmpdir(), 'geor-synthesis-'));
afterAll(() => rmSync(folder, { recursive: true }));

const earthPoints = (count: number) => readEarth({ seed: 5, count }, gazetteer, earth);

async function collect(source: Source, more: Partial<SynthesisOptions> = {}, withTiles = true) {
  const items = [];
  const merged = { ...options, ...more };
  for await (const item of synthesize(source, merged, gazetteer, withTiles ? tiles : undefined))
    items.push(item);
  return items;
}

/** Every file under a folder with its hash. */
function fingerprint(of: string): Record<string, string> {
  const names = readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    names.map((name) => [name.slice(of.length), sha256(readFileSync(name))]),
  );
}

const rowsOf = (path: string): TrainingRow[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrainingRow);

describe('synthesize', () => {
  it('asks the prompt and answers with the chain of the true place', async () => {
    for (const condition of ['cor', 'cot', 'direct'] as const) {
      const [item] = await collect(earthPoints(1), { condition, style: 'short', decimals: 2 });
      if (item?.kind !== 'row') throw new Error('no row');
      const { messages, place, lat, lon } = item.row;
      expect(messages).toEqual([
        { role: 'user', content: `<image>${answerPrompt('geo-r', condition, 'short')}` },
        {
          role: 'assistant',
          content: buildChain(place, 'geo-r', { condition, decimals: 2 }),
        },
      ]);
      const answer = parseAnswer(messages[1]!.content, 'geo-r');
      expect(answer.reading).toBe('strict');
      expect(answer.coordinate?.lat).toBeCloseTo(lat, 1);
      expect(answer.coordinate?.lon).toBeCloseTo(lon, 1);
    }
  });

  it('cuts the picture of the point and names it by its pixels', async () => {
    const [item] = await collect(earthPoints(1));
    if (item?.kind !== 'row' || !item.picture) throw new Error('no picture');
    const { lat, lon, images } = item.row;
    const expected = tilePicture(earth, { lat, lon, spanDegrees: 12, sizePx: 56 });
    expect(item.picture.pixels).toEqual(expected);
    expect(images).toEqual([`images/${pictureId(expected)}.jpg`]);
  });

  it('records the open sea as a failure, and rows from files have no picture', async () => {
    const path = join(folder, 'points.csv');
    writeFileSync(path, 'id,lat,lon\nhel,60.1699,24.9384\nsea,0,-140\nbad,x,0\n');
    const items = await collect(openFile(path), {}, false);
    expect(items.slice(1)).toEqual([
      {
        kind: 'failure',
        source: path,
        line: 3,
        code: 'no-country',
        reason: "no country at 0, -140: open sea, or nobody's land",
        id: 'sea',
        raw: 'sea,0,-140',
      },
      {
        kind: 'failure',
        source: path,
        line: 4,
        code: 'not-a-number',
        reason: 'latitude is "x", not a number',
        id: 'bad',
        raw: 'bad,x,0',
      },
    ]);
    const row = items[0]?.kind === 'row' ? items[0].row : undefined;
    expect(row).toMatchObject({ id: 'hel', place: { country: 'Finland', city: 'Helsinki' } });
    expect(row?.images).toBeUndefined();
    expect(row?.messages[0]?.content).toBe(answerPrompt('geo-r', 'cor'));
  });
});

describe('writeSynthesis', () => {
  it('writes the same bytes twice: rows, pictures and failures', async () => {
    const run = async (name: string) => {
      const out = join(folder, name);
      const counts = await writeSynthesis(
        synthesize(earthPoints(25), options, gazetteer, tiles),
        join(out, 'train.jsonl'),
      );
      expect(counts).toEqual({ rows: 25, failures: 0 });
      return fingerprint(out);
    };
    const first = await run('first');
    expect(await run('second')).toEqual(first);
    expect(Object.keys(first)).toHaveLength(26);
  });

  it('puts each picture where its row says, close to the tile', async () => {
    const path = join(folder, 'pictures', 'rows.jsonl');
    await writeSynthesis(synthesize(earthPoints(3), options, gazetteer, tiles), path);
    for (const { lat, lon, images } of rowsOf(path)) {
      const picture = decodeJpeg(readFileSync(join(folder, 'pictures', images![0]!)));
      const tile = tilePicture(earth, { lat, lon, spanDegrees: 12, sizePx: 56 });
      expect([picture.width, picture.height]).toEqual([56, 56]);
      const off = tile.data.reduce((sum, value, i) => sum + Math.abs(value - picture.data[i]!), 0);
      expect(off / tile.data.length).toBeLessThan(6);
    }
  });

  it('tells nothing about the place in any file name', async () => {
    const path = join(folder, 'names', 'rows.jsonl');
    await writeSynthesis(synthesize(earthPoints(5), options, gazetteer, tiles), path);
    const names = readdirSync(join(folder, 'names', 'images'));
    expect(names).toHaveLength(5);
    for (const name of names) expect(name).toMatch(/^[0-9a-f]{16}\.jpg$/);
  });

  it('counts failures, writes them beside the rows, and clears them after a clean run', async () => {
    const input = join(folder, 'mixed.jsonl');
    const path = join(folder, 'mixed', 'rows.jsonl');
    const run = () => writeSynthesis(synthesize(openFile(input), options, gazetteer), path);
    writeFileSync(input, '{"id":"a","lat":60.17,"lon":24.94}\n{"lat":0,"lon":-140}\nnonsense\n');
    expect(await run()).toEqual({ rows: 1, failures: 2 });
    const failures = readFileSync(failuresPath(path), 'utf8').trimEnd().split('\n');
    expect(failures.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { source: input, line: 2, reason: "no country at 0, -140: open sea, or nobody's land" },
      { source: input, line: 3 },
    ]);
    writeFileSync(input, '{"id":"a","lat":60.17,"lon":24.94}\n');
    expect(await run()).toEqual({ rows: 1, failures: 0 });
    expect(existsSync(failuresPath(path))).toBe(false);
  });

  it('leaves the old file alone when it cannot finish', async () => {
    const input = join(folder, 'later.csv');
    const path = join(folder, 'later', 'rows.jsonl');
    const run = () => writeSynthesis(synthesize(openFile(input), options, gazetteer), path);
    writeFileSync(input, 'lat,lon\n60.17,24.94\n');
    await run();
    const before = fingerprint(join(folder, 'later'));
    writeFileSync(input, 'a,b\n1,2\n');
    await expect(run()).rejects.toThrow('no column for latitude');
    expect(fingerprint(join(folder, 'later'))).toEqual(before);
  });
});
