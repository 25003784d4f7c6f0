import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findColumns, parseColumns } from './columns.ts';
import { parseEarthAddress } from './earth.ts';
import { readLines } from './lines.ts';
import { openFile } from './open.ts';
import type { Source, SourceItem, SourceRow } from './row.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all(source: Source): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const batch of source) items.push(...batch);
  return items;
}

/** Rows as `line id lat lon`, failures as `line! reason`. */
const brief = async (source: Source) =>
  (await all(source)).map((item) =>
    item.kind === 'row'
      ? `${item.line} ${item.id} ${item.lat} ${item.lon}`
      : `${item.line}! ${item.reason}`,
  );

describe('CSV', () => {
  it.each(['lat,lon', 'LAT,LON', 'latitude,longitude', 'Latitude,lng', 'lat,long'])(
    'finds the columns of %s',
    async (header) => {
      const path = file('names.csv', `id,${header}\na,60.5,-24.25\n`);
      expect(await brief(openFile(path))).toEqual(['2 a 60.5 -24.25']);
    },
  );

  it('drops a byte order mark before the first column', async () => {
    const path = file('mark.csv', '\uFEFFlat,lon,id\n1,2,a\n');
    expect(await brief(openFile(path, { lat: 'lat' }))).toEqual(['2 a 1 2']);
  });

  it('takes the columns it is told', async () => {
    const path = file('told.csv', 'IMG_ID,lat,Y,X\na.jpg,0,60.5,24\n');
    const columns = parseColumns('lat=Y,lon=X');
    expect(await brief(openFile(path, columns))).toEqual(['2 a.jpg 60.5 24']);
  });

  it('records every bad row with its line and reads on', async () => {
    const path = file(
      'bad.csv',
      'id,lat,lon\na,1,2\nb,north,2\nc,,2\nd,91,2\ne,1,-180.5\nf,1\n\ng,1,2,3\nh,-1.5,1e1\ni,NaN,0\nj,0x10,0\nk,0,0.0\nl,0,1\nm,139.7,95\n',
    );
    expect(await brief(openFile(path))).toEqual([
      '2 a 1 2',
      '3! latitude is "north", not a number',
      '4! latitude is missing',
      '5! latitude 91 is not in [-90, 90]; longitude first, (2, 91), would fit',
      '6! longitude -180.5 is not in [-180, 180]',
      '7! 2 fields under a header of 3',
      '9! 4 fields under a header of 3',
      '10 h -1.5 10',
      '11! latitude is "NaN", not a number',
      '12! latitude is "0x10", not a number',
      '13! the coordinate is exactly (0, 0), which stands for none',
      '14 l 0 1',
      '15! latitude 139.7 is not in [-90, 90]',
    ]);
  });

  it('keeps quoted commas and line breaks, and the lines after them', async () => {
    const path = file('quoted.csv', 'id,title,lat,lon\r\na,"x, ""y""\nz",1,2\r\nb,,3,4\r\n');
    expect(await brief(openFile(path))).toEqual(['2 a 1 2', '4 b 3 4']);
  });

  it('loses one line to a stray quote, and to one that is never closed', async () => {
    const path = file('stray.csv', 'id,lat,lon\na,1,2\n"b"x,3,4\nc,5,6\nd 5",7,8\ne,9,10\n');
    expect(await brief(openFile(path))).toEqual([
      '2 a 1 2',
      '3! text after a closing quote',
      '4 c 5 6',
      '5! a quote inside a bare field',
      '6 e 9 10',
    ]);
    const open = file('open.csv', 'id,lat,lon\na,1,2\nb,"3,4\nc,5,6\n\n"d",7,8\ne,9,1\n');
    expect(await brief(openFile(open))).toEqual([
      '2 a 1 2',
      '3! a quote is never closed',
      '4 c 5 6',
      '6 d 7 8',
      '7 e 9 1',
    ]);
    const last = file('last.csv', 'id,lat,lon\na,1,2\nb,"3,4\nc,5,6\nd,7,8');
    expect(await brief(openFile(last))).toEqual([
      '2 a 1 2',
      '3! a quote is never closed',
      '4 c 5 6',
      '5 d 7 8',
    ]);
  });

  it('tells semicolons and tabs by the header', async () => {
    const semicolons = file('semicolons.csv', 'id;lat;lon\na,b;1;2\nc;3,5;2\n');
    expect(await brief(openFile(semicolons))).toEqual([
      '2 a,b 1 2',
      '3! latitude is "3,5", not a number',
    ]);
    expect(await brief(openFile(file('t.csv', 'id\tlat\tlon\na\t1\t2\n')))).toEqual(['2 a 1 2']);
  });

  it('reads UTF-16 with its mark, and fails rows with bytes that are not UTF-8', async () => {
    const text = 'id,lat,lon,city\nä,1,2,Zürich\n東,3,4,東京\n';
    const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const [name, bytes] of [
      ['little.csv', little],
      ['big.csv', big],
      ['utf8.csv', Buffer.from(text)],
    ] as const) {
      writeFileSync(join(folder, name), bytes);
      const items = await all(openFile(join(folder, name)));
      expect(items).toMatchObject([
        { id: 'ä', lat: 1, labels: { city: 'Zürich' } },
        { id: '東', lat: 3, labels: { city: '東京' } },
      ]);
    }
    const latin = join(folder, 'latin.csv');
    writeFileSync(latin, Buffer.from('id,lat,lon,city\na,1,2,Z\xfcrich\nb,3,4,Bern\n', 'latin1'));
    expect(await brief(openFile(latin))).toEqual(['2! holds bytes that are not UTF-8', '3 b 3 4']);
  });

  it('keeps characters whole that stand across two reads', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i}東京,1,2`);
    const path = file('wide.csv', `id,lat,lon\n${rows.join('\n')}`);
    const ids = (await all(openFile(path))).map((item) => (item.kind === 'row' ? item.id : ''));
    expect(ids).toEqual(rows.map((row) => row.split(',')[0]));
  });

  it('refuses a line that is too long and reads on', async () => {
    const path = file('long.csv', `id,lat,lon\na${'x'.repeat(3 << 20)},1,2\nb,3,4\n`);
    expect(await brief(openFile(path))).toEqual(['2! longer than 1048576 characters', '3 b 3 4']);
    const open = file('open.csv', `id,lat,lon\n"a,1,2\n${'c,3,4\n'.repeat(200_000)}`);
    const items = await brief(openFile(open));
    expect(items[0]).toBe('2! a quote is not closed within 1048576 characters');
    expect(items).toHaveLength(200_001);
    expect(items.at(-1)).toBe('200002 c 3 4');
  });

  it('takes the labels and the picture of MP16-Pro, and keeps empty levels', async () => {
    const header =
      'IMG_ID,LAT,LON,neighbourhood,city,county,state,region,country,country_code,continent';
    const path = file('pro.csv', `${header}\na.jpg,1,2,N,,C, S ,R,Kenya,ke,Africa\n`);
    const [item] = await all(openFile(path, parseColumns('photo=IMG_ID')));
    expect(item).toMatchObject({
      id: 'a.jpg',
      photo: 'a.jpg',
      labels: { country: 'Kenya', region: 'S', city: '' },
    });
    const [plain] = await all(openFile(file('plain.csv', 'id,lat,lon\na,1,2\n')));
    expect(plain).not.toHaveProperty('labels');
    expect(plain).not.toHaveProperty('photo');
  });

  it('keeps each record as it stood', async () => {
    const path = file('raw.csv', 'id,t,lat,lon\r\na,"x\r\ny",1,2\r\n\r\nb,,x,4\r\n');
    const raws = (await all(openFile(path))).map(({ raw }) => raw);
    expect(raws).toEqual(['a,"x\r\ny",1,2', 'b,,x,4']);
  });

  it('gives rows without an id one made from their content', async () => {
    const path = file('anonymous.csv', 'lat,lon\n1,2\n1,3\n1,2\n');
    const [first, second, third] = (await all(openFile(path))) as SourceRow[];
    expect(first?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(second?.id).not.toBe(first?.id);
    expect(third?.id).toBe(first?.id);
  });

  it('reads tab-separated values', async () => {
    const path = file('tabs.tsv', 'lat\tlon\tid\n1\t2\ta,b\n');
    expect(await brief(openFile(path))).toEqual(['2 a,b 1 2']);
  });

  it('is refused as a whole without a header that names a coordinate', async () => {
    await expect(brief(openFile(file('none.csv', 'a,b\n1,2\n')))).rejects.toThrow(
      'no column for latitude and longitude',
    );
    await expect(brief(openFile(file('empty.csv', '')))).rejects.toThrow('has no header row');
    await expect(brief(openFile(file('mac.csv', 'id,lat,lon\ra,1,2\r')))).rejects.toThrow(
      'carriage returns alone',
    );
    const columns = { lat: 'Y' };
    await expect(brief(openFile(file('y.csv', 'lat,lon\n1,2\n'), columns))).rejects.toThrow(
      'there is no column "Y"',
    );
  });

  it('is read whole when it is larger than a buffer, in order', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      i % 1000 === 999 ? `r${i},x,0` : `r${i},${(i % 90) + 0.5},${i % 180}`,
    );
    const items = await all(openFile(file('large.csv', `id,lat,lon\n${rows.join('\n')}\n`)));
    expect(items).toHaveLength(20_000);
    expect(items.filter(({ kind }) => kind === 'failure')).toHaveLength(20);
    expect(items.map(({ line }) => line)).toEqual(Array.from({ length: 20_000 }, (_, i) => i + 2));
  });
});

