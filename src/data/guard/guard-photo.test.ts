import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import exifr from 'exifr';
import { describe, expect, it } from 'vitest';
import {
  exifSegment,
  plantedEverywhere,
  segment,
  withSegments,
} from '../../../test/support/photo-metadata.ts';
import { GeorError } from '../../core/index.ts';
import { decodeJpeg, encodeJpeg } from '../jpeg.ts';
import type { Picture } from '../picture.ts';
import { fitPixels } from './fit-pixels.ts';
import { type GuardOptions, guardPhoto, MAX_SIDE_PX } from './guard-photo.ts';
import { isBareJpeg } from './jpeg-segments.ts';
import { loadSharp } from './load-sharp.ts';

const PLACE = 'Reykjavík';
const LARGE: GuardOptions = { maxPixels: 1e9 };

/** Whether sharp is installed; it is optional, and photographs need it. */
const sharp = await loadSharp().catch(() => undefined);
if (!sharp) process.stderr.write('skipped: photographs are not tested without sharp\n');

const { GEOR_SHARED } = process.env;
const shared = GEOR_SHARED ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
const photoFolder = join(shared, 'data/photos');
const hasPhotos = existsSync(photoFolder);
if (!hasPhotos) process.stderr.write(`skipped: ${photoFolder} is not there (set GEOR_SHARED)\n`);

function painted(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  return { width, height, data };
}

const scene = painted(96, 64, (x, y) => [x * 2, y * 3, x + y]);
const sceneJpeg = encodeJpeg(scene);

/** How often a text stands in bytes, in the encodings that metadata use and in either case. */
function occurrences(bytes: Uint8Array, text: string): number {
  const hay = Buffer.from(bytes);
  const forms = [text, text.normalize('NFD'), text.toLowerCase(), text.toUpperCase()];
  const needles = forms.flatMap((form) => {
    const wide = Buffer.from(form, 'utf16le');
    return [Buffer.from(form), Buffer.from(form, 'latin1'), wide, Buffer.from(wide).swap16()];
  });
  return needles.filter((needle) => hay.includes(needle)).length;
}

/** What exifr finds in a file with everything it knows switched on. */
const everything = (bytes: Uint8Array): Promise<unknown> =>
  exifr.parse(Buffer.from(bytes), {
    ...{ tiff: true, xmp: true, icc: true, iptc: true, jfif: false, userComment: true },
    mergeOutput: false,
  });

const reasonFor = async (bytes: Uint8Array, options = LARGE): Promise<string> => {
  try {
    await guardPhoto(bytes, options);
  } catch (error) {
    if (error instanceof GeorError) return `${error.code}: ${error.message} (${error.hint})`;
    throw error;
  }
  return 'accepted';
};

const real = hasPhotos ? readdirSync(photoFolder).filter((name) => name.endsWith('.jpg')) : [];

describe.skipIf(!sharp)('a guarded photograph', () => {
  const sources = [
    { name: 'a generated picture', jpeg: sceneJpeg },
    ...real.map((name) => ({ name, jpeg: readFileSync(join(photoFolder, name)) })),
  ];

  it.each(sources)('holds nothing that was planted in $name', async ({ jpeg }) => {
    const planted = plantedEverywhere(jpeg, PLACE, sceneJpeg);
    // The test can fail: the place is there before, and a parser finds it.
    expect(occurrences(planted, PLACE)).toBeGreaterThan(1);
    expect(JSON.stringify(await everything(planted))).toContain(PLACE);

    const guarded = await guardPhoto(planted, { maxPixels: 200_000 });
    expect(occurrences(guarded.jpeg, PLACE)).toBe(0);
    expect(await everything(guarded.jpeg)).toBeUndefined();
    expect(await exifr.gps(Buffer.from(guarded.jpeg))).toBeUndefined();
    expect(await exifr.thumbnail(Buffer.from(guarded.jpeg))).toBeUndefined();
    expect(isBareJpeg(guarded.jpeg)).toBe(true);
    expect(isBareJpeg(planted)).toBe(false);
    expect(guarded.contentId).toMatch(/^[0-9a-f]{16}$/);
    expect(guarded.carried).toEqual({
      ...{ gps: true, placeText: true, thumbnail: true, provenance: true, trailer: true },
    });
    expect(guarded.width * guarded.height).toBeLessThanOrEqual(200_000);
  });

  it('has the pixels it had', async () => {
    const { jpeg, width, height, carried, frames } = await guardPhoto(sceneJpeg, LARGE);
    expect([width, height, frames]).toEqual([96, 64, 1]);
    const after = decodeJpeg(jpeg);
    const errors = after.data.map((value, i) => Math.abs(value - scene.data[i]!));
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(3);
    expect(Object.values(carried)).toEqual([false, false, false, false, false]);
  });

  it('does not take the name of a program for that of a place', async () => {
    const xmp = '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="X 1"/>';
    const packet = segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', xmp);
    const { carried } = await guardPhoto(withSegments(sceneJpeg, [packet]), LARGE);
    expect(carried).toMatchObject({ gps: false, placeText: false });
  });

  it('is the same bytes for the same file, also when many are made at once', async () => {
    const planted = plantedEverywhere(sceneJpeg, PLACE, sceneJpeg);
    const options = { maxPixels: 1000 };
    const first = await guardPhoto(planted, options);
    const others = await Promise.all(Array.from({ length: 8 }, () => guardPhoto(planted, options)));
    for (const other of others) expect(other).toEqual(first);
    // Metadata do not reach the name either: the bare file has the same one.
    expect((await guardPhoto(sceneJpeg, options)).contentId).toBe(first.contentId);
    expect((await guardPhoto(sceneJpeg, { maxPixels: 900 })).contentId).not.toBe(first.contentId);
  });
});

