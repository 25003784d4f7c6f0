import {
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type FileCalls, sha256 } from '../../core/node/index.ts';
import { cardPath } from '../card.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { loadEarth } from '../earth/load-earth.ts';
import { rejectsPath } from '../rejects.ts';
import { readEarth } from '../sources/earth.ts';
import { openFile } from '../sources/open.ts';
import { journalPath } from './journal.ts';
import { tilePictures } from './pictures.ts';
import type { RenderOptions } from './render.ts';
import { inlinePool } from './render-pool.ts';
import { type WriteOptions, writeSynthesis } from './write.ts';

const gazetteer = defaultGazetteer();
const earth = loadEarth();

const render: RenderOptions = {
  ...{ contract: 'geo-r', condition: 'cor', style: 'short', stage: 'sft', format: 'messages' },
  hasImages: false,
};

const folder = mkdtempSync(join(tmpdir(), 'geor-write-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 10,000 points, every hundredth without a country, every thousandth unreadable. */
const points = join(folder, 'points.csv');
writeFileSync(
  points,
  `id,lat,lon\n${Array.from({ length: 10_000 }, (_, i) =>
    i % 1000 === 999 ? `p${i},x,0` : i % 100 === 50 ? `p${i},0,-140` : `p${i},48.${i},2.${i}`,
  ).join('\n')}\n`,
);

const write = (path: string, more: Partial<WriteOptions> = {}, input = points) =>
  writeSynthesis([{ source: openFile(input) }], inlinePool(render), {
    ...{ path, render, identity: { input: 'points', seed: 1 } },
    ...more,
  });

const writeTiles = (path: string, more: Partial<WriteOptions> = {}) => {
  const source = readEarth({ seed: 5, count: 200 }, gazetteer, earth);
  const pictures = tilePictures({ earth, spanDegrees: 12, sizePx: 32 });
  const withImages = { ...render, hasImages: true };
  const options = { path, render: withImages, identity: {}, ...more };
  return writeSynthesis([{ source, pictures }], inlinePool(withImages), options);
};

/** Every file under a folder with its hash. */
function fingerprint(of: string): Record<string, string> {
  const names = readdirSync(of, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    names.map((name) => [name.slice(of.length), sha256(readFileSync(name))]),
  );
}

class Killed extends Error {}

/** A file system under which the process dies at the n-th write, after half of it. */
function dyingAt(n: number): FileCalls {
  let count = 0;
  return {
    ...{ openSync, fsyncSync },
    writeSync: (file, bytes, offset, length, position) => {
      if (++count < n) return writeSync(file, bytes, offset, length, position);
      writeSync(file, bytes, offset, Math.ceil(length / 2), position);
      throw new Killed();
    },
  };
}

const out = (name: string): string => join(folder, name, 'rows.jsonl');

describe('writeSynthesis', () => {
  it('writes rows, rejects and a card; the same bytes twice', async () => {
    const { tally } = await write(out('first'));
    expect(tally).toMatchObject({
      ...{ items: 10_000, rows: 9890 },
      rejects: { 'no-country': 100, 'not-a-number': 10 },
    });
    await write(out('second'));
    const first = fingerprint(join(folder, 'first'));
    expect(fingerprint(join(folder, 'second'))).toEqual(first);
    expect(Object.keys(first).sort()).toEqual([
      '/rows.jsonl',
      '/rows.jsonl.card.json',
      '/rows.jsonl.rejects.jsonl',
    ]);
    const rows = readFileSync(out('first'), 'utf8').trimEnd().split('\n');
    expect(rows).toHaveLength(9890);
    expect(JSON.parse(rows.at(-1)!)).toMatchObject({ id: 'p9998' });
    const rejects = readFileSync(rejectsPath(out('first')), 'utf8')
      .trimEnd()
      .split('\n');
    expect(JSON.parse(rejects[0]!)).toEqual({
      ...{ source: points, line: 52, id: 'p50', code: 'no-country' },
      reason: "no country at 0, -140: open sea, or nobody's land",
      raw: 'p50,0,-140',
    });
  });

  it('tells in the card what is in the rows and where they come from', async () => {
    await write(out('card'), { identity: { recipe: 'geo-r', inputs: [{ path: 'points' }] } });
    const card = JSON.parse(readFileSync(cardPath(out('card')), 'utf8'));
    expect(card).toMatchObject({
      recipe: 'geo-r',
      inputs: [{ path: 'points' }],
      counts: { read: 10_000, rows: 9890, rejected: 110, pictures: 0 },
      rejectedBy: { 'no-country': 100, 'not-a-number': 10 },
      continents: { Europe: 9890 },
      countries: { FR: 9890 },
    });
    expect(card.attribution).toContain('GeoNames');
    expect(card).not.toHaveProperty('labels');
  });

  it('writes pictures beside the rows, under names that tell nothing', async () => {
    await writeTiles(out('tiles'));
    const rows = readFileSync(out('tiles'), 'utf8').trimEnd().split('\n');
    const named = rows.map((line) => (JSON.parse(line) as { images: string[] }).images[0]!);
    for (const name of named) expect(name).toMatch(/^images\/[0-9a-f]{16}\.jpg$/);
    const there = readdirSync(join(folder, 'tiles', 'images'));
    expect(there.sort()).toEqual([...new Set(named)].map((name) => name.slice(7)).sort());
  });

  it('removes the rejects of an earlier run when there are none now', async () => {
    const input = join(folder, 'changing.csv');
    writeFileSync(input, 'id,lat,lon\na,60.17,24.94\nb,0,-140\n');
    await write(out('changing'), {}, input);
    expect(existsSync(rejectsPath(out('changing')))).toBe(true);
    writeFileSync(input, 'id,lat,lon\na,60.17,24.94\n');
    await write(out('changing'), {}, input);
    expect(existsSync(rejectsPath(out('changing')))).toBe(false);
  });

  it('leaves the old files alone when it cannot finish', async () => {
    await write(out('kept'));
    const before = fingerprint(join(folder, 'kept'));
    const input = join(folder, 'headless.csv');
    writeFileSync(input, 'a,b\n1,2\n');
    await expect(write(out('kept'), {}, input)).rejects.toThrow('no column for latitude');
    expect(fingerprint(join(folder, 'kept'))).toMatchObject(before);
  });
});

describe('a full disk', () => {
  it('is said plainly, puts nothing in place, and is no obstacle to going on later', async () => {
    let count = 0;
    const full: FileCalls = {
      ...{ openSync, fsyncSync },
      writeSync: (file, bytes, offset, length, position) => {
        if (++count < 3) return writeSync(file, bytes, offset, length, position);
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' });
      },
    };
    const path = out('full');
    await expect(write(path, { calls: full, journalItems: 1 })).rejects.toMatchObject({
      code: 'data',
      message: expect.stringMatching(/^cannot write .*: no space is left on the disk$/),
    });
    for (const file of [path, rejectsPath(path), cardPath(path)])
      expect(existsSync(file)).toBe(false);
    await write(path, { resume: true });
    await write(out('unfilled'));
    expect(fingerprint(join(folder, 'full'))).toEqual(fingerprint(join(folder, 'unfilled')));
  });

  it('and so is a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'plain'), '');
    await expect(write(join(folder, 'plain', 'rows.jsonl'))).rejects.toThrow(
      'part of the path is not a folder',
    );
  });
});

describe('a resumed run', () => {
  it('ends in the bytes of an unbroken one, wherever it was killed', async () => {
    await write(out('unbroken'));
    const expected = fingerprint(join(folder, 'unbroken'));
    for (const n of [1, 2, 3, 6, 15]) {
      const path = out(`killed-${n}`);
      const journal = { journalItems: 1 };
      await expect(write(path, { ...journal, calls: dyingAt(n) })).rejects.toThrow(Killed);
      expect(existsSync(path)).toBe(false);
      const { resumedFrom } = await write(path, { ...journal, resume: true });
      // Each chunk writes its rows, then its rejects, and is entered.
      expect(resumedFrom > 0).toBe(n > 2);
      expect(fingerprint(join(folder, `killed-${n}`))).toEqual(expected);
    }
  });

  it('can be killed again and again', async () => {
    const path = out('often');
    let isDone = false;
    for (let tries = 0; !isDone; tries++) {
      expect(tries).toBeLessThan(20);
      await write(path, { journalItems: 1, resume: true, calls: dyingAt(4) }).then(
        () => {
          isDone = true;
        },
        (error: unknown) => expect(error).toBeInstanceOf(Killed),
      );
    }
    expect(fingerprint(join(folder, 'often'))).toEqual(fingerprint(join(folder, 'unbroken')));
  });

  it('ends in the same pictures', async () => {
    await writeTiles(out('pictures'));
    const path = out('pictures-killed');
    const journal = { journalItems: 1 };
    await expect(writeTiles(path, { ...journal, calls: dyingAt(3) })).rejects.toThrow(Killed);
    expect((await writeTiles(path, { ...journal, resume: true })).resumedFrom).toBe(128);
    expect(fingerprint(join(folder, 'pictures-killed'))).toEqual(
      fingerprint(join(folder, 'pictures')),
    );
  });

  it('goes on after an interruption, which keeps what was written', async () => {
    const path = out('interrupted');
    const stop = new AbortController();
    const { isInterrupted, tally } = await write(path, {
      signal: stop.signal,
      onProgress: ({ items }) => items > 4000 && stop.abort(),
    });
    expect(isInterrupted).toBe(true);
    expect(existsSync(path)).toBe(false);
    const { resumedFrom } = await write(path, { resume: true });
    expect(resumedFrom).toBe(tally.items);
    expect(fingerprint(join(folder, 'interrupted'))).toEqual(fingerprint(join(folder, 'unbroken')));
  });

  it('only puts in place what a run had finished', async () => {
    const path = out('finished');
    await write(path);
    const expected = fingerprint(join(folder, 'finished'));
    // As after a kill between the last entry of the journal and the renames.
    const { renameSync } = await import('node:fs');
    renameSync(path, `${path}.partial`);
    const journal = {
      ...{ version: 1, identity: { input: 'points', seed: 1 } },
      tally: {
        items: 10_000,
        rows: 9890,
        pictures: 0,
        labels: {},
        places: { 'Europe/FR': 9890 },
      },
      ...{ lineBytes: 1, rejectBytes: 1, isComplete: true },
    };
    const tally = { ...journal.tally, rejects: { 'no-country': 100, 'not-a-number': 10 } };
    writeFileSync(journalPath(path), JSON.stringify({ ...journal, tally }));
    await write(path, { resume: true });
    expect(fingerprint(join(folder, 'finished'))).toEqual(expected);
  });

  it('is refused with other arguments, and when its journal is damaged', async () => {
    const path = out('other');
    await expect(write(path, { journalItems: 1, calls: dyingAt(5) })).rejects.toThrow(Killed);
    const other = { identity: { input: 'points', seed: 2 }, resume: true };
    await expect(write(path, other)).rejects.toMatchObject({
      code: 'usage',
      message: '--resume: seed differs from the interrupted run',
      hint: expect.stringContaining('it was 1 and is 2'),
    });
    writeFileSync(journalPath(path), '{"version":1}');
    await expect(write(path, { resume: true })).rejects.toThrow('is damaged');
    await write(path);
    expect(fingerprint(join(folder, 'other'))).toEqual(fingerprint(join(folder, 'unbroken')));
  });
});
