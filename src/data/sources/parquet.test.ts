import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { parquetMetadata } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { writeParquet } from '../parquet/write-parquet.ts';
import { openFile } from './open.ts';
import type { Source, SourceItem } from './row.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../../../test/golden/parquet/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'geor-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all(source: Source): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const batch of source) items.push(...batch);
  return items;
}

/** Rows as `line id lat lon`, failures as `line! code reason`. */
const brief = async (source: Source): Promise<string[]> =>
  (await all(source)).map((item) =>
    item.kind === 'row'
      ? `${item.line} ${item.id} ${item.lat} ${item.lon}`
      : `${item.line}! ${item.code} ${item.reason}`,
  );

const FIVE = [
  '1 9007199254740993 48.8566 2.3522',
  '2 9007199254740994 -33.8688 151.2093',
  '3 9007199254740995 64.1466 -21.9426',
  '4! missing latitude is missing',
  '5! missing longitude is missing',
];

describe('Parquet of pyarrow', () => {
  it('is read: rows, ids beyond 2^53, and missing values as failures', async () => {
    expect(await brief(openFile(golden('types.parquet')))).toEqual(FIVE);
  });

  it.each(['lat_float32', 'lat_int8', 'lat_int64', 'lat_text', 'lat_decimal'])(
    'has latitudes of any kind: %s',
    async (lat) => {
      const lats = (await all(openFile(golden('types.parquet'), { lat }))).map((item) =>
        item.kind === 'row' ? item.lat : item.code,
      );
      const tolerance = { lat_float32: 4e-6, lat_int8: 0.5, lat_int64: 0.5 }[lat] ?? 1e-12;
      [48.8566, -33.8688, 64.1466].forEach((expected, i) => {
        expect(Math.abs(Number(lats[i]) - expected)).toBeLessThan(tolerance);
      });
      expect(lats.slice(3)).toEqual(['missing', 'missing']);
    },
  );

  it('gives each row its record, without columns of bytes', async () => {
    const records = (await all(openFile(golden('types.parquet')))).map(({ raw }) =>
      JSON.parse(raw ?? ''),
    );
    const expected = JSON.parse(readFileSync(golden('types.json'), 'utf8'));
    records.forEach((record, i) => {
      expect(record.taken).toBe(`2026-01-0${i + 1}T00:00:00.000Z`);
      const { id, lat_decimal, taken, ...others } = record;
      const { id: bigId, lat_decimal: decimal, ...same } = expected[i];
      // JSON has no whole numbers that large and no decimals: texts, and the nearest number.
      expect(id).toBe(`900719925474099${3 + i}`);
      expect(bigId).toBeGreaterThan(9e15);
      expect(lat_decimal ?? null).toBe(decimal === null ? null : Number(decimal));
      const missing = Object.fromEntries(Object.keys(same).map((key) => [key, null]));
      expect({ ...missing, ...others }).toEqual(same);
    });
  });

  it('has pictures and the names of places where they are told', async () => {
    const [row] = await all(openFile(golden('types.parquet'), { photo: 'name', city: 'name' }));
    expect(row).toMatchObject({ photo: 'Paris', labels: { city: 'Paris' } });
    const [plain] = await all(openFile(golden('types.parquet')));
    expect(plain).not.toHaveProperty('photo');
    expect(plain).not.toHaveProperty('labels');
  });

  it.each(['none', 'snappy', 'gzip', 'brotli'])('is opened when compressed: %s', async (codec) => {
    expect(await brief(openFile(golden(`${codec}.parquet`)))).toEqual(FIVE);
  });

  it('is opened with Zstandard where Node has it, and else refused by name', async () => {
    const read = brief(openFile(golden('zstd.parquet')));
    if ('zstdDecompressSync' in zlib) expect(await read).toEqual(FIVE);
    else await expect(read).rejects.toThrow(/zstd\.parquet is compressed with ZSTD, which cannot/);
  });

  it('is refused by name of a compression that cannot be opened', async () => {
    await expect(brief(openFile(golden('lz4.parquet')))).rejects.toMatchObject({
      code: 'data',
      message: `${golden('lz4.parquet')} is compressed with LZ4_RAW, which cannot be opened`,
      hint: 'write the file with snappy, gzip or zstd compression',
    });
  });

  it('is read group after group, and makes ids from the records', async () => {
    const items = await all(openFile(golden('groups.parquet')));
    expect(items.map(({ line }) => line)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
    const lats = items.map((item) => (item.kind === 'row' ? item.lat : item.reason));
    expect(lats).toEqual(Array.from({ length: 600 }, (_, i) => (i + 1) / 10));
    const ids = new Set(items.map(({ id }) => id));
    expect(ids.size).toBe(600);
    expect([...ids].every((id) => /^[0-9a-f]{16}$/.test(id ?? ''))).toBe(true);
  });
});

describe('Parquet that is damaged', () => {
  const whole = readFileSync(golden('groups.parquet'));

  it('is refused when it is none, empty, or cut off anywhere', async () => {
    for (const content of ['', 'lat,lon\n1,2\n', 'PAR1', 'PAR1PAR1']) {
      const read = brief(openFile(file('none.parquet', content)));
      await expect(read).rejects.toMatchObject({
        code: 'data',
        message: expect.stringContaining('is not a Parquet file'),
      });
    }
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const path = file('cut.parquet', whole.subarray(0, Math.floor(whole.length * share)));
      await expect(brief(openFile(path))).rejects.toThrow(/cut\.parquet is cut off: the index at/);
    }
  });

  it('is refused when its index is damaged', async () => {
    const damaged = Buffer.from(whole);
    const indexBytes = whole.readUInt32LE(whole.length - 8);
    damaged.fill(0xee, damaged.length - 8 - indexBytes, damaged.length - 8 - indexBytes + 40);
    await expect(brief(openFile(file('index.parquet', damaged)))).rejects.toThrow(
      'is damaged: its index cannot be read',
    );
    const long = Buffer.from(whole);
    long.writeUInt32LE(0x7fffffff, long.length - 8);
    await expect(brief(openFile(file('long.parquet', long)))).rejects.toThrow('is damaged');
  });

  it('loses the group that is damaged and no other', async () => {
    const damaged = Buffer.from(whole);
    const { row_groups } = parquetMetadata(new Uint8Array(whole).buffer);
    const start = Number(row_groups[1]!.columns[0]!.meta_data!.data_page_offset);
    damaged.fill(0xee, start, start + 60);
    const items = await brief(openFile(file('group.parquet', damaged)));
    expect(items).toHaveLength(401);
    expect(items[199]).toMatch(/^200 /);
    expect(items[200]).toMatch(
      /^201! unreadable rows 201 to 400 \(row group 2\) cannot be read: ./,
    );
    expect(items[201]).toMatch(/^401 .* 40\.1 /);
  });

  it('is refused without columns for a coordinate', async () => {
    const path = golden('types.parquet');
    await expect(brief(openFile(path, { lat: 'Y' }))).rejects.toThrow('there is no column "Y"');
    const bare = join(folder, 'bare.parquet');
    await writeParquet(bare, { name: 'string', lat: 'double' }, [{ name: 'a', lat: 1 }]);
    await expect(brief(openFile(bare))).rejects.toMatchObject({
      hint: 'the columns are: name, lat; name them with --columns lat=NAME,lon=NAME',
    });
  });
});

describe('Parquet of ours', () => {
  it('comes back in parts of a large row group, as it went in', async () => {
    const count = 150_000; // more than two parts of 65,536
    const path = join(folder, 'large.parquet');
    const rows = Array.from({ length: count }, (_, i) => ({
      ...{ id: `r${i}`, lat: (i % 1800) / 10 - 89.95, lon: (i % 3600) / 10 - 179.95 },
    }));
    const columns = { id: 'string', lat: 'double', lon: 'double' } as const;
    await writeParquet(path, columns, rows, { rowGroupRows: count });
    let next = 0;
    for await (const batch of openFile(path))
      for (const item of batch) {
        const row = rows[next++]!;
        if (item.kind === 'failure') throw new Error(item.reason);
        const { line, id, lat, lon } = item;
        if (line !== next || id !== row.id || lat !== row.lat || lon !== row.lon) {
          expect({ line, id, lat, lon }).toEqual({ line: next, ...row });
        }
      }
    expect(next).toBe(count);
  });
});
