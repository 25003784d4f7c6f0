import { describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { pictureId } from './earth/tile-picture.ts';
import { decodeJpeg, encodeJpeg } from './jpeg.ts';
import type { Picture } from './picture.ts';

/** A smooth picture, which JPEG keeps nearly as it is. */
function gradient(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      data[at++] = Math.round((255 * x) / width);
      data[at++] = Math.round((255 * y) / height);
      data[at++] = 90;
    }
  return { width, height, data };
}

const codeOf = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error instanceof GeorError ? error.code : error;
  }
  return 'no error';
};

describe('JPEG', () => {
  it('comes back as RGB, close to what went in', () => {
    const before = gradient(50, 30);
    const after = decodeJpeg(encodeJpeg(before, 95));
    expect([after.width, after.height, after.data.length]).toEqual([50, 30, 4500]);
    const errors = after.data.map((value, i) => Math.abs(value - before.data[i]!));
    expect(Math.max(...errors)).toBeLessThan(12);
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(2);
  });

  it('is the same bytes for the same pixels', () => {
    expect(encodeJpeg(gradient(20, 20))).toEqual(encodeJpeg(gradient(20, 20)));
  });

  it('that is broken is refused as an image, with its name', () => {
    const whole = encodeJpeg(gradient(64, 64));
    expect(codeOf(() => decodeJpeg(Uint8Array.of()))).toBe('image');
    expect(codeOf(() => decodeJpeg(new TextEncoder().encode('GIF89a or whatever')))).toBe('image');
    for (const share of [0.1, 0.5, 0.9, 0.99])
      expect(codeOf(() => decodeJpeg(whole.subarray(0, Math.floor(whole.length * share))))).toBe(
        'image',
      );
    expect(codeOf(() => decodeJpeg(whole.subarray(0, whole.length - 2)))).toBe('image');
    expect(() => decodeJpeg(whole.subarray(0, 400), 'beach.jpg')).toThrow(/^beach\.jpg is not/);
  });

  it('that claims to be enormous is refused before memory is taken', () => {
    const bomb = encodeJpeg(gradient(16, 16)).slice();
    const frame = bomb.findIndex((byte, i) => byte === 0xff && bomb[i + 1] === 0xc0);
    bomb.set([0xff, 0xff, 0xff, 0xff], frame + 5); // 65,535 x 65,535 pixels
    expect(() => decodeJpeg(bomb)).toThrow(/maxResolutionInMP/);
  });

  it('cannot be made from data of another size', () => {
    expect(() => encodeJpeg({ width: 2, height: 2, data: new Uint8Array(11) })).toThrow(
      'internal: picture data',
    );
  });
});

describe('pictureId', () => {
  it('is made from the pixels', () => {
    const black = { width: 1, height: 1, data: Uint8Array.of(0, 0, 0) };
    expect(pictureId(black)).toBe('709e80c88487a241'); // sha256 of three zero bytes, from coreutils
    expect(pictureId({ ...black, data: Uint8Array.of(0, 0, 1) })).not.toBe(pictureId(black));
  });
});
