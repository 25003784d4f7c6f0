import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { loadEarth } from './earth/load-earth.ts';
import { tilePicture } from './earth/tile-picture.ts';
import { decodeJpeg } from './jpeg.ts';
import { encodeBaselineJpeg } from './jpeg-encoder.ts';
import type { Picture } from './picture.ts';

const meanError = (a: Picture, b: Picture): number =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;

/** jpeg-js as an independent encoder of the same kind: baseline, 4:4:4, same quantisation. */
function peer({ width, height, data }: Picture, quality: number): Uint8Array {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4);
  return jpeg.encode({ width, height, data: rgba }, quality).data;
}

function noise(width: number, height: number): Picture {
  const source = random('jpeg', width, height);
  return {
    width,
    height,
    data: Uint8Array.from({ length: width * height * 3 }, () => source.integer(256)),
  };
}

const tile = tilePicture(loadEarth(), { lat: 44, lon: 9, spanDegrees: 12, sizePx: 56 });

describe('encodeBaselineJpeg', () => {
  it.each([
    ['a tile', tile, 92],
    ['a tile, coarsely', tile, 30],
    ['a tile, as finely as possible', tile, 100],
    ['noise, whose size is no multiple of eight', noise(37, 21), 92],
    ['noise, coarsely', noise(40, 40), 10],
    ['one pixel', noise(1, 1), 92],
  ])('is as true and as small as jpeg-js: %s', (_, picture, quality) => {
    const ours = encodeBaselineJpeg(picture, quality);
    const theirs = peer(picture, quality);
    const [decoded, expected] = [decodeJpeg(ours), decodeJpeg(theirs)];
    expect([decoded.width, decoded.height]).toEqual([picture.width, picture.height]);
    expect(meanError(decoded, picture)).toBeLessThan(meanError(expected, picture) * 1.03 + 0.3);
    expect(meanError(decoded, expected)).toBeLessThan(2); // roundings that fell the other way
    expect(ours.length).toBeLessThan(theirs.length * 1.1);
  });

  it('keeps flat colours, black and white among them', () => {
    for (const colour of [
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 0],
      [0, 0, 255],
      [12, 200, 77],
    ]) {
      const data = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => colour[i % 3]!);
      const picture = { width: 16, height: 16, data };
      const back = decodeJpeg(encodeBaselineJpeg(picture, 95));
      expect(Math.max(...back.data.map((value, i) => Math.abs(value - data[i]!)))).toBeLessThan(4);
    }
  });

  it('quantises with the tables of jpeg-js', () => {
    const table = (bytes: Uint8Array): number[] => {
      const at = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xdb);
      return [...bytes.subarray(at, at + 134)];
    };
    for (const quality of [10, 50, 92, 100])
      expect(table(encodeBaselineJpeg(tile, quality))).toEqual(table(peer(tile, quality)));
  });
});
