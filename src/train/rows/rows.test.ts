import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taggedPhoto } from '../../../test/support/photo-folder.ts';
import { answerPrompt, buildChain } from '../../chain/index.ts';
import { random } from '../../core/index.ts';
import { defaultGazetteer, encodeJpeg, writeParquet } from '../../data/index.ts';
import { reverseGeocode } from '../../geo/index.ts';
import {
  DEFAULT_PREPROCESSOR,
  type ModelCard,
  promptBatch,
  questionTokens,
} from '../../model/index.ts';
import { loadModel } from '../../model/node/index.ts';
import { type RowTaskOptions, readRows, rowTask } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);
const gazetteer = defaultGazetteer();
const options = { gazetteer, seed: 1 };
const hasSharp = await import('sharp').then(
  () => true,
  () => false,
);
if (!hasSharp) process.stderr.write('skipped: photographs are not opened without sharp\n');

const picture = (width: number, height: number, shade: number): Uint8Array =>
  encodeJpeg({ width, height, data: new Uint8Array(width * height * 3).fill(shade) });
const HELSINKI = { lat: 60.1699, lon: 24.9384 };
const NAIROBI = { lat: -1.2864, lon: 36.8172 };

const { parameters: _, ...shippedCard } = loadModel(
  new URL('../../../assets/earth-model', import.meta.url).pathname,
);
/** The shipped model's words, with pictures of any shape. */
const card: ModelCard = {
  ...shippedCard,
  preprocessor: { ...DEFAULT_PREPROCESSOR, minPixels: 28 * 28, maxPixels: 56 * 84 },
};
const asking: RowTaskOptions = {
  ...({ contract: 'geo-r', conditions: ['cor'], decimals: 1, stage: 'sft' } as const),
  ...{ maxTokens: 500, tile: { spanDegrees: 12, sizePx: 56 } },
};

beforeAll(async () => {
  mkdirSync(at('images'));
  writeFileSync(at('images/a.jpg'), picture(112, 112, 40));
  writeFileSync(at('images/b.jpg'), picture(168, 112, 90));
  writeFileSync(at('images/broken.jpg'), picture(112, 112, 1).subarray(0, 300));
  const rows = [
    { id: 'a', image: 'images/a.jpg', ...HELSINKI },
    { id: 'b', image: 'images/b.jpg', ...NAIROBI },
    { id: 'c', image: 'images/broken.jpg', ...NAIROBI },
    { id: 'd', image: 'images/none.jpg', ...NAIROBI },
  ];
  const lines = (list: readonly object[]): string =>
    list.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(
    at('rows.jsonl'),
    `${lines(rows)}{"id":"e","lat":95,"lon":0,"image":"x"}\nnot JSON\n`,
  );
  writeFileSync(
    at('rows.csv'),
    `id,image,lat,lon\na,images/a.jpg,${HELSINKI.lat},${HELSINKI.lon}\nsea,images/a.jpg,-45,-130\n`,
  );
  const columns = { id: 'string', image: 'string', lat: 'double', lon: 'double' } as const;
  await writeParquet(at('rows.parquet'), columns, rows.slice(0, 2));
  const content = '<image>Where?';
  const truth = { images: ['images/a.jpg'], ...HELSINKI };
  writeFileSync(
    at('messages.jsonl'),
    lines([
      {
        id: 'm',
        messages: [
          { role: 'user', content },
          { role: 'assistant', content: 'There.' },
        ],
        ...truth,
      },
      {
        id: 'q',
        messages: [{ role: 'user', content }],
        ...truth,
        solution: '{"entities":["sea"]}',
      },
      {
        id: 't',
        prompt: [{ role: 'user', content: 'Where?' }],
        completion: [{ role: 'assistant', content: 'Here.' }],
        ...truth,
      },
    ]),
  );
});

describe('rows to train on', () => {
  it.each(['rows.jsonl', 'rows.csv', 'rows.parquet'])(
    'come from %s with their places',
    async (name) => {
      const { rows } = await readRows([at(name)], options);
      expect(rows[0]).toMatchObject({
        ...{ id: 'a', picture: { kind: 'photo', path: at('images/a.jpg') } },
        place: { country: 'Finland', city: 'Helsinki' },
      });
    },
  );

  it('come from several inputs, tiles among them, up to a limit', async () => {
    const inputs = [at('rows.csv'), 'earth:?count=5&split=test'];
    const { rows } = await readRows(inputs, options);
    expect(rows.map((row) => row.picture.kind)).toEqual(['photo', ...Array(5).fill('tile')]);
    expect((await readRows(inputs, { ...options, limit: 3 })).rows).toHaveLength(3);
  });

  it('that cannot be used are there with their reasons', async () => {
    const { leftOut } = await readRows([at('rows.jsonl'), at('rows.csv')], options);
    expect(leftOut.map(({ code, line }) => [code, line])).toEqual([
      ['swapped', 5],
      ['unreadable', 6],
      ['no-country', 3],
    ]);
  });

  it('keep the questions and answers that they have', async () => {
    const { rows } = await readRows([at('messages.jsonl')], options);
    expect(rows.map(({ given }) => given)).toEqual([
      { question: 'Where?', answer: 'There.' },
      { question: 'Where?' },
      { question: 'Where?', answer: 'Here.' },
    ]);
    expect(rows[1]?.entities).toEqual(['sea']);
  });

  it('name their pictures, or the file is refused', async () => {
    writeFileSync(at('bare.csv'), 'lat,lon\n1,2\n');
    await expect(readRows([at('bare.csv')], options)).rejects.toThrow('name no pictures');
    writeFileSync(at('odd.csv'), `lat,lon,file\n${HELSINKI.lat},${HELSINKI.lon},images/a.jpg\n`);
    const { rows } = await readRows([at('odd.csv')], { ...options, columns: { photo: 'file' } });
    expect(rows).toHaveLength(1);
  });

  it('with the id of an earlier one are left out where ids must tell them apart', async () => {
    const twice = [at('rows.csv'), at('rows.csv')];
    expect((await readRows(twice, options)).rows).toHaveLength(2);
    const { rows, leftOut } = await readRows(twice, { ...options, unique: true });
    expect(rows).toHaveLength(1);
    expect(leftOut.filter(({ code }) => code === 'duplicate-id')).toHaveLength(1);
  });
});

