import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import type { Place } from '../../geo/index.ts';
import { type ROW_FORMATS, rowFormat } from './formats.ts';
import { LineBuffer } from './line-buffer.ts';
import { type ChainRow, jsonDegrees, jsonText, type RowSettings } from './row-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

const place: Place = {
  ...{ lat: 43.452, lon: 142, continent: 'Asia', country: 'Japan', countryCode: 'JP' },
  ...{ region: 'Hokkaidō', city: 'Biei "Town"' },
};
const row: ChainRow = {
  ...{ id: 'a\\b', answer: 'Country: Japan\n(43.4520, 142.0000)', image: 'images/0.jpg', place },
  ...{ lat: 43.452, lon: 142 },
};
const bare: ChainRow = { ...row, id: 'b', image: undefined, place: { ...place, city: 'Obihiro' } };

const settings: RowSettings = { stage: 'sft', prompt: 'Where?\n"Here"', hasImages: true };

function textOf(
  name: (typeof ROW_FORMATS)[number],
  rows: readonly ChainRow[],
  more: Partial<RowSettings> = {},
) {
  const lines = new LineBuffer();
  const write = rowFormat(name).rowWriter({ ...settings, ...more });
  for (const each of rows) {
    write(each, lines);
    lines.end();
  }
  return Buffer.from(lines.content()).toString();
}

const parsed = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const truth = { lat: 43.452, lon: 142 };
const names = { continent: 'Asia', country: 'Japan', countryCode: 'JP', region: 'Hokkaidō' };
const solution =
  '{"lat":43.452,"lon":142.0,"place":{"continent":"Asia","country":"Japan","countryCode":"JP",' +
  '"region":"Hokkaidō","city":"Biei \\"Town\\""}}';

describe('messages', () => {
  it('have the shape that ms-swift and LLaMA-Factory read', () => {
    expect(parsed(textOf('messages', [row, bare]))).toEqual([
      {
        id: 'a\\b',
        messages: [
          { role: 'user', content: '<image>Where?\n"Here"' },
          { role: 'assistant', content: row.answer },
        ],
        ...{ images: ['images/0.jpg'], ...truth, place: { ...names, city: 'Biei "Town"' } },
      },
      {
        id: 'b',
        messages: [
          { role: 'user', content: 'Where?\n"Here"' },
          { role: 'assistant', content: row.answer },
        ],
        ...{ images: [], ...truth, place: { ...names, city: 'Obihiro' } },
      },
    ]);
  });

  it('are prompts without the answer for GRPO, with the truth as one text', () => {
    const [first] = parsed(textOf('messages', [row], { stage: 'grpo' }));
    expect(first).toEqual({
      ...{ id: 'a\\b', messages: [{ role: 'user', content: '<image>Where?\n"Here"' }] },
      ...{ images: ['images/0.jpg'], ...truth, solution },
    });
  });

  it('tell a reward what is to be seen, where the source tells', () => {
    const seen = { ...row, entities: ['red "post box"', 'tram'] };
    const [first] = parsed(textOf('messages', [seen], { stage: 'grpo' }));
    const { solution: text } = first as { readonly solution: string };
    expect(JSON.parse(text)).toEqual({ ...JSON.parse(solution), entities: seen.entities });
  });

  it('have the same columns in every row, whatever is known of the place', () => {
    const { region: _r, city: _c, ...wild } = place;
    const [first, second] = parsed(textOf('messages', [row, { ...bare, place: wild }]));
    expect(Object.keys(second as object)).toEqual(Object.keys(first as object));
    expect(second).toMatchObject({ place: { region: '', city: '' } });
    expect(textOf('messages', [bare], { hasImages: false })).not.toContain('images');
  });
});

