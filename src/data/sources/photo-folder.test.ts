import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { plantedEverywhere } from '../../../test/support/photo-metadata.ts';
import { sha256 } from '../../core/node/index.ts';
import { guardPhoto } from '../guard/guard-photo.ts';
import { loadSharp } from '../guard/load-sharp.ts';
import { encodeJpeg } from '../jpeg.ts';
import { openFile } from './open.ts';
import type { Source, SourceItem, SourceRow } from './row.ts';

const root = mkdtempSync(join(tmpdir(), 'geor-photos-'));
afterAll(() => rmSync(root, { recursive: true }));

async function all(source: Source): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const batch of source) items.push(...batch);
  return items;
}

/** Rows as `line lat lon path`, failures as `line! code reason`. */
const brief = async (folder: string): Promise<string[]> =>
  (await all(openFile(folder))).map((item) =>
    item.kind === 'row'
      ? `${item.line} ${item.lat} ${item.lon} ${item.photo?.slice(resolve(folder).length + 1)}`
      : `${item.line}! ${item.code} ${item.reason}`,
  );

const PLACE = 'Reykjavík';
const plain = encodeJpeg({ width: 8, height: 8, data: new Uint8Array(192).fill(90) });
const located = plantedEverywhere(plain, PLACE, plain);

function made(name: string, files: Readonly<Record<string, Uint8Array | string>>): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

describe('a folder of photographs', () => {
  it('gives every file in the order of the paths, byte by byte, folders and all', async () => {
    const names = ['b.jpg', 'B.jpg', 'a.jpg', 'a/z.jpg', 'a/b/c.jpg', 'a-b.jpg', 'ä.jpg', 'a0.jpg'];
    const folder = made('order', {
      ...Object.fromEntries(names.map((name) => [name, located])),
      ...{ '.hidden.jpg': located, '.git/x.jpg': located },
    });
    const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(sorted.slice(0, 4)).toEqual(['B.jpg', 'a-b.jpg', 'a.jpg', 'a/b/c.jpg']);
    expect(await brief(folder)).toEqual(
      sorted.map((name, i) => `${i + 1} 64.1466 -21.9426 ${name}`),
    );
  });

  it('records what is no row with its reason, and goes on', async () => {
    const folder = made('bad', {
      ...{ 'a.txt': '64 N, 21 W', 'b.jpg': '', 'c.jpg': plain, 'd.jpg': located, 'e.jpg': 'no' },
      'f.jpg': located.subarray(0, 20),
    });
    symlinkSync(join(folder, 'absent.jpg'), join(folder, 'g.jpg'));
    symlinkSync('d.jpg', join(folder, 'h.jpg'));
    mkdirSync(join(folder, 'i'));
    symlinkSync('..', join(folder, 'i', 'up'));
    const items = await brief(folder);
    expect(items.slice(0, 5)).toEqual([
      '1! photo a.txt: it is no picture',
      '2! photo b.jpg: it is empty',
      '3! missing c.jpg: it has no GPS coordinates',
      '4 64.1466 -21.9426 d.jpg',
      '5! photo e.jpg: it is no picture',
    ]);
    expect(items[5]).toMatch(/^6! (missing|photo) f\.jpg: /);
    expect(items[6]).toMatch(/^7! unreadable g\.jpg: ENOENT/);
    expect(items[7]).toBe('8 64.1466 -21.9426 h.jpg');
    expect(items[8]).toBe('9! unreadable i/up: a link to a folder that holds it');
    expect(items).toHaveLength(9);
  });

  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.stderr.write('skipped: permissions do not bind this user\n');
  it.skipIf(isRoot)('records files and folders that may not be read', async () => {
    const folder = made('closed', { 'a.jpg': located, 'b/c.jpg': located, 'd.jpg': located });
    chmodSync(join(folder, 'a.jpg'), 0);
    chmodSync(join(folder, 'b'), 0);
    const items = await brief(folder);
    chmodSync(join(folder, 'b'), 0o700);
    expect(items[0]).toMatch(/^1! unreadable a\.jpg: EACCES/);
    expect(items[1]).toMatch(/^2! unreadable b: the folder cannot be read: EACCES/);
    expect(items[2]).toBe('3 64.1466 -21.9426 d.jpg');
  });

  it('names rows by the bytes of their files, and keeps a record that JSONL reads', async () => {
    const folder = made(`in ${PLACE}`, { [`${PLACE}.jpg`]: located });
    const [row] = await all(openFile(folder));
    expect(row).toMatchObject({ kind: 'row', id: sha256(located).slice(0, 16) });
    const lines = join(root, 'rows.jsonl');
    writeFileSync(lines, `${row?.raw}\n`);
    const [again] = await all(openFile(lines, { photo: 'photo' }));
    const { id, lat, lon, photo } = row as SourceRow;
    expect(again).toMatchObject({ id, lat, lon, photo });
  });

  it('is empty where there is nothing', async () => {
    expect(await brief(made('empty', {}))).toEqual([]);
  });
});

const { GEOR_SHARED } = process.env;
const shared = GEOR_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const photos = `${shared}/data/photos`;
const hasPhotos = existsSync(photos);
if (!hasPhotos) process.stderr.write(`skipped: ${photos} is not there (set GEOR_SHARED)\n`);

describe.skipIf(!hasPhotos)('17 real photographs', () => {
  const manifest = hasPhotos ? readFileSync(`${photos}/manifest.csv`, 'utf8') : '';
  /** Name, latitude and longitude of each line; only one path has quotes, behind the file name. */
  const expected = manifest
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const fields = line.replace(/"[^"]*"/g, '').split(',');
      return { name: fields[0]!, lat: Number(fields[5]), lon: Number(fields[6]) };
    });

  it('are all where their manifest says, within 0.0001 degrees', async () => {
    const rows = (await all(openFile(photos))).filter(({ kind }) => kind === 'row');
    expect(rows).toHaveLength(17);
    expect(expected).toHaveLength(17);
    for (const { name, lat, lon } of expected) {
      const row = rows.find((item) => item.kind === 'row' && item.photo?.endsWith(`/${name}`));
      expect(row, name).toMatchObject({ kind: 'row' });
      const found = row as SourceRow;
      expect(Math.abs(found.lat - lat), name).toBeLessThan(1e-4);
      expect(Math.abs(found.lon - lon), name).toBeLessThan(1e-4);
    }
  });

  it('leave no word of where they were taken in what a training row points to', async () => {
    if (!(await loadSharp().catch(() => undefined))) return;
    const name = 'pigallery2__images_dupl_sydney_opera_house.jpg';
    const folder = join(root, 'Sydney', 'Opera House');
    mkdirSync(folder, { recursive: true });
    cpSync(join(photos, name), join(folder, 'sydney.jpg'));
    const bytes = readFileSync(join(folder, 'sydney.jpg'));
    writeFileSync(join(folder, 'sydney.jpg'), plantedEverywhere(bytes, 'Sydney', plain));
    const [row] = await all(openFile(folder));
    const { photo, id } = row as SourceRow;
    expect(photo).toMatch(/sydney/);
    const guarded = await guardPhoto(readFileSync(photo!), { maxPixels: 100_000 });
    const said = `${id} ${guarded.contentId} ${Buffer.from(guarded.jpeg).toString('latin1')}`;
    expect(said).not.toMatch(/sydney|opera|house/i);
  });
});
