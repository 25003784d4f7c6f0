import { describe, expect, it } from 'vitest';
import type { Picture } from '../picture.ts';
import { halved, halvedWidth } from './box-filter.ts';
import { earthFrom } from './earth.ts';

/** A picture whose red is given and whose green and blue follow from it. */
function picture(width: number, height: number, red: (x: number, y: number) => number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = red(x, y);
      data[at++] = value;
      data[at++] = 255 - value;
      data[at++] = x;
    }
  }
  return { width, height, data };
}

describe('box filters', () => {
  it('average four pixels, halves up, channel by channel', () => {
    const out = halved({
      width: 4,
      height: 2,
      data: Uint8Array.of(
        ...[0, 10, 255, 1, 20, 255, 7, 0, 0, 7, 0, 0],
        ...[0, 30, 255, 1, 41, 254, 7, 0, 0, 8, 0, 1],
      ),
    });
    expect(out).toEqual({ width: 2, height: 1, data: Uint8Array.of(1, 25, 255, 7, 0, 0) });
  });

  it('average two neighbours and keep the height', () => {
    const out = halvedWidth({
      width: 2,
      height: 2,
      data: Uint8Array.of(...[0, 10, 255, 1, 20, 255], ...[4, 5, 6, 8, 9, 10]),
    });
    expect(out).toEqual({ width: 1, height: 2, data: Uint8Array.of(1, 15, 255, 6, 7, 8) });
  });

  it('keep a flat picture and the mean of a ramp', () => {
    expect(halved(picture(8, 4, () => 93)).data.filter((_, i) => i % 3 === 0)).toEqual(
      new Uint8Array(8).fill(93),
    );
    const ramp = halved(picture(8, 2, (x) => x * 16));
    expect([...ramp.data.filter((_, i) => i % 3 === 0)]).toEqual([8, 40, 72, 104]);
  });
});

describe('earthFrom', () => {
  const base = picture(256, 128, (x, y) => (x * 5 + y * 3) % 256);
  const earth = earthFrom(base);

  it('reduces in both directions first and then in width', () => {
    expect(earth.reduced(0, 0)).toBe(base);
    expect(earth.reduced(1, 1)).toEqual(halved(base));
    expect(earth.reduced(2, 1)).toEqual(halvedWidth(halved(base)));
    expect(earth.reduced(3, 1)).toMatchObject({ width: 32, height: 64 });
    expect(earth.reduced(2, 0)).toMatchObject({ width: 64, height: 128 });
  });

  it('makes each reduction once', () => {
    expect(earth.reduced(2, 2)).toBe(earth.reduced(2, 2));
  });

  it('reduces as far as both sides divide by two', () => {
    const uneven = earthFrom(picture(160, 80, (x, y) => (x + y) % 256));
    expect(uneven.reduced(4, 3)).toMatchObject({ width: 10, height: 10 });
    expect(uneven.reduced(6, 5)).toBe(uneven.reduced(4, 4));
  });

  it('refuses sides that cannot be halved and more down than across', () => {
    expect(() => earthFrom(picture(104, 52, () => 0))).toThrow('divisible by 8');
    expect(() => earth.reduced(1, 2)).toThrow('internal: cannot reduce');
  });
});
