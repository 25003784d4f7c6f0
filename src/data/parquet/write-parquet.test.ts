import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, describe, expect, it } from 'vitest';
import { type ParquetRow, schemaElements } from './schema.ts';
import { writeParquet } from './write-parquet.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-write-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'sub', 'rows.parquet');
const readBack = async () => parquetReadObjects({ file: await asyncBufferFromFile(path) });

const columns = {
  prompt: { list: { struct: { role: 'string', content: 'string' } } },
  images: { list: { struct: { image: 'string', max_pixels: 'int32' } } },
  extra_info: { struct: { index: 'int64', lat: 'double', note: { optional: 'string' } } },
  scores: { optional: { list: 'double' } },
  tested: 'boolean',
} as const;

const rowArbitrary: fc.Arbitrary<ParquetRow<typeof columns>> = fc.record({
  prompt: fc.array(fc.record({ role: fc.string(), content: fc.string({ unit: 'grapheme' }) })),
  images: fc.array(fc.record({ image: fc.string(), max_pixels: fc.integer() })),
  extra_info: fc.record({
    index: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    lat: fc.double({ noNaN: true }),
    note: fc.option(fc.string()),
  }),
  scores: fc.option(fc.array(fc.double({ noNaN: true }))),
  tested: fc.boolean(),
});

describe('writeParquet', () => {
  it('writes nested rows that come back as they went in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rowArbitrary, { maxLength: 12 }), fc.nat(4), async (rows, size) => {
        expect(await writeParquet(path, columns, rows, { rowGroupRows: size + 1 })).toBe(
          rows.length,
        );
        const read = await readBack();
        expect(read).toEqual(rows.map((row) => ({ ...row, scores: row.scores ?? undefined })));
      }),
      { numRuns: 60 },
    );
  });

  it('holds one row group at a time, and takes rows as they come', async () => {
    let given = 0;
    async function* rows() {
      for (; given < 25; given++) yield { n: given };
    }
    expect(await writeParquet(path, { n: 'int32' }, rows(), { rowGroupRows: 10 })).toBe(25);
    const { row_groups } = parquetMetadata(new Uint8Array(readFileSync(path)).buffer);
    expect(row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([10, 10, 5]);
  });

  it('writes the same bytes for the same rows', async () => {
    const bytes = [];
    for (const _ of [1, 2]) {
      await writeParquet(path, { n: 'double' }, [{ n: 1 }, { n: 2 }]);
      bytes.push(readFileSync(path));
    }
    expect(bytes[0]).toEqual(bytes[1]);
  });

  it('leaves the file that was there when rows fail, and nothing else', async () => {
    await writeParquet(path, { n: 'int32' }, [{ n: 1 }]);
    function* failing() {
      yield { n: 2 };
      throw new Error('no more rows');
    }
    const write = writeParquet(path, { n: 'int32' }, failing(), { rowGroupRows: 1 });
    await expect(write).rejects.toThrow('no more rows');
    expect(await readBack()).toEqual([{ n: 1 }]);
    expect(readdirSync(join(folder, 'sub'))).toEqual(['rows.parquet']);
  });

  it.each([
    ['int32', 1.5],
    ['int32', 2 ** 31],
    ['double', undefined],
    ['string', undefined],
  ] as const)('refuses a value that does not fit: %s of %s', async (column, value) => {
    rmSync(path, { force: true });
    // @ts-expect-error: the compiler refuses some of these as well
    await expect(writeParquet(path, { n: column }, [{ n: value }])).rejects.toThrow('parquet');
    expect(existsSync(path)).toBe(false);
  });
});

describe('schemaElements', () => {
  it('spells a list in three levels and a text with its annotation', () => {
    const text = { converted_type: 'UTF8', logical_type: { type: 'STRING' }, type: 'BYTE_ARRAY' };
    expect(schemaElements({ tags: { optional: { list: 'string' } } })).toEqual([
      { name: 'schema', num_children: 1 },
      {
        ...{ name: 'tags', num_children: 1, repetition_type: 'OPTIONAL' },
        ...{ converted_type: 'LIST', logical_type: { type: 'LIST' } },
      },
      { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
      { name: 'element', repetition_type: 'REQUIRED', ...text },
    ]);
  });
});
