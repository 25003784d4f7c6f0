import { describe, expect, it } from 'vitest';
import {
  exifBlock,
  exifSegment,
  type PlantedExif,
  plantedEverywhere,
  withSegments,
} from '../../../test/support/photo-metadata.ts';
import { encodeJpeg } from '../jpeg.ts';
import { photoFormat } from './photo-format.ts';
import { photoTruth } from './photo-truth.ts';

const jpeg = encodeJpeg({ width: 8, height: 8, data: new Uint8Array(192) });

type Rational = readonly [number, number];
const whole = (...numbers: number[]): Rational[] => numbers.map((number) => [number, 1]);

const truthOf = (gps: PlantedExif['gps']) =>
  photoTruth(withSegments(jpeg, [exifSegment(gps ? { gps } : {})]));

/** `lat lon`, or the code and the reason. */
const brief = async (gps: PlantedExif['gps']): Promise<string> => {
  const truth = await truthOf(gps);
  return truth.kind === 'none' ? `${truth.code}: ${truth.reason}` : `${truth.lat} ${truth.lon}`;
};

const south = { lat: whole(33, 30, 36), latRef: 'S' };
const east = { lon: whole(151, 12, 0), lonRef: 'E' };

describe('the coordinate of a photograph', () => {
  it('has its sign from the hemisphere and its parts from degrees, minutes and seconds', async () => {
    expect(await brief({ ...south, ...east })).toBe('-33.51 151.2');
    expect(
      await brief({ lat: whole(33, 30, 36), latRef: 'n', lon: whole(151, 12, 0), lonRef: 'w ' }),
    ).toBe('33.51 -151.2');
    const decimal = {
      lat: [[335_100, 10_000]],
      latRef: 'N',
      lon: [
        [15_125, 100],
        [0, 1],
      ],
    } as const;
    expect(await brief({ ...decimal, lonRef: 'E' })).toBe('33.51 151.25');
    const poles = { lat: whole(89, 59, 60), latRef: 'S', lon: whole(180, 0, 0), lonRef: 'W' };
    expect(await brief(poles)).toBe('-90 -180');
    expect(await brief({ lat: whole(0, 0, 0), latRef: 'S', ...east })).toBe('0 151.2');
  });

  it('is none without a number, a hemisphere or a place on the globe, and says why', async () => {
    const cases: readonly (readonly [PlantedExif['gps'], string])[] = [
      [undefined, 'missing: it has no GPS coordinates'],
      [{ ...south }, 'missing: it has no GPS coordinates'],
      [{ ...south, lon: east.lon }, 'missing: its GPS longitude does not say E or W'],
      [{ ...east, lat: south.lat }, 'missing: its GPS latitude does not say N or S'],
      [{ ...east, lat: south.lat, latRef: 'E' }, 'missing: its GPS latitude does not say N or S'],
      [
        {
          ...east,
          lat: [
            [0, 0],
            [0, 0],
            [0, 0],
          ],
          latRef: 'N',
        },
        'not-a-number: its GPS latitude is no number',
      ],
      [
        {
          ...east,
          lat: [
            [33, 1],
            [1, 0],
          ],
          latRef: 'N',
        },
        'not-a-number: its GPS latitude is no number',
      ],
      [
        { ...east, lat: whole(1, 2, 3, 4), latRef: 'N' },
        'not-a-number: its GPS latitude is no number',
      ],
      [
        { ...east, lat: whole(33, 75, 0), latRef: 'N' },
        'out-of-range: its GPS latitude has minutes or seconds out of range',
      ],
      [
        { ...east, lat: whole(91), latRef: 'N' },
        'out-of-range: its GPS latitude is 91, more than 90',
      ],
      [
        { ...south, lon: whole(181), lonRef: 'W' },
        'out-of-range: its GPS longitude is 181, more than 180',
      ],
      [
        { lat: whole(0, 0, 0), latRef: 'N', lon: whole(0, 0, 0), lonRef: 'E' },
        'null-island: its GPS says (0, 0): the camera had no fix',
      ],
    ];
    for (const [gps, expected] of cases) expect(await brief(gps)).toBe(expected);
  });

  it('is none in what is no picture, has no EXIF, or has damaged EXIF', async () => {
    const text = new TextEncoder().encode('64.1466 N, 21.9426 W');
    expect(await photoTruth(text)).toMatchObject({ code: 'photo', reason: 'it is no picture' });
    expect(await photoTruth(new Uint8Array())).toMatchObject({ code: 'photo' });
    expect(await photoTruth(jpeg)).toMatchObject({ code: 'missing' });
    const planted = plantedEverywhere(jpeg, 'Oslo', jpeg);
    expect(await photoTruth(planted)).toMatchObject({ lat: 64.1466, lon: -21.9426 });
    for (let length = 3; length < 500; length += 7) {
      expect((await photoTruth(planted.subarray(0, length))).kind).toMatch(/^none$|^coordinate$/);
    }
  });

  it('is found in TIFF, PNG and WebP as well', async () => {
    const exif = exifBlock({ gps: { ...south, ...east } });
    const size = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
    const odd = Buffer.from('VP8 \x03\0\0\0abc\0', 'latin1');
    const chunk = Buffer.concat([Buffer.from('EXIF'), size(exif.length), exif]);
    const prefixed = Buffer.concat([
      ...[Buffer.from('EXIF'), size(exif.length + 6), Buffer.from('Exif\0\0'), exif],
    ]);
    const webp = (...chunks: Buffer[]) =>
      Buffer.concat([Buffer.from('RIFF'), size(0), Buffer.from('WEBP'), ...chunks]);
    const pngChunk = (name: string, data: Buffer) =>
      Buffer.concat([size(data.length).swap32(), Buffer.from(name), data, Buffer.alloc(4)]);
    const png = Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      pngChunk('IHDR', Buffer.from('00000008000000080802000000', 'hex')),
      pngChunk('eXIf', exif),
      pngChunk('IEND', Buffer.alloc(0)),
    ]);
    for (const bytes of [exif, webp(chunk), webp(odd, prefixed), png])
      expect(await photoTruth(bytes)).toEqual({ kind: 'coordinate', lat: -33.51, lon: 151.2 });
    expect(await photoTruth(webp(odd))).toMatchObject({ code: 'missing' });
  });
});

describe('photoFormat', () => {
  it('goes by the first bytes', () => {
    const formatOf = (text: string) => photoFormat(Buffer.from(text, 'latin1'));
    expect(formatOf('\xff\xd8\xff\xe1')).toBe('jpeg');
    expect(formatOf('\x89PNG\r\n\x1a\n')).toBe('png');
    expect(formatOf('GIF87a')).toBe('gif');
    expect(formatOf('MM\0*')).toBe('tiff');
    expect(formatOf('RIFF\0\0\0\0WEBP')).toBe('webp');
    expect(formatOf('\0\0\0\x1cftypavif')).toBe('avif');
    expect(formatOf('\0\0\0\x1cftypmif1')).toBe('heic');
    for (const other of [
      '',
      'GIF88a',
      'RIFF\0\0\0\0WAVE',
      '\0\0\0\x1cftypisom',
      '<svg/>',
      '%PDF-1.7',
    ])
      expect(formatOf(other)).toBeUndefined();
  });
});
