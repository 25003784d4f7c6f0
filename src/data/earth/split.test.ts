import { describe, expect, it } from 'vitest';
import { random } from '../../core/index.ts';
import { splitOf } from './split.ts';

describe('splitOf', () => {
  it('gives about a tenth of the blocks, and of the sphere, to testing', () => {
    let blocks = 0;
    for (let lat = -89; lat < 90; lat += 2)
      for (let lon = -179; lon < 180; lon += 2) if (splitOf(lat, lon) === 'test') blocks++;
    expect(blocks / 16200).toBeGreaterThan(0.09);
    expect(blocks / 16200).toBeLessThan(0.11);
    const source = random('sphere');
    let points = 0;
    for (let i = 0; i < 50_000; i++) {
      const lat = (Math.asin(source.uniform() * 2 - 1) * 180) / Math.PI;
      if (splitOf(lat, source.uniform() * 360 - 180) === 'test') points++;
    }
    expect(points / 50_000).toBeGreaterThan(0.09);
    expect(points / 50_000).toBeLessThan(0.11);
  });

  it('is one answer per block of two degrees', () => {
    const source = random('blocks');
    for (let i = 0; i < 2000; i++) {
      const south = source.integer(90) * 2 - 90;
      const west = source.integer(180) * 2 - 180;
      const inside = splitOf(south + source.uniform() * 1.999, west + source.uniform() * 1.999);
      expect(inside).toBe(splitOf(south, west));
    }
  });

  it('never changes: blocks fixed by the published formula', () => {
    // MurmurHash3's finaliser of 180 (row + 90) + column, computed with 64-bit integers.
    const fmix = (word: bigint) => {
      const low = (value: bigint) => BigInt.asUintN(32, value);
      let h = word;
      h = low((h ^ (h >> 16n)) * 0x85ebca6bn);
      h = low((h ^ (h >> 13n)) * 0xc2b2ae35n);
      return h ^ (h >> 16n);
    };
    for (let row = 0; row < 90; row += 7)
      for (let column = 0; column < 180; column++) {
        const expected = fmix(BigInt(180 * (row + 90) + column)) % 10n === 0n ? 'test' : 'train';
        expect(splitOf(row * 2 - 89.5, column * 2 - 178.5)).toBe(expected);
      }
  });

  it('has an answer at the edges of the map', () => {
    for (const lat of [-90, -30, 0, 60]) expect(splitOf(lat, 180)).toBe(splitOf(lat, -180));
    for (let lon = -179; lon < 180; lon += 2) {
      expect(splitOf(90, lon)).toBe(splitOf(89, lon));
      expect(splitOf(-90, lon)).toBe(splitOf(-89, lon));
    }
  });
});