describe.skipIf(!hasSharp)('a task of rows', () => {
  it('asks and answers by the contract, under each condition', async () => {
    const { rows } = await readRows([at('rows.csv')], options);
    const conditions = ['cot', 'direct'] as const;
    for (const contract of ['geo-r', 'globe', 'geoagent', 'json'] as const) {
      const { task } = await rowTask(rows, card, { ...asking, contract, conditions });
      const said = task.turns(0).map(({ prompt, answer }) => ({
        asks: card.tokenizer
          .decode(prompt)
          .includes(answerPrompt(contract, conditions[0], 'short')),
        answer: card.tokenizer.decode(answer, { skipSpecialTokens: true }),
      }));
      const place = reverseGeocode(gazetteer, HELSINKI.lat, HELSINKI.lon)!;
      expect(said.map(({ answer }) => answer)).toEqual(
        conditions.map((condition) => buildChain(place, contract, { condition, decimals: 1 })),
      );
      expect(said[0]?.asks).toBe(true);
    }
  });

  it('leaves out broken pictures and rows that are too long, and goes on', async () => {
    const { rows } = await readRows([at('rows.jsonl')], options);
    const { leftOut, rows: kept } = await rowTask(rows, card, asking);
    expect(kept.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(leftOut.map(({ id, code }) => [id, code])).toEqual([
      ['c', 'photo'],
      ['d', 'photo'],
    ]);
    expect(leftOut[1]?.reason).toContain('none.jpg cannot be read');
    await expect(rowTask(rows, card, { ...asking, maxTokens: 5 })).rejects.toThrow(
      'no row is left',
    );
    const { rows: given } = await readRows([at('messages.jsonl')], options);
    const codes = async (stage: 'sft' | 'grpo') =>
      (await rowTask(given, card, { ...asking, stage })).leftOut.map(({ code }) => code);
    expect(await codes('sft')).toEqual(['no-answer']);
    expect(await codes('grpo')).toEqual([]);
  });

  it('shows each picture in its own shape, as a policy would show it', async () => {
    const { rows } = await readRows([at('rows.jsonl')], options);
    const { task, grid, pictures } = await rowTask(rows, card, asking);
    expect(grid).toBeUndefined(); // square and wide
    expect([task.gridOf!(0), task.gridOf!(1)]).toEqual([
      { height: 4, width: 4 },
      { height: 4, width: 6 },
    ]);
    for (const index of [0, 1]) {
      const image = pictures.image(task.target(index) as (typeof rows)[number])!;
      const question = answerPrompt('geo-r', 'cor', 'short');
      const { prompts, images } = promptBatch(
        [
          {
            messages: [
              {
                role: 'user',
                content: [
                  { type: 'image', image },
                  { type: 'text', text: question },
                ],
              },
            ],
          },
        ],
        card,
      );
      expect(task.prompt(index)).toEqual(prompts[0]!.tokens);
      expect(questionTokens(card, question, task.gridOf!(index))).toEqual(prompts[0]!.tokens);
      const own = new Float32Array(images.pixels.length);
      await task.writeImage(index, own, 0);
      expect(own).toEqual(images.pixels);
    }
  });

  it('jitters tiles in training alone, and photographs never', async () => {
    const { rows } = await readRows([at('rows.csv'), 'earth:?count=1'], options);
    const { task } = await rowTask(rows, card, asking);
    const drawn = async (index: number, key?: number): Promise<Float32Array> => {
      const { height, width } = task.gridOf!(index);
      const out = new Float32Array(height * width * 3 * 14 * 14);
      await task.writeImage(index, out, 0, key === undefined ? undefined : random(1, 'view', key));
      return out;
    };
    expect(await drawn(0, 1)).toEqual(await drawn(0));
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1, 1)).not.toEqual(await drawn(1));
    expect(await drawn(1, 1)).not.toEqual(await drawn(1, 2));
    expect(await drawn(1, 2)).toEqual(await drawn(1, 2));
  });

  it('knows nothing of what a photograph carries: its coordinate is truth alone', async () => {
    mkdirSync(at('tagged'));
    const jpeg = picture(112, 112, 120);
    writeFileSync(at('tagged/lagos.jpg'), taggedPhoto(jpeg, 6.4541, 3.3947));
    writeFileSync(at('tagged/oslo.jpg'), taggedPhoto(jpeg, 59.9139, 10.7522));
    const { rows } = await readRows([at('tagged')], options);
    expect(rows.map(({ place }) => place.country)).toEqual(['Nigeria', 'Norway']);
    const { task } = await rowTask(rows, card, asking);
    expect(task.prompt(0)).toEqual(task.prompt(1));
    const [one, other] = [0, 1].map(() => new Float32Array(task.imageSize));
    await task.writeImage(0, one!, 0);
    await task.writeImage(1, other!, 0);
    expect(one).toEqual(other);
  });
});
