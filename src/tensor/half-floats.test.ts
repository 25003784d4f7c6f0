import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeBfloat16,
  decodeFloat16,
  fromBfloat16,
  fromFloat16,
  toBfloat16,
  toFloat16,
} from './half-floats.ts';

const golden: { rounding: { words: number[]; float16: number[]; bfloat16: number[] } } = JSON.parse(
  readFileSync(new URL('../../test/golden/weights.json', import.meta.url), 'utf8'),
);
const { words, float16, bfloat16 } = golden.rounding;
const values = new Float32Array(new Uint32Array(words).buffer);
const everyHalf = Uint16Array.from({ length: 65536 }, (_, half) => half);

describe('F16', () => {
  it('rounds as torch does', () => {
    expect(Array.from(values, toFloat16)).toEqual(float16);
  });

  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7bff, 65504],
    [0x8000, -0],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e00, Number.NaN],
  ])('%i is %d', (half, value) => {
    expect(fromFloat16(half)).toBe(value);
  });

  it('every pattern but NaN comes back, and a table decodes like the formula', () => {
    const decoded = decodeFloat16(everyHalf);
    for (const half of everyHalf) {
      const value = fromFloat16(half);
      if (!Object.is(decoded[half], value)) expect.fail(`table: ${half}`);
      const back = toFloat16(value);
      if (back !== half && !Number.isNaN(value)) expect.fail(`${half} -> ${value} -> ${back}`);
      if (Number.isNaN(value) && !Number.isNaN(fromFloat16(back))) expect.fail(`NaN: ${half}`);
    }
  });
});

describe('BF16', () => {
  it('rounds as torch does', () => {
    expect(Array.from(values, toBfloat16)).toEqual(bfloat16);
  });

  it.each([
    [0x3f80, 1],
    [0xc000, -2],
    [0x0001, 2 ** -133],
    [0x8000, -0],
    [0x7f80, Number.POSITIVE_INFINITY],
    [0x7fc0, Number.NaN],
  ])('%i is %d', (half, value) => {
    expect(fromBfloat16(half)).toBe(value);
  });

  it('every pattern but NaN comes back', () => {
    const decoded = decodeBfloat16(everyHalf);
    for (const half of everyHalf) {
      const value = fromBfloat16(half);
      if (!Object.is(decoded[half], value)) expect.fail(`array: ${half}`);
      const back = toBfloat16(value);
      if (back !== half && !Number.isNaN(value)) expect.fail(`${half} -> ${value} -> ${back}`);
      if (Number.isNaN(value) && !Number.isNaN(fromBfloat16(back))) expect.fail(`NaN: ${half}`);
    }
  });
});
