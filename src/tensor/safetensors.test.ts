import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { readSafetensorsHeader } from './safetensors-header.ts';

/** A file with this header and `data` bytes of zeros behind it. */
function file(header: unknown, data = 0): Uint8Array {
  const json = typeof header === 'string' ? header : JSON.stringify(header);
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const f32 = (shape: readonly number[], begin: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

/** The message with which reading fails; a failure of any other kind fails the test. */
function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(GeorError);
    expect((error as GeorError).code).toBe('data');
    return (error as GeorError).message;
  }
  return 'accepted';
}

describe('against the reference implementation', () => {
  const read = (name: string) =>
    readFileSync(new URL(`../../test/golden/${name}`, import.meta.url));
  const bytes = read('weights.safetensors');
  const golden: {
    tensors: Record<string, { dtype: string; shape: number[]; words: number[] }>;
  } = JSON.parse(read('weights.json').toString());

  it('reads what torch reads, bit for bit', () => {
    const tensors = readSafetensors(bytes);
    expect([...tensors.keys()].sort()).toEqual(Object.keys(golden.tensors).sort());
    for (const [name, { dtype, shape, data }] of tensors) {
      const words = Array.from(new Uint32Array(data.buffer, data.byteOffset, data.length));
      expect({ dtype, shape, words }, name).toEqual(golden.tensors[name]);
    }
  });

  it('writes the same bytes from the same tensors, in whatever order they come', () => {
    const reversed = new Map([...readSafetensors(bytes)].reverse());
    expect(writeSafetensors(reversed, { format: 'pt' })).toEqual(new Uint8Array(bytes));
  });

  it('reads its metadata', () => {
    expect(readSafetensorsHeader(bytes).metadata).toEqual({ format: 'pt' });
  });

  it('reads the same from an unaligned buffer', () => {
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(readSafetensors(shifted.subarray(1))).toEqual(readSafetensors(bytes));
    const buffer = Buffer.from(shifted.buffer, 1);
    expect(readSafetensors(buffer)).toEqual(readSafetensors(bytes));
  });
});

