import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ANSWER_CONTRACTS, answerPrompt, buildChain, parseAnswer } from '../../chain/index.ts';
import { reverseGeocode } from '../../geo/index.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { loadEarth } from '../earth/load-earth.ts';
import { pictureId, tilePicture } from '../earth/tile-picture.ts';
import { decodeJpeg } from '../jpeg.ts';
import { readEarth } from '../sources/earth.ts';
import { openFile } from '../sources/open.ts';
import type { Source } from '../sources/row.ts';
import { type Chunk, renderInputs, type SynthesisInput } from './flow.ts';
import { type PictureMaker, tilePictures } from './pictures.ts';
import type { RenderOptions } from './render.ts';
import { inlinePool, type RenderPool } from './render-pool.ts';

const gazetteer = defaultGazetteer();
const earth = loadEarth();

const base: RenderOptions = {
  ...{ contract: 'geo-r', condition: 'cor', style: 'full', stage: 'sft', format: 'messages' },
  hasImages: false,
};

const folder = mkdtempSync(join(tmpdir(), 'geor-flow-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): Source {
  const path = join(folder, name);
  writeFileSync(path, content);
  return openFile(path);
}

async function chunksOf(
  inputs: readonly SynthesisInput[],
  options: Partial<RenderOptions> = {},
  flow: { skip?: number; limit?: number } = {},
  pool: RenderPool = inlinePool({ ...base, ...options }),
): Promise<Chunk[]> {
  const { skip = 0, limit = Number.POSITIVE_INFINITY } = flow;
  const chunks: Chunk[] = [];
  for await (const chunk of renderInputs(inputs, pool, { skip, limit })) {
    const { rendered } = chunk;
    chunks.push({ ...chunk, rendered: { ...rendered, lines: new Uint8Array(rendered.lines) } });
  }
  return chunks;
}

const linesOf = (chunks: readonly Chunk[]): string[] =>
  chunks.flatMap(({ rendered }) => Buffer.from(rendered.lines).toString().split('\n').slice(0, -1));

const reasonsOf = (chunks: readonly Chunk[]): string[] =>
  chunks.flatMap(({ failures }) => failures.map(({ line, reason }) => `${line}: ${reason}`));

const HELSINKI = { lat: 60.1699, lon: 24.9384 };

describe('renderInputs', () => {
  it.each(
    ANSWER_CONTRACTS.flatMap((contract) =>
      (['cor', 'cot', 'direct'] as const).map((condition) => ({ contract, condition })),
    ),
  )('asks and answers in the words of $contract, $condition', async ({ contract, condition }) => {
    const source = file('one.csv', `id,lat,lon\na,${HELSINKI.lat},${HELSINKI.lon}\n`);
    const options = { contract, condition, style: 'short', decimals: 2 } as const;
    const row = JSON.parse(linesOf(await chunksOf([{ source }], options))[0]!);
    const place = reverseGeocode(gazetteer, HELSINKI.lat, HELSINKI.lon)!;
    expect(row.messages).toEqual([
      { role: 'user', content: answerPrompt(contract, condition, 'short') },
      { role: 'assistant', content: buildChain(place, contract, { condition, decimals: 2 }) },
    ]);
    expect(parseAnswer(row.messages[1].content, contract).reading).not.toBe('unreadable');
    expect(row).toMatchObject({ id: 'a', ...HELSINKI, place: { city: 'Helsinki' } });
  });

  it('leaves the answer out of prompts, and puts the truth beside them', async () => {
    const source = file('prompt.csv', 'id,lat,lon\na,60.1699,25\n');
    const [line] = linesOf(await chunksOf([{ source }], { stage: 'grpo' }));
    const row = JSON.parse(line!);
    expect(row.messages.map(({ role }: { role: string }) => role)).toEqual(['user']);
    expect(JSON.parse(row.solution)).toMatchObject({
      ...{ lat: 60.1699, lon: 25 },
      place: { country: 'Finland', countryCode: 'FI' },
    });
    // Whole degrees keep a decimal point, or a loader takes the column for integers.
    expect(line).toContain('"lon":25.0');
  });

  it('records the open sea and ids that come again, in any input', async () => {
    const chunks = await chunksOf([
      { source: file('first.csv', 'id,lat,lon\na,60.2,24.9\nsea,0,-140\nb,x,0\na,48.9,2.3\n') },
      { source: file('second.csv', 'id,lat,lon\nc,48.9,2.3\na,1,2\nc,48.9,2.3\nb,48.9,2.3\n') },
      { source: file('none.csv', 'lat,lon\n48.9,2.3\n48.9,2.4\n48.9,2.3\n') },
    ]);
    expect(reasonsOf(chunks)).toEqual([
      "3: no country at 0, -140: open sea, or nobody's land",
      '4: latitude is "x", not a number',
      '5: an earlier row has the id a',
      '3: an earlier row has the id a',
      '4: an earlier row has the id c',
      '4: an earlier row is the same',
    ]);
    expect(linesOf(chunks)).toHaveLength(5);
    expect(chunks.reduce((total, { rows }) => total + rows, 0)).toBe(5);
  });

  it('reads skipped items for their ids, and gives what is behind them', async () => {
    const text = `id,lat,lon\n${Array.from({ length: 9000 }, (_, i) => `${i % 8999},48.${i},2.3`).join('\n')}\n`;
    const all = await chunksOf([{ source: file('all.csv', text) }]);
    for (const skip of [0, 1, 1023, 1024, 1025, 8999, 9000]) {
      const rest = await chunksOf([{ source: file('all.csv', text) }], {}, { skip });
      expect(linesOf(rest)).toEqual(linesOf(all).slice(skip));
      const last = reasonsOf(rest);
      expect(last).toEqual(skip < 9000 ? ['9001: an earlier row has the id 0'] : []);
    }
    const limited = await chunksOf([{ source: file('all.csv', text) }], {}, { limit: 4100 });
    expect(linesOf(limited)).toEqual(linesOf(all).slice(0, 4100));
  });

  it('keeps the order when later batches are written sooner', async () => {
    const inner = inlinePool(base);
    let under = 0;
    let most = 0;
    const pool: RenderPool = {
      ...inner,
      depth: 4,
      render: async (job) => {
        most = Math.max(most, ++under);
        // The first job waits until the fourth has begun.
        const turns = 40 - 10 * (under % 4);
        for (let i = 0; i < turns; i++) await Promise.resolve();
        under--;
        const rendered = await inner.render(job);
        return { ...rendered, lines: new Uint8Array(rendered.lines) };
      },
    };
    const rows = Array.from({ length: 20_000 }, (_, i) => `${i},48.5,2.3`).join('\n');
    const chunks = await chunksOf(
      [{ source: file('order.csv', `id,lat,lon\n${rows}\n`) }],
      {},
      {},
      pool,
    );
    const ids = linesOf(chunks).map((line) => Number((JSON.parse(line) as { id: string }).id));
    expect(ids).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('stops with the error of a batch', async () => {
    const pool: RenderPool = {
      ...inlinePool(base),
      depth: 3,
      render: () => Promise.reject(new Error('a thread died')),
    };
    const source = file('dies.csv', 'id,lat,lon\na,1,2\n');
    await expect(chunksOf([{ source }], {}, {}, pool)).rejects.toThrow('a thread died');
  });
});

describe('pictures of rows', () => {
  it('are cut from the Earth and named by their pixels', async () => {
    const tiles = { earth, spanDegrees: 12, sizePx: 56 };
    const source = readEarth({ seed: 5, count: 3 }, gazetteer, earth);
    const chunks = await chunksOf([{ source, pictures: tilePictures(tiles) }], { hasImages: true });
    const pictures = chunks.flatMap((chunk) => chunk.pictures);
    linesOf(chunks).forEach((line, i) => {
      const { lat, lon, images, messages } = JSON.parse(line);
      const pixels = tilePicture(earth, { lat, lon, spanDegrees: 12, sizePx: 56 });
      expect(images).toEqual([`images/${pictureId(pixels)}.jpg`]);
      expect(messages[0].content).toBe(`<image>${answerPrompt('geo-r', 'cor')}`);
      expect(pictures[i]!.path).toBe(images[0]);
      const shown = decodeJpeg(pictures[i]!.jpeg);
      const off = pixels.data.reduce(
        (sum, value, at) => sum + Math.abs(value - shown.data[at]!),
        0,
      );
      expect(off / pixels.data.length).toBeLessThan(6);
    });
    expect(pictures).toHaveLength(3);
  });

  it('are made a few at a time, in order; one that fails is a failure of its row', async () => {
    let under = 0;
    let most = 0;
    const pictures: PictureMaker = async ({ id }) => {
      most = Math.max(most, ++under);
      for (let i = 0; i < 20 - (Number(id) % 20); i++) await Promise.resolve();
      under--;
      return Number(id) % 50 === 7
        ? `${id} is no picture`
        : { path: `images/${id}.jpg`, jpeg: new Uint8Array([Number(id) % 256]) };
    };
    const rows = Array.from({ length: 300 }, (_, i) => `${i},48.5,2.3`).join('\n');
    const source = file('pictures.csv', `id,lat,lon\n${rows}\nx,0,-140\n`);
    const chunks = await chunksOf([{ source, pictures }], { hasImages: true });
    expect(reasonsOf(chunks)).toEqual([
      ...[7, 57, 107, 157, 207, 257].map((id) => `${id + 2}: ${id} is no picture`),
      "302: no country at 0, -140: open sea, or nobody's land",
    ]);
    const named = linesOf(chunks).map(
      (line) => (JSON.parse(line) as { images: string[] }).images[0],
    );
    expect(named).toEqual(chunks.flatMap((chunk) => chunk.pictures.map(({ path }) => path)));
    expect(named).toHaveLength(294);
    expect(most).toBe(8);
  });

  it('may be missing in one of several inputs: its rows then have an empty list', async () => {
    const tiles = { earth, spanDegrees: 12, sizePx: 32 };
    const source = readEarth({ seed: 5, count: 1 }, gazetteer, earth);
    const chunks = await chunksOf(
      [
        { source: file('bare.csv', 'id,lat,lon\na,48.9,2.3\n') },
        { source, pictures: tilePictures(tiles) },
      ],
      { hasImages: true },
    );
    const [bare, tile] = linesOf(chunks).map((line) => JSON.parse(line));
    expect(bare.images).toEqual([]);
    expect(bare.messages[0].content).not.toContain('<image>');
    expect(tile.images).toHaveLength(1);
  });
});
