import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GeorError } from '../../core/index.ts';
import { readSafetensors, writeSafetensors } from '../safetensors.ts';
import { SafetensorsFile, writeSafetensorsFile } from './index.ts';

const golden = readFileSync(new URL('../../../test/golden/weights.safetensors', import.meta.url));
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-safetensors-'));
  path = join(folder, 'a.safetensors');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that cannot be written', () => {
  it('is refused with its path and the reason', () => {
    writeFileSync(join(folder, 'plain'), '');
    const inFile = join(folder, 'plain', 'a.safetensors');
    const plans = new Map([['a', { dtype: 'F32' as const, shape: [1] }]]);
    expect(() => writeSafetensorsFile(inFile, plans, () => Float32Array.of(1))).toThrow(
      expect.objectContaining({
        code: 'data',
        message: `cannot write ${inFile}: part of the path is not a folder`,
      }),
    );
  });
});

describe('a file read tensor by tensor', () => {
  it('holds what it holds when read as a whole', () => {
    writeFileSync(path, golden);
    const file = SafetensorsFile.open(path);
    const whole = readSafetensors(golden);
    expect([...file.entries.keys()]).toEqual([...whole.keys()]);
    expect(file.metadata).toEqual({ format: 'pt' });
    for (const [name, tensor] of whole) {
      expect(file.read(name), name).toEqual(tensor);
      const { begin, end } = file.entries.get(name)!;
      expect(Buffer.compare(file.readBytes(name), golden.subarray(begin, end)), name).toBe(0);
      expect(file.readElements(name, 1, 3), name).toEqual(tensor.data.slice(1, 3));
      const part = file.readBytes(name, 4, 1e9);
      expect(Buffer.compare(part, golden.subarray(Math.min(end, begin + 4), end)), name).toBe(0);
    }
    file.close();
  });

  it('refuses a name that is not there, saying which', () => {
    writeFileSync(path, golden);
    const file = SafetensorsFile.open(path);
    expect(() => file.read('no.such')).toThrow(/a\.safetensors holds no tensor no\.such/);
    file.close();
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ['nothing there', () => {}, /cannot be read/],
    ['an empty file', (path) => writeFileSync(path, ''), /0 bytes are too few/],
    ['seven bytes', (path) => writeFileSync(path, golden.subarray(0, 7)), /7 bytes are too few/],
    ['a cut header', (path) => writeFileSync(path, golden.subarray(0, 99)), /in a file of 99/],
    [
      'a header of 2^63 bytes',
      (path) => writeFileSync(path, Buffer.alloc(64).fill(0x80, 7, 8)),
      /header of 9223372036854776000 bytes in a file of 64/,
    ],
    [
      'cut data',
      (path) => {
        writeFileSync(path, golden);
        truncateSync(path, golden.length - 1);
      },
      /the tensors end at byte/,
    ],
    ['more data', (path) => writeFileSync(path, Buffer.concat([golden, Buffer.of(0)])), /end at/],
  ])('refuses %s before it reads a number', (_, make, message) => {
    make(path);
    let error: unknown;
    try {
      SafetensorsFile.open(path);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(GeorError);
    expect((error as GeorError).code).toBe('data');
    expect((error as GeorError).message).toMatch(message);
    expect((error as GeorError).message).toContain(path);
  });
});

describe('a file written tensor by tensor', () => {
  it('has the bytes of one written at once, from floats and from bytes', () => {
    const whole = readSafetensors(golden);
    writeSafetensorsFile(path, whole, (name) => whole.get(name)!.data, { format: 'pt' });
    expect(Buffer.compare(readFileSync(path), golden)).toBe(0);

    const file = SafetensorsFile.open(path);
    const copy = join(folder, 'copy.safetensors');
    writeSafetensorsFile(copy, whole, (name) => file.readBytes(name), { format: 'pt' });
    file.close();
    expect(Buffer.compare(readFileSync(copy), golden)).toBe(0);
  });

  it('is not there when its elements cannot be had, and an older one stays', () => {
    const plans = new Map([['a', { dtype: 'F32' as const, shape: [2] }]]);
    writeFileSync(path, 'older');
    const write = (elements: () => Float32Array) => () =>
      writeSafetensorsFile(path, plans, elements);
    expect(write(() => new Float32Array(3))).toThrow(/a: shape \[2\] does not fit 12 bytes/);
    const broken = (): Float32Array => {
      throw new Error('lost');
    };
    expect(write(broken)).toThrow('lost');
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toEqual(['a.safetensors']);
  });

  it('rounds to the type it is written in', () => {
    const data = Float32Array.of(1, 1 + 2 ** -8, 1 + 2 ** -7, -Math.PI);
    for (const dtype of ['BF16', 'F16'] as const) {
      const plans = new Map([['a', { dtype, shape: [4] }]]);
      writeSafetensorsFile(path, plans, () => data);
      const wanted = writeSafetensors(new Map([['a', { dtype, shape: [4], data }]]));
      expect(Buffer.compare(readFileSync(path), wanted)).toBe(0);
    }
  });
});