describe('readSafetensors', () => {
  it('gives an aligned F32 tensor as a view of the file', () => {
    const bytes = writeSafetensors(new Map([['a', { shape: [2], data: new Float32Array(2) }]]));
    expect(readSafetensors(bytes).get('a')?.data.buffer).toBe(bytes.buffer);
  });

  it('reads a file without tensors', () => {
    expect(readSafetensors(file({}))).toEqual(new Map());
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /0 bytes are too few/],
    ['half a length', new Uint8Array(7), /7 bytes are too few/],
    ['a length beyond the file', file({}).fill(255, 0, 8), /header of 18446744073709552000 bytes/],
    ['a length of 2^53', file({}).fill(1, 6, 7), /header of 281474976710658 bytes/],
    ['a length one too long', file({}).fill(3, 0, 1), /header of 3 bytes in a file of 10/],
    ['a name not in UTF-8', file('{"?":{}}').fill(0xff, 10, 11), /not JSON in UTF-8/],
    ['a cut header', file({ a: f32([1], 0, 4) }).subarray(0, 30), /in a file of 30/],
    ['broken JSON', file('{"a":'), /not JSON/],
    ['bytes that are not UTF-8', file({}).fill(0xff, 8, 9), /not JSON in UTF-8/],
    ['a list', file('[]'), /not a JSON object/],
    ['null', file('null'), /not a JSON object/],
    ['space before the object', file(' {}'), /not a JSON object/],
    ['a tensor that is null', file({ a: null }), /"a"/],
    ['a type we do not read', file({ a: { ...f32([1], 0, 8), dtype: 'I64' } }, 8), /"a": dtype/],
    ['no shape', file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4), /"a": shape/],
    ['an unknown field', file({ a: { ...f32([1], 0, 4), x: 1 } }, 4), /"a"/],
    ['a negative extent', file({ a: f32([-1, -1], 0, 4) }, 4), /"a": shape.0/],
    ['a fractional extent', file({ a: f32([0.5, 2], 0, 4) }, 4), /"a": shape.0/],
    ['an extent past 2^53', file({ a: f32([2 ** 60], 0, 4) }, 4), /"a": shape.0/],
    [
      'an overflowing shape',
      file({ a: f32([2 ** 30, 2 ** 30, 0], 0, 0) }),
      /"a": shape .* too lar/,
    ],
    ['a shape that does not fit', file({ a: f32([2], 0, 4) }, 4), /8 bytes by shape, 4 by offsets/],
    ['offsets in reverse', file({ a: f32([1], 4, 0) }, 4), /4 bytes by shape, -4 by/],
    ['one offset', file({ a: { ...f32([1], 0, 4), data_offsets: [0] } }, 4), /"a": data_offsets/],
    ['an overlap', file({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8), /overlap before it/],
    ['the same range twice', file({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4), /overlap/],
    ['a gap', file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /"b": gap/],
    ['a gap at the start', file({ a: f32([1], 4, 8) }, 8), /"a": gap/],
    ['bytes nobody owns', file({ a: f32([1], 0, 4) }, 5), /the tensors end at byte/],
    ['data that is cut', file({ a: f32([2], 0, 8) }, 7), /the tensors end at byte/],
    ['a repeated name', file('{"a":{},"\\u0061":{}}'), /"a" is there twice/],
    ['a repeated field', file('{"a":{"dtype":"F32","dtype":"F16"}}'), /"dtype" is there twice/],
    ['a tensor named __proto__', file('{"__proto__":{}}'), /named __proto__/],
    ['metadata that is not text', file({ __metadata__: { a: 1 } }), /__metadata__/],
  ])('refuses %s', (_, bytes, message) => {
    expect(refusal(bytes)).toMatch(message);
  });

  it('never fails with anything but a GeorError, whatever the header says', () => {
    const extent = fc.oneof(fc.nat(4), fc.integer(), fc.double());
    const entry = fc.oneof(
      fc.record({
        dtype: fc.constantFrom('F32', 'F16', 'BF16', 'I8'),
        shape: fc.array(extent, { maxLength: 3 }),
        data_offsets: fc.tuple(extent, extent),
      }),
      fc.jsonValue(),
    );
    const headers = fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), entry);
    fc.assert(
      fc.property(headers, fc.nat(40), (header, data) => {
        expect(refusal(file(header, data))).toBeTypeOf('string');
      }),
    );
  });

  it('never fails with anything but a GeorError on a damaged file', () => {
    const sound = writeSafetensors(
      new Map([
        ['a', { shape: [2, 2], data: new Float32Array(4) }],
        ['b', { dtype: 'F16' as const, shape: [3], data: new Float32Array(3) }],
      ]),
    );
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), fc.nat(sound.length), (at, byte, cut) => {
        const damaged = sound.slice();
        damaged[at] = byte;
        refusal(damaged);
        expect(refusal(sound.slice(0, cut)) === 'accepted').toBe(cut === sound.length);
      }),
    );
  });
});

describe('writeSafetensors', () => {
  it('round-trips names, shapes and values', () => {
    const name = fc
      .string({ unit: 'grapheme' })
      .filter((text) => text !== '__metadata__' && text !== '__proto__');
    const tensor = fc
      .tuple(fc.nat(5), fc.nat(5))
      .chain(([rows, columns]) =>
        fc
          .float32Array({ minLength: rows * columns, maxLength: rows * columns })
          .map((data) => ({ dtype: 'F32' as const, shape: [rows, columns], data })),
      );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, tensor), { maxLength: 5 }), (entries) => {
        const tensors = new Map(entries);
        const bytes = writeSafetensors(tensors);
        expect(new Map([...readSafetensors(bytes)].sort())).toEqual(new Map([...tensors].sort()));
        expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
      }),
    );
  });

  it('is the same for the same metadata in another order', () => {
    expect(writeSafetensors(new Map(), { b: '1', a: '2' })).toEqual(
      writeSafetensors(new Map(), { a: '2', b: '1' }),
    );
  });

  it.each<[string, string, number[], RegExp]>([
    ['a shape that does not fit', 'a', [2], /shape \[2\] does not fit 3 values/],
    ['a shape that is not one', 'a', [-1, -3], /is not one/],
    ['the name of the metadata', '__metadata__', [3], /no tensor can be named/],
    ['the name __proto__', '__proto__', [3], /no tensor can be named/],
    ['half a surrogate pair', '\ud800', [3], /no tensor can be named/],
  ])('refuses %s', (_, name, shape, message) => {
    const tensors = new Map([[name, { shape, data: new Float32Array(3) }]]);
    expect(() => writeSafetensors(tensors)).toThrow(message);
  });
});