describe.skipIf(!sharp)('orientation', () => {
  // Upright: red at the top left, green at the top right, blue at the bottom left, white else.
  const upright = painted(48, 32, (x, y) =>
    x < 24 ? (y < 16 ? [255, 0, 0] : [0, 0, 255]) : y < 16 ? [0, 255, 0] : [255, 255, 255],
  );
  /** Where the pixel of the stored picture stands upright (EXIF 3.0, tag 274). */
  const stored: Record<
    number,
    { swapped: boolean; at: (x: number, y: number) => [number, number] }
  > = {
    1: { swapped: false, at: (x, y) => [x, y] },
    2: { swapped: false, at: (x, y) => [47 - x, y] },
    3: { swapped: false, at: (x, y) => [47 - x, 31 - y] },
    4: { swapped: false, at: (x, y) => [x, 31 - y] },
    5: { swapped: true, at: (x, y) => [y, x] },
    6: { swapped: true, at: (x, y) => [47 - y, x] },
    7: { swapped: true, at: (x, y) => [47 - y, 31 - x] },
    8: { swapped: true, at: (x, y) => [y, 31 - x] },
  };

  it.each(Object.keys(stored).map(Number))('%i is applied before it is dropped', async (tag) => {
    const { swapped, at } = stored[tag]!;
    const [width, height] = swapped ? [32, 48] : [48, 32];
    const lying = painted(width, height, (x, y) => {
      const [right, down] = at(x, y);
      const from = (down * 48 + right) * 3;
      return [upright.data[from]!, upright.data[from + 1]!, upright.data[from + 2]!];
    });
    const photo = withSegments(encodeJpeg(lying, 100), [exifSegment({ orientation: tag })]);
    const guarded = await guardPhoto(photo, { ...LARGE, quality: 100 });
    expect([guarded.width, guarded.height]).toEqual([48, 32]);
    const picture = decodeJpeg(guarded.jpeg);
    const colour = (x: number, y: number) =>
      [0, 1, 2].map((i) => (picture.data[(y * 48 + x) * 3 + i]! > 127 ? 1 : 0)).join('');
    expect([colour(8, 8), colour(40, 8), colour(8, 24), colour(40, 24)]).toEqual([
      ...['100', '010', '001', '111'],
    ]);
    expect(await exifr.orientation(Buffer.from(guarded.jpeg))).toBeUndefined();
  });
});

