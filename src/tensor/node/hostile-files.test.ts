import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GeorError } from '../../core/index.ts';
import { writeSafetensors } from '../safetensors.ts';
import { SafetensorsFile } from './index.ts';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-hostile-'));
  path = join(folder, 'weights.safetensors');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Opens the file and reads every tensor; the message of the refusal, or undefined. */
function readAll(): string | undefined {
  let file: SafetensorsFile | undefined;
  try {
    file = SafetensorsFile.open(path);
    for (const [name, { begin, end, dtype }] of file.entries) {
      const { data } = file.read(name);
      expect(data.length).toBe((end - begin) / (dtype === 'F32' ? 4 : 2));
    }
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(GeorError);
    expect((error as GeorError).code).toBe('data');
    return (error as GeorError).message;
  } finally {
    file?.close();
  }
}

/** A header of this length and text, at the start of a file of `size` bytes, the rest of it holes. */
function writeHeader(length: bigint, text: string, size: number): void {
  const bytes = Buffer.alloc(8 + text.length);
  bytes.writeBigUInt64LE(length);
  bytes.write(text, 8, 'latin1');
  writeFileSync(path, bytes);
  truncateSync(path, size);
}

/** Bytes of array memory that `work` leaves allotted at its worst, seen after it. */
function growthOf(work: () => void): number {
  const before = process.memoryUsage().arrayBuffers;
  work();
  return process.memoryUsage().arrayBuffers - before;
}

const sound = writeSafetensors(
  new Map([
    ['model.layers.0.weight', { shape: [4, 5], data: new Float32Array(20).fill(1) }],
    ['model.layers.0.bias', { dtype: 'BF16' as const, shape: [4], data: new Float32Array(4) }],
    ['../../etc/passwd', { dtype: 'F16' as const, shape: [3], data: new Float32Array(3) }],
    ['nul\0 and "quotes"', { shape: [0, 7], data: new Float32Array(0) }],
  ]),
  { format: 'pt' },
);

describe('a hostile file', () => {
  it('cannot make a name more than a name: none is a path, none a property', () => {
    writeFileSync(path, sound);
    const file = SafetensorsFile.open(path);
    expect(new Set(file.entries.keys())).toEqual(
      new Set([
        '../../etc/passwd',
        'model.layers.0.bias',
        'model.layers.0.weight',
        'nul\0 and "quotes"',
      ]),
    );
    for (const name of ['__proto__', 'constructor', 'toString'])
      expect(() => file.read(name)).toThrow(/holds no tensor/);
    file.close();
  });

  it.each<[string, bigint, number]>([
    ['beyond the file', 2n ** 20n, 64],
    ['of 2^63', 2n ** 63n, 64],
    ['of 32 GiB, inside a file of 64 GiB', 2n ** 35n, 2 ** 36],
    ['just over the limit, inside a file of 1 GiB', 100_000_001n, 2 ** 30],
  ])(
    'with a header length %s is refused before anything of that length is allotted',
    (_, length, size) => {
      writeHeader(length, '{}', size);
      const growth = growthOf(() => expect(readAll()).toMatch(/header of \d+ bytes/));
      expect(growth).toBeLessThan(2 ** 20);
    },
  );

  it.each<[string, string]>([
    [
      'a shape that overflows',
      '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}',
    ],
    [
      'offsets that overflow',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551616]}}',
    ],
    ['offsets in reverse', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}'],
    [
      'a tensor of 16 GiB that is not there',
      '{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,17179869184]}}',
    ],
    [
      'two tensors in one place',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    ],
    [
      'the same name twice',
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
    ],
    ['a tensor named __proto__', '{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'],
    ['brackets without end', '['.repeat(100_000)],
  ])('with %s is refused', (_, header) => {
    writeHeader(BigInt(header.length), header, 8 + header.length + 8);
    const growth = growthOf(() => expect(readAll()).toBeTypeOf('string'));
    expect(growth).toBeLessThan(2 ** 20);
  });

  it('with flipped bits is read or refused, and never anything else', () => {
    const headerEnd = 8 + Number(Buffer.from(sound).readBigUInt64LE());
    const flips = fc.array(fc.tuple(fc.nat(headerEnd - 1), fc.nat(7)), {
      minLength: 1,
      maxLength: 4,
    });
    let refused = 0;
    fc.assert(
      fc.property(flips, (places) => {
        const damaged = sound.slice();
        for (const [at, bit] of places) damaged[at] = damaged[at]! ^ (1 << bit);
        writeFileSync(path, damaged);
        if (readAll() !== undefined) refused++;
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('cut anywhere is refused', () => {
    for (let length = 0; length < sound.length; length++) {
      writeFileSync(path, sound.subarray(0, length));
      expect(readAll(), `${length} bytes`).toBeTypeOf('string');
    }
    writeFileSync(path, sound);
    expect(readAll()).toBeUndefined();
    expect(readFileSync(path).length).toBe(sound.length);
  });

  it('that is a folder is refused', () => {
    expect(() => SafetensorsFile.open(folder)).toThrow(GeorError);
  });
});
