import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sha256 } from '../core/node/index.ts';
import type { RgbImage } from './image-processor.ts';
import { resizeBicubic } from './resize-bicubic.ts';
import { smartResize } from './smart-resize.ts';

const pair = z.tuple([z.number(), z.number()]);
const golden = z
  .object({
    resized: z.array(
      z.object({ from: pair, to: pair, sha256: z.string(), head: z.array(z.number()) }),
    ),
    smartResize: z.array(
      z.object({ minPixels: z.number(), maxPixels: z.number(), sha256: z.string() }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(new URL('../../test/golden/resize.json', import.meta.url), 'utf8')),
  );

/** The picture of interop/make_resize_golden.py. */
function picture(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        const plain = (x * 37 + y * 91 + c * 53 + x * y * (c + 1)) % 256;
        const stripe = (y + c) % 2 === 0 ? 0 : 255;
        data[(y * width + x) * 3 + c] = x % 3 === 0 ? stripe : plain;
      }
  return { width, height, data };
}

describe('smartResize', () => {
  it.each(golden.smartResize)(
    'is transformers for every size from 28 to 1500, at most $maxPixels pixels',
    ({ minPixels, maxPixels, sha256: expected }) => {
      let text = '';
      for (let height = 28; height <= 1500; height++) {
        const row: string[] = [];
        for (let width = 28; width <= 1500; width++) {
          const size = smartResize({ width, height }, 28, { minPixels, maxPixels });
          row.push(`${size.width}x${size.height}`);
        }
        text += `${row.join(' ')}\n`;
      }
      expect(sha256(text)).toBe(expected);
    },
  );

  it('rounds halves to even', () => {
    // 70 / 28 = 2.5 and 98 / 28 = 3.5
    expect(smartResize({ width: 70, height: 98 }, 28)).toEqual({ width: 56, height: 112 });
  });

  it('refuses what is no picture', () => {
    expect(() => smartResize({ width: 0, height: 10 }, 28)).toThrow('cannot be resized');
    expect(() => smartResize({ width: Number.NaN, height: 10 }, 28)).toThrow('cannot be resized');
    expect(() => smartResize({ width: 10, height: 2001 }, 28)).toThrow('too long');
    expect(smartResize({ width: 10, height: 2000 }, 28).width).toBe(28);
  });
});

describe('resizeBicubic', () => {
  it.each(golden.resized)(
    'is Pillow to the byte, from $from to $to',
    ({ from, to, ...expected }) => {
      const resized = resizeBicubic(picture(...from), ...to);
      expect([resized.width, resized.height]).toEqual(to);
      expect([...resized.data.subarray(0, 12)]).toEqual(expected.head);
      expect(sha256(resized.data)).toBe(expected.sha256);
    },
  );

  it('leaves an image of the right size alone', () => {
    const image = picture(9, 4);
    expect(resizeBicubic(image, 9, 4).data).toBe(image.data);
  });
});