describe('JSONL', () => {
  it('reads numbers and their texts, and records what is no row', async () => {
    const path = file(
      'rows.jsonl',
      '{"id":"a","lat":1,"lon":2}\n\n{"id":7,"latitude":"1.5","lng":"-2"}\n{"lat":1\n[1,2]\n{"lat":1}\n{"id":"z","lat":-91,"lon":0}\r\n{"id":"e","lat":0,"lon":180}',
    );
    const items = await brief(openFile(path));
    expect(items[0]).toBe('1 a 1 2');
    expect(items[1]).toBe('3 7 1.5 -2');
    expect(items[2]).toMatch(/^4! not JSON: /);
    expect(items.slice(3)).toEqual([
      '5! not a JSON object',
      '6! longitude is missing',
      '7! latitude -91 is not in [-90, 90]; longitude first, (0, -91), would fit',
      '8 e 0 180',
    ]);
  });

  it('fails only the lines that lack a column it was told', async () => {
    const path = file('told.jsonl', '{"id":"a","Y":1,"lon":2}\n{"id":"b","lat":1,"lon":2}\n');
    expect(await brief(openFile(path, { lat: 'Y' }))).toEqual([
      '1 a 1 2',
      '2! there is no column "Y"',
    ]);
  });

  it('breaks lines at line feeds only, and across buffers', async () => {
    const long = 'ä'.repeat(70_001);
    const path = file('lines.txt', `\uFEFFab\u2028c\r\n${long}\nlast`);
    const lines = [];
    for await (const batch of readLines(path))
      lines.push(...batch.map((line) => line.replace(/\r$/, '')));
    expect(lines).toEqual(['ab\u2028c', long, 'last']);
  });
});

describe('inputs', () => {
  it('are told apart by their names', () => {
    expect(() => openFile('photos.xlsx')).toThrow('cannot tell what photos.xlsx is');
    expect(() => openFile(join(folder, 'absent.csv'))).toThrow('does not exist');
  });

  it('can name columns, in any order, and nothing else', () => {
    expect(parseColumns('lon=X, id=a=b')).toEqual({ lon: 'X', id: 'a=b' });
    expect(() => parseColumns('lat')).toThrow('cannot read "lat" in --columns');
    expect(() => parseColumns('lng=X')).toThrow('cannot read "lng=X"');
    expect(findColumns(['longitude', 'Lon', 'x'], {})).toEqual({ lon: 'Lon' });
  });

  it('can be the Earth, with options', () => {
    const defaults = { seed: 1, count: 10 };
    expect(parseEarthAddress('earth:', defaults)).toEqual(defaults);
    expect(parseEarthAddress('earth:?count=5&seed=3&split=test', defaults)).toEqual({
      count: 5,
      seed: 3,
      split: 'test',
    });
    for (const address of ['earth:?count=x', 'earth:?split=all', 'earth:?size=3', 'earth:moon'])
      expect(() => parseEarthAddress(address, defaults)).toThrow(/earth:/);
  });
});
