import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { Graph, ops, Session, type SessionOptions, writeSafetensors } from './index.ts';
import { readSafetensorsHeader, type SafetensorsDtype } from './safetensors-header.ts';

const types = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;
/** Sixteenths below 8: exact in all three types. */
const values = Float32Array.from({ length: 6 }, (_, i) => (i * 37 - 90) / 16);
const shard = (dtype: SafetensorsDtype): Uint8Array =>
  writeSafetensors(
    new Map([
      ['before', { dtype, shape: [5], data: new Float32Array(5).fill(1) }],
      ['weight', { dtype, shape: [2, 3], data: values }],
    ]),
  );
const files = new Map(
  (['F32', 'F16', 'BF16'] as const).map((dtype) => [`${dtype}.safetensors`, shard(dtype)]),
);

/** x w^T for a weight of each file, so that one graph reads three shards. */
function threeShards(): Graph {
  const graph = new Graph();
  const x = graph.input('x', ['n', 3]);
  for (const [file, bytes] of files) {
    const { entries } = readSafetensorsHeader(bytes);
    const { name, dtype, shape, begin } = entries.find((entry) => entry.name === 'weight')!;
    const weight = graph.stored(`${dtype}:${name}`, shape, { file, begin, type: types[dtype] });
    graph.output(ops.linear(x, weight), `y.${dtype}`);
  }
  return graph;
}
const x = { data: Float32Array.of(1, 2, -1, 0, 0.5, 4), shape: [2, 3] };
/** By hand: rows of x times rows of the weight. */
const expected = [0, 1].flatMap((row) =>
  [0, 1].map((column) =>
    [0, 1, 2].reduce((sum, k) => sum + x.data[3 * row + k]! * values[3 * column + k]!, 0),
  ),
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-stored-'));
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('stored weights', () => {
  it.each<[string, () => SessionOptions]>([
    ['files of a folder', () => ({ weights: folder })],
    ['files in memory', () => ({ weights: files })],
    [
      'files of a folder, with as little memory as can be',
      () => ({
        weights: folder,
        memory: { arena: false, pattern: false, prepack: false, foldConstants: false },
      }),
    ],
  ])('are read from %s, by several sessions', async (_, options) => {
    const sessions = [
      await Session.create(threeShards(), { threads: 1, ...options() }),
      await Session.create(threeShards(), { threads: 1, ...options() }),
    ];
    for (const session of sessions) {
      const results = await session.run({ x });
      expect(Object.keys(results)).toEqual(['y.F32', 'y.F16', 'y.BF16']);
      for (const { data } of Object.values(results)) expect([...data]).toEqual(expected);
      await session.release();
    }
  });

  it('keep their bits: subnormals, infinities and the largest numbers of each type', async () => {
    const edges = Float32Array.of(2 ** -14, -(2 ** -24), 65504, -0, Number.POSITIVE_INFINITY, 1);
    for (const dtype of ['F32', 'F16', 'BF16'] as const) {
      const bytes = writeSafetensors(new Map([['w', { dtype, shape: [6], data: edges }]]));
      const { begin } = readSafetensorsHeader(bytes).entries[0]!;
      const graph = new Graph();
      const weight = graph.stored('w', [6], { file: 'w', begin, type: types[dtype] });
      graph.output(ops.where(graph.input('pick', [6], 'int64'), weight, 0), 'y');
      const nothing = new Graph();
      const bare = nothing.stored('w', [6], { file: 'w', begin, type: types[dtype] });
      nothing.output(ops.reshape(bare, [2, 3]), 'y');
      const session = await Session.create(nothing, {
        threads: 1,
        weights: new Map([['w', bytes]]),
      });
      const { y } = await session.run({});
      const want = dtype === 'BF16' ? edges.with(2, 65536) : edges;
      expect(new Uint32Array((y!.data as Float32Array).slice().buffer)).toEqual(
        new Uint32Array(want.slice().buffer),
      );
      await session.release();
    }
  });

  it('have no gradient of their own but pass gradients on', async () => {
    const graph = new Graph();
    const input = graph.input('x', [1, 3]);
    const weight = graph.stored('w', [2, 3], { file: 'w', begin: 0, type: 'float32' });
    graph.output(graph.gradients(ops.sum(ops.linear(input, weight)), [input])[0]!, 'gradient');
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);
    const session = await Session.create(graph, { weights: new Map([['w', bytes]]) });
    expect([...(await session.run({ x: new Float32Array(3) }))['gradient']!.data]).toEqual([
      5, 7, 9,
    ]);
    await session.release();
  });

  it.each(['../w.safetensors', '/etc/passwd', 'a/b', 'a\\b', '..', '.', '', 'a\0b', 'C:w'])(
    'refuse the file name %j, which could leave the folder',
    (file) => {
      const failure = (): unknown =>
        new Graph().stored('w', [1], { file, begin: 0, type: 'float32' });
      expect(failure).toThrow(GeorError);
      expect(failure).toThrow('no weight at byte 0');
    },
  );

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuse byte %d', (begin) => {
    expect(() => new Graph().stored('w', [1], { file: 'w', begin, type: 'float32' })).toThrow(
      GeorError,
    );
  });

  it.each<[string, number, string]>([
    ['reach past the end of their file', 120, 'F32.safetensors'],
    ['lie in a file that is not there', 0, 'missing.safetensors'],
  ])('are an engine error when they %s', async (_, begin, file) => {
    const graph = new Graph();
    graph.output(ops.exp(graph.stored('w', [100], { file, begin, type: 'float32' })), 'y');
    await expect(Session.create(graph, { weights: folder })).rejects.toMatchObject({
      code: 'engine',
    });
  });
});
