import { describe, expect, it } from 'vitest';
import { encodeJpeg } from '../data/index.ts';
import { otherEarthBytes, otherEarthFrom } from './other-earth.ts';

const picture = (width: number, height: number): Uint8Array =>
  encodeJpeg({ width, height, data: new Uint8Array(width * height * 3).fill(90) });

describe('another picture of the Earth', () => {
  it('is one that tiles can be cut from', () => {
    const { base, reduced } = otherEarthFrom(picture(160, 80));
    expect(base).toMatchObject({ width: 160, height: 80 });
    expect(reduced(2, 1)).toMatchObject({ width: 40, height: 40 });
  });

  it('is refused with its size where it is not the whole Earth, and where it cannot be halved', () => {
    expect(() => otherEarthFrom(picture(120, 80))).toThrow('120 x 80');
    expect(() => otherEarthFrom(picture(100, 50))).toThrow('100 x 50');
  });

  it('that was named and is not there, or is no picture, is an error', () => {
    expect(() => otherEarthBytes('/nowhere/earth.jpg')).toThrow('/nowhere/earth.jpg');
    expect(() => otherEarthFrom(Uint8Array.of(1, 2, 3))).toThrow('not a readable JPEG');
  });
});
