/**
 * Pictures, whole and damaged.
 * @module
 */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { Random } from '../../../src/core/index.ts';

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** A PNG chunk with its checksum. */
export function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  const out = Buffer.alloc(8);
  out.writeUInt32BE(data.length);
  out.writeUInt32BE((crc ^ 0xffffffff) >>> 0, 4);
  return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
}

/** A PNG that says it has these sides; its pixels are `data`, deflated. */
export function png(
  width: number,
  height: number,
  data: Uint8Array,
  bits = 1,
  extra: Buffer[] = [],
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = bits;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), ...extra, chunk('IDAT', deflateSync(data, { level: 9 }))];
  return Buffer.concat([signature, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

/** Rows of zeros of a one-bit picture. */
export const blank = (width: number, height: number): Buffer =>
  Buffer.alloc(height * (1 + Math.ceil(width / 8)));

/** Sides of a JPEG overwritten in its frame header. */
export function withSides(jpeg: Buffer, width: number, height: number): Buffer {
  const out = Buffer.from(jpeg);
  for (let i = 2; i < out.length - 9; ) {
    const isFrame = out[i] === 0xff && [0xc0, 0xc1, 0xc2].includes(out[i + 1]!);
    if (isFrame) {
      out.writeUInt16BE(height, i + 5);
      out.writeUInt16BE(width, i + 7);
      return out;
    }
    i += 2 + out.readUInt16BE(i + 2);
  }
  throw new Error('internal: no frame header');
}

/** A few bytes changed, removed or doubled. */
export function mutated(file: Buffer, source: Random): Buffer {
  const out = Buffer.from(file);
  for (let i = 0; i < 12; i++) out[source.integer(out.length)] = source.integer(256);
  const from = source.integer(out.length);
  const cut = out.subarray(from, from + source.integer(200));
  return source.integer(2) === 0
    ? Buffer.concat([out.subarray(0, from), cut, out.subarray(from)])
    : Buffer.concat([out.subarray(0, from), out.subarray(from + cut.length)]);
}

/** Formats of pictures. */
export const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;

/** A picture of noise in a format. */
export const picture = (
  format: (typeof FORMATS)[number],
  width = 96,
  height = 64,
): Promise<Buffer> =>
  sharp({
    create: {
      ...{ width, height, channels: 3, background: '#888' },
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .toFormat(format)
    .toBuffer();

/** A whole photograph, for between the others. */
export const wholePhotograph = (): Promise<Buffer> => picture('jpeg', 640, 480);

/** A picture of one colour, of any size. */
export const flat = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: '#467' },
    limitInputPixels: false,
  });