describe('TRL', () => {
  it('gets prompt and completion without <image>', () => {
    expect(parsed(textOf('trl', [row]))).toEqual([
      {
        id: 'a\\b',
        prompt: [{ role: 'user', content: 'Where?\n"Here"' }],
        completion: [{ role: 'assistant', content: row.answer }],
        ...{ images: ['images/0.jpg'], ...truth, place: { ...names, city: 'Biei "Town"' } },
      },
    ]);
    const [prompt] = parsed(textOf('trl', [row], { stage: 'grpo' }));
    expect(Object.keys(prompt as object)).toEqual([
      'id',
      'prompt',
      'images',
      'lat',
      'lon',
      'solution',
    ]);
  });
});

describe('verl', () => {
  async function parquetOf(stage: 'sft' | 'grpo') {
    const lines = join(folder, 'lines');
    const path = join(folder, `${stage}.parquet`);
    const now = { ...settings, stage };
    writeFileSync(lines, textOf('verl', [row, bare], now));
    await rowFormat('verl').convert!(lines, path, now);
    const bytes = readFileSync(path);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const columns = parquetSchema(parquetMetadata(file)).children.map(
      ({ element }) => element.name,
    );
    return { columns, rows: await parquetReadObjects({ file }) };
  }
  const about = (index: bigint, id: string) => ({ index, id, ...truth, split: 'train' });

  it('gets prompts with the truth as JSON text for GRPO', async () => {
    const { columns, rows } = await parquetOf('grpo');
    expect(columns).toEqual([
      ...['data_source', 'prompt', 'images', 'ability', 'reward_model', 'extra_info'],
    ]);
    expect(rows[0]).toEqual({
      ...{ data_source: 'geor', ability: 'geolocalization' },
      prompt: [{ role: 'user', content: '<image>Where?\n"Here"' }],
      images: [{ image: 'images/0.jpg' }],
      reward_model: { style: 'rule', ground_truth: solution },
      extra_info: about(0n, 'a\\b'),
    });
    expect(rows[1]).toMatchObject({ images: [], extra_info: about(1n, 'b') });
  });

  it('gets messages for SFT', async () => {
    const { columns, rows } = await parquetOf('sft');
    expect(columns).toEqual(['messages', 'images', 'extra_info']);
    expect(rows[0]).toEqual({
      messages: [
        { role: 'user', content: '<image>Where?\n"Here"' },
        { role: 'assistant', content: row.answer },
      ],
      images: [{ image: 'images/0.jpg' }],
      extra_info: about(0n, 'a\\b'),
    });
  });
});

describe('JSON of fields', () => {
  it('is that of JSON.stringify for any text', () => {
    const text = fc.string({ unit: 'binary' });
    const awkward = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\n', '\u2028', '\ud800', 'é'),
    });
    fc.assert(
      fc.property(fc.oneof(text, awkward), (any) => {
        expect(jsonText(any)).toBe(JSON.stringify(any));
      }),
    );
  });

  it('gives degrees a decimal point and loses nothing', () => {
    expect([2, -0, 0, 180, -73.5, 1e-7].map(jsonDegrees)).toEqual([
      ...['2.0', '0.0', '0.0', '180.0', '-73.5', '1e-7'],
    ]);
    fc.assert(
      fc.property(fc.double({ min: -180, max: 180, noNaN: true }), (degrees) => {
        expect(JSON.parse(jsonDegrees(degrees))).toBe(degrees === 0 ? 0 : degrees);
      }),
    );
  });
});

describe('LineBuffer', () => {
  it('grows as it has to, and begins anew', () => {
    const buffer = new LineBuffer();
    const wide = '東'.repeat(300_000);
    buffer.text('a');
    buffer.bytes(Buffer.from('b'));
    buffer.text(wide);
    buffer.text(wide);
    buffer.end();
    expect(Buffer.from(buffer.content()).toString()).toBe(`ab${wide}${wide}\n`);
    buffer.clear();
    buffer.text('c');
    expect(Buffer.from(buffer.content()).toString()).toBe('c');
  });
});