describe.skipIf(!sharp)('bad pictures', () => {
  it('are refused with their reason', async () => {
    const text = (content: string) => Buffer.from(content);
    expect(await reasonFor(new Uint8Array())).toMatch(/^image: .*the file is empty/);
    expect(await reasonFor(text('Dear diary'))).toMatch(/^image: .*the file is no picture/);
    expect(await reasonFor(text('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toMatch(
      /no picture/,
    );
    expect(await reasonFor(text('%PDF-1.7'))).toMatch(/no picture/);
    expect(await reasonFor(text('\xff\xd8\xff'))).toMatch(/no picture/);
    expect(await reasonFor(Buffer.from('ffd8ffe000', 'hex'))).toMatch(/^image: /);
    const heic = Buffer.concat([text('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), Buffer.alloc(400)]);
    expect(await reasonFor(heic)).toMatch(/^image: .*convert the file to JPEG/);
  });

  it('are refused when they are cut off, wherever', async () => {
    const progressive = await sharp!(sceneJpeg).jpeg({ progressive: true }).toBuffer();
    const png = await sharp!(sceneJpeg).png().toBuffer();
    const webp = await sharp!(sceneJpeg).webp().toBuffer();
    for (const whole of [sceneJpeg, progressive, png, webp]) {
      expect(await reasonFor(whole)).toBe('accepted');
      for (const share of [0.02, 0.3, 0.6, 0.9, 0.98]) {
        const part = whole.subarray(0, Math.floor(whole.length * share));
        expect(await reasonFor(part), `${share} of ${whole.length}`).toMatch(/^image: /);
      }
    }
  });

  it('are refused when a side or the whole is too large, before memory is taken', async () => {
    const claims = (width: number, height: number) => {
      const bomb = Buffer.from(sceneJpeg);
      const frame = bomb.indexOf(Buffer.from('ffc0', 'hex'));
      bomb.writeUInt16BE(height, frame + 5);
      bomb.writeUInt16BE(width, frame + 7);
      return bomb;
    };
    expect(await reasonFor(claims(MAX_SIDE_PX + 1, 8))).toMatch(
      /image: .*50001 x 8 pixels, with a side of more than 50000 \(scale/,
    );
    expect(await reasonFor(claims(40_000, 40_000))).toMatch(
      /40000 x 40000 pixels, more than 268435/,
    );
    const options = { ...LARGE, maxInputPixels: 6143 };
    expect(await reasonFor(sceneJpeg, options)).toMatch(/96 x 64 pixels, more than 6143 in all/);
    expect(await reasonFor(sceneJpeg, { ...LARGE, maxInputPixels: 6144 })).toBe('accepted');
  });

  it('say that sharp is missing', async () => {
    const missing = loadSharp(() => Promise.reject(new Error("Cannot find package 'sharp'")));
    await expect(missing).rejects.toMatchObject({ code: 'config', hint: 'npm install sharp' });
  });
});

describe.skipIf(!sharp)('unusual pictures', () => {
  /** The colour in the middle of what the guard makes of a picture. */
  const middle = async (bytes: Uint8Array) => {
    const guarded = await guardPhoto(bytes, LARGE);
    const { data, width, height } = decodeJpeg(guarded.jpeg);
    const at = ((height >> 1) * width + (width >> 1)) * 3;
    return { colour: [...data.subarray(at, at + 3)], frames: guarded.frames, width, height };
  };
  const flat = (background: string, channels: 3 | 4 = 3) =>
    sharp!({ create: { width: 24, height: 16, channels, background } });
  const near = (expected: readonly number[], tolerance: number) => (got: readonly number[]) =>
    expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThanOrEqual(
      tolerance,
    );

  it('are read: grey, palette, 16 bit, transparent', async () => {
    const grey = await flat('#808080').greyscale().jpeg().toBuffer();
    near([128, 128, 128], 3)((await middle(grey)).colour);
    const palette = await flat('#c04020').png({ palette: true }).toBuffer();
    near([192, 64, 32], 4)((await middle(palette)).colour);
    const deep = await flat('#c04020').toColourspace('rgb16').png().toBuffer();
    expect((await sharp!(deep).metadata()).depth).toBe('ushort');
    near([192, 64, 32], 4)((await middle(deep)).colour);
    const deepGrey = await flat('#808080').toColourspace('grey16').png().toBuffer();
    near([128, 128, 128], 3)((await middle(deepGrey)).colour);
    const clear = await flat('rgba(255, 0, 0, 0)', 4).png().toBuffer();
    near([255, 255, 255], 2)((await middle(clear)).colour);
    const half = await flat('rgba(255, 0, 0, 0.5)', 4).webp({ lossless: true }).toBuffer();
    near([255, 127, 127], 4)((await middle(half)).colour);
  });

  it('are read: CMYK and wide-gamut, as sRGB', async () => {
    const cmyk = await flat('#c04020')
      .toColourspace('cmyk')
      .withIccProfile('cmyk')
      .jpeg()
      .toBuffer();
    expect((await sharp!(cmyk).metadata()).space).toBe('cmyk');
    near([192, 64, 32], 30)((await middle(cmyk)).colour);
    const wide = await flat('#c04020').withIccProfile('p3').png().toBuffer();
    expect((await sharp!(wide).metadata()).icc).toBeDefined();
    const raw = await sharp!(wide, { ignoreIcc: true }).raw().toBuffer();
    near([192, 64, 32], 4)((await middle(wide)).colour);
    expect([...raw.subarray(0, 3)]).not.toEqual([192, 64, 32]); // the numbers differ, the colour not
  });

  it('are read: the first picture of an animation', async () => {
    const pages = ['#ff0000', '#0000ff'].map((colour) => flat(colour).png().toBuffer());
    const join = { animated: true } as const;
    const animation = sharp!(await Promise.all(pages), { join });
    for (const bytes of [
      await animation.clone().gif().toBuffer(),
      await animation.webp().toBuffer(),
    ])
      await middle(bytes).then(({ colour, frames, width, height }) => {
        near([255, 0, 0], 8)(colour);
        expect([frames, width, height]).toEqual([2, 24, 16]);
      });
  });
});

describe('the pixel budget', () => {
  it('keeps the shape and never enlarges', () => {
    expect(fitPixels({ width: 4000, height: 3000 }, 501_760)).toEqual({ width: 817, height: 613 });
    expect(fitPixels({ width: 300, height: 200 }, 501_760)).toEqual({ width: 300, height: 200 });
    expect(fitPixels({ width: 4000, height: 3000 }, 501_760, 28)).toEqual({
      ...{ width: 812, height: 588 },
    });
    expect(fitPixels({ width: 100, height: 20 }, 501_760, 28)).toEqual({ width: 84, height: 20 });
  });

  it('is kept by pictures of every shape', () => {
    for (const width of [1, 3, 50_000, 777])
      for (const height of [1, 50_000, 333])
        for (const budget of [1, 10, 5000, 1e6]) {
          const size = fitPixels({ width, height }, budget);
          expect(size.width * size.height).toBeLessThanOrEqual(budget);
          expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
          expect(size.width).toBeLessThanOrEqual(width);
          expect(size.height).toBeLessThanOrEqual(height);
        }
  });
});
