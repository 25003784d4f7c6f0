import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import { type Coordinate, haversineKm } from '../../geo/index.ts';
import { cardPath } from '../card.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { writeParquet } from '../parquet/write-parquet.ts';
import { rejectsPath } from '../rejects.ts';
import type { Source, SourceItem } from '../sources/row.ts';
import { hardSelection } from './hard.ts';
import { type SelectionInput, selectionInput } from './input.ts';
import type { SelectionMethod } from './method.ts';
import { randomSelection } from './random.ts';
import { selectRows } from './select.ts';

const gazetteer = defaultGazetteer();
const folder = mkdtempSync(join(tmpdir(), 'geor-select-'));
afterAll(() => rmSync(folder, { recursive: true }));
let run = 0;
let output = '';
beforeEach(() => {
  output = join(folder, `out-${++run}.csv`);
});

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const csv = (name: string, rows: readonly Coordinate[]): string =>
  file(name, `id,lat,lon\n${rows.map(({ lat, lon }, i) => `${i},${lat},${lon}\n`).join('')}`);
const idsOf = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[0]));
const select = async (path: string, method: SelectionMethod, seed = 0) =>
  selectRows(await selectionInput(path, output), method, { output, seed, gazetteer });

/** The same rows in batches of another size. */
function inBatchesOf(size: number, input: SelectionInput): SelectionInput {
  async function* open(): Source {
    let batch: SourceItem[] = [];
    for await (const items of input.open())
      for (const item of items) {
        batch.push(item);
        if (batch.length < size) continue;
        yield batch;
        batch = [];
      }
    if (batch.length > 0) yield batch;
  }
  return { ...input, open };
}

const towns = Array.from({ length: 3000 }, (_, i) => {
  const at = (i * 61) % gazetteer.cities.count;
  return { lat: gazetteer.cities.lat[at]!, lon: gazetteer.cities.lon[at]! };
});

describe('selectRows', () => {
  it('gives the same bytes again, whatever the batches, and others for another seed', async () => {
    const input = await selectionInput(csv('towns.csv', towns), output);
    const texts: string[] = [];
    for (const size of [1, 7, 1000, 5000]) {
      await selectRows(inBatchesOf(size, input), randomSelection(100), {
        output,
        seed: 5,
        gazetteer,
      });
      texts.push(readFileSync(output, 'utf8') + readFileSync(cardPath(output), 'utf8'));
    }
    expect(new Set(texts).size).toBe(1);
    const before = idsOf(output);
    expect(before).toHaveLength(100);
    expect(before).toEqual([...before].sort((a, b) => a - b));
    await selectRows(input, randomSelection(100), { output, seed: 6, gazetteer });
    expect(idsOf(output)).not.toEqual(before);
  });

  it('keeps rows as they stand: quotes, order, header', async () => {
    const rows = ['"a, b",60.2,24.9,"two\nlines"', "c,48.9,2.4,''", '"d ""e""",35.7,139.7,'];
    const path = file(
      'quoted.csv',
      `\uFEFFname,"lat",lon,"a ""note"""\r\n${rows.join('\r\n')}\r\n`,
    );
    await select(path, randomSelection(3));
    const text = `name,"lat",lon,"a ""note"""\n${rows.join('\n')}\n`;
    expect(readFileSync(output, 'utf8')).toBe(text);
  });

  it('records what it did', async () => {
    const path = file(
      'mixed.csv',
      'lat,lon\n60.2,24.9\n61.5,23.8\n91,0\n0,-140\n35.7,139.7\nx,1\n',
    );
    const result = await select(path, randomSelection(4), 3);
    expect(readFileSync(output, 'utf8')).toBe(
      'lat,lon\n60.2,24.9\n61.5,23.8\n0,-140\n35.7,139.7\n',
    );
    const places = { rows: 4, withoutCountry: 1, continents: { Europe: 2, Asia: 1 } };
    const card: unknown = JSON.parse(readFileSync(cardPath(output), 'utf8'));
    expect(card).toEqual({
      selection: { method: 'random', count: 4, seed: 3 },
      input: {
        path,
        sha256: sha256(readFileSync(path)),
        ...places,
        countries: { FI: 2, JP: 1 },
        failures: 2,
      },
      eligible: 4,
      output: {
        path: output,
        sha256: sha256(readFileSync(output)),
        ...places,
        countries: { FI: 2, JP: 1 },
      },
    });
    expect(result.input).toMatchObject({ rows: 4, failures: 2 });
    const rejects = readFileSync(rejectsPath(output), 'utf8').trimEnd().split('\n');
    expect(rejects.map((line) => JSON.parse(line))).toMatchObject([
      { source: path, line: 4 },
      { source: path, line: 7 },
    ]);
  });

  it('removes the rejects of an earlier run when there are none', async () => {
    writeFileSync(rejectsPath(output), '{}\n');
    await select(csv('clean.csv', towns.slice(0, 3)), randomSelection(2));
    expect(existsSync(rejectsPath(output))).toBe(false);
  });

  it('keeps what there is when more is asked for', async () => {
    const result = await select(csv('few.csv', towns.slice(0, 3)), randomSelection(9));
    expect(result).toMatchObject({ eligible: 3, output: { rows: 3 } });
  });

  it('writes JSON lines for JSON lines', async () => {
    const lines = ['{"lat": 60.2, "lon": 24.9, "n": [1,  2]}', '{"lon":2.4,"lat":48.9}'];
    const path = file('rows.jsonl', `${lines.join('\n')}\n`);
    output = join(folder, `out-${run}.jsonl`);
    await select(path, randomSelection(2));
    expect(readFileSync(output, 'utf8')).toBe(`${lines.join('\n')}\n`);
  });

  it('writes JSON lines for Parquet', async () => {
    const path = join(folder, 'rows.parquet');
    const columns = { id: 'string', lat: 'double', lon: 'double' } as const;
    await writeParquet(path, columns, [
      { id: 'a', lat: 60.2, lon: 24.9 },
      { id: 'b', lat: 48.9, lon: 2.4 },
    ]);
    output = join(folder, `out-${run}.jsonl`);
    await select(path, randomSelection(2));
    expect(readFileSync(output, 'utf8')).toBe(
      '{"id":"a","lat":60.2,"lon":24.9}\n{"id":"b","lat":48.9,"lon":2.4}\n',
    );
  });

  it.each([
    ['grows', 0, 30],
    ['gets other rows, as many', 1, 21],
  ])('notices a file that %s between the passes, and leaves nothing', async (_, from, to) => {
    const path = csv('changing.csv', towns.slice(0, 20));
    const input = await selectionInput(path, output);
    let pass = 0;
    const open = (): Source => {
      if (++pass === 2) csv('changing.csv', towns.slice(from, to));
      return input.open();
    };
    const options = { output, seed: 0, gazetteer };
    const changing = selectRows({ ...input, open }, randomSelection(5), options);
    await expect(changing).rejects.toThrow('changed while it was read');
    const left = readdirSync(folder).filter((name) => name.startsWith(`out-${run}.`));
    expect(left).toEqual([]);
  });

  it('refuses a file without rows', async () => {
    const path = file('bad.csv', 'lat,lon\nx,y\n');
    await expect(select(path, randomSelection(1))).rejects.toThrow('no row with a coordinate');
  });
});

describe('selectionInput', () => {
  it.each([
    ['stdin', '-', 'out.csv', 'reads its input twice'],
    ['a folder', '.', 'out.csv', 'is a folder'],
    ['a missing file', 'absent.csv', 'out.csv', 'does not exist'],
  ])('refuses %s', async (_, path, to, message) => {
    await expect(selectionInput(path, to)).rejects.toThrow(message);
  });

  it('refuses an output that promises another format', async () => {
    const table = csv('table.csv', towns.slice(0, 2));
    await expect(selectionInput(table, 'out.jsonl')).rejects.toThrow('cannot be written');
    await expect(selectionInput(table, 'out.tsv')).rejects.toThrow('cannot be written');
    const lines = file('lines.jsonl', '{"lat":1,"lon":2}\n');
    await expect(selectionInput(lines, 'out.csv')).rejects.toThrow('cannot be written');
  });
});

describe('a hard selection', () => {
  const source = random('hard selection');
  const within = (low: number, high: number) => low + (high - low) * source.uniform();
  const special: Coordinate[] = [
    { lat: 90, lon: 0 },
    { lat: -90, lon: 77 },
    { lat: 89.5, lon: -120 },
    { lat: -17, lon: 180 },
    { lat: 65, lon: -180 },
    { lat: 52, lon: 179.99 },
    { lat: 0, lon: -179.5 },
  ];
  const scattered = Array.from({ length: 150 }, () => ({
    lat: (Math.asin(within(-1, 1)) * 180) / Math.PI,
    lon: within(-180, 180),
  }));
  const popular = [...special, ...scattered];
  const wrapped = (lon: number) => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);

  /** Half of the points lie around popular ones, out to some 300 km; all poles and edges are there. */
  const points = Array.from({ length: 20_000 }, (_, i): Coordinate => {
    if (i < special.length) return special[i]!;
    if (i % 2 === 0)
      return { lat: (Math.asin(within(-1, 1)) * 180) / Math.PI, lon: within(-180, 180) };
    const near = popular[i % 3 === 0 ? i % special.length : i % popular.length]!;
    const lat = Math.max(-90, Math.min(90, near.lat + within(-2, 2)));
    const spread = Math.min(180, 3 / Math.max(0.001, Math.cos((lat * Math.PI) / 180)));
    return { lat, lon: wrapped(near.lon + within(-spread, spread)) };
  });

  it('drops exactly the rows that brute force drops, at poles and edges too', async () => {
    const path = csv('points.csv', points);
    const result = await select(path, hardSelection({ popular, radiusKm: 200 }));
    const far = points.flatMap((point, i) =>
      popular.some((other) => haversineKm(point, other) <= 200) ? [] : [i],
    );
    expect(idsOf(output)).toEqual(far);
    expect(result.eligible).toBe(far.length);
    expect(far.length).toBeGreaterThan(5000);
    expect(far.length).toBeLessThan(15_000);
    const card = JSON.parse(readFileSync(cardPath(output), 'utf8')) as Record<string, unknown>;
    const selection = { method: 'hard', radiusKm: 200, popularPoints: popular.length, seed: 0 };
    expect(card).toMatchObject({ selection, eligible: far.length });
  });

  it('draws among the rows that are left', async () => {
    const path = csv('points.csv', points);
    await select(path, hardSelection({ popular, radiusKm: 200, count: 500 }), 1);
    const ids = idsOf(output);
    expect(ids).toHaveLength(500);
    for (const id of ids)
      expect(popular.some((other) => haversineKm(points[id]!, other) <= 200)).toBe(false);
  });
});
