import { brotliDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { readAsset } from '../core/node/index.ts';
import { type Arc, decodeBorders, encodeBorders } from './borders.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { encodeCities } from './cities.ts';
import { adler32, packSections, unpackSections } from './container.ts';
import { parseGazetteer } from './gazetteer.ts';
import { reverseGeocode } from './reverse-geocode.ts';

const text = (lines: string) => new TextEncoder().encode(lines);

const square = (region: number, west: number, east: number): Arc => ({
  left: region,
  right: -1,
  x: [west, east, east, west, west],
  y: [0, 0, 10_000, 10_000, 0],
});

/** A country of two regions, one degree each, with a town in either. */
function small(): Map<string, Uint8Array> {
  const town = { population: 100, mixedPolygon: -1 };
  return new Map([
    ['countries', text('AA\tAlpha\tAsia\nBB\tBeta\tEurope\n')],
    ['country-polygons', text('AA\n')],
    ['country-borders', encodeBorders([square(0, 0, 20_000)])],
    ['regions', text('AA.01\tWest\nAA.02\tEast\n')],
    ['region-polygons', text('AA\tAA.01\tW\nAA\tAA.02\tE\n')],
    ['region-borders', encodeBorders([square(0, 0, 10_000), square(1, 10_000, 20_000)])],
    [
      'cities',
      encodeCities([
        { ...town, name: 'Aa', lat: 0.5, lon: 0.5, region: 0 },
        { ...town, name: 'Bb', lat: 0.5, lon: 1.5, region: 1 },
      ]),
    ],
    ['city-names', text('Aa\nBb\n')],
  ]);
}

/** The error that `read` ends in; a GeorError of code `asset`, or the test fails. */
function assetError(read: () => unknown): GeorError {
  try {
    read();
  } catch (error) {
    if (error instanceof GeorError && error.code === 'asset') return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseGazetteer', () => {
  it('reads what the writers wrote', () => {
    const gazetteer = parseGazetteer(packSections(small()));
    expect(reverseGeocode(gazetteer, 0.4, 1.4)).toEqual({
      lat: 0.4,
      lon: 1.4,
      continent: 'Asia',
      country: 'Alpha',
      countryCode: 'AA',
      region: 'East',
      regionCode: 'AA.02',
      city: 'Bb',
      cityLat: 0.5,
      cityLon: 1.5,
    });
    expect(gazetteer.countries.map((c) => [c.firstRegion, c.lastRegion])).toEqual([
      [0, 1],
      [2, 1],
    ]);
  });

  it('skips sections it does not know', () => {
    const file = packSections(new Map([['aliases', text('x')], ...small(), ['more', text('y')]]));
    expect(parseGazetteer(file).cities.names).toEqual(['Aa', 'Bb']);
  });

  it('says which section is missing', () => {
    for (const name of small().keys()) {
      const sections = small();
      sections.delete(name);
      expect(assetError(() => parseGazetteer(packSections(sections))).message).toContain(name);
    }
  });

  it('says so when the file is something else, or of another version', () => {
    expect(assetError(() => parseGazetteer(text('{"type":"Topology"}'))).message).toBe(
      'this does not look like a geor gazetteer',
    );
    const file = packSections(small());
    file[8] = 9;
    expect(assetError(() => parseGazetteer(file)).message).toContain('version 9');
  });

  it('refuses every shortened file and every flipped byte', () => {
    const file = packSections(small());
    for (let length = 0; length < file.length; length++)
      assetError(() => parseGazetteer(file.subarray(0, length)));
    assetError(() => parseGazetteer(Uint8Array.from([...file, 0])));
    for (let at = 0; at < file.length; at++) {
      const damaged = file.slice();
      damaged[at]! ^= 0x15;
      assetError(() => parseGazetteer(damaged));
    }
  });

  it('ends in an answer or an error, whatever a section with a right checksum holds', () => {
    const names = [...small().keys()];
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.uint8Array({ maxLength: 6 }), (pick, where, bytes) => {
        const sections = small();
        const name = names[pick % names.length]!;
        const damaged = sections.get(name)!.slice();
        damaged.set(bytes.subarray(0, damaged.length), where % Math.max(1, damaged.length - 6));
        sections.set(name, damaged);
        try {
          reverseGeocode(parseGazetteer(packSections(sections)), 0.5, 0.5);
        } catch (error) {
          expect(error).toMatchObject({ name: 'GeorError', code: 'asset' });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('refuses the real file when it is cut short', () => {
    const file = brotliDecompressSync(readAsset('gazetteer.bin.br'));
    for (const part of [0.1, 0.5, 0.999])
      assetError(() => parseGazetteer(file.subarray(0, Math.floor(part * file.length))));
  });
});

describe('the parts of the file', () => {
  it.each([
    ['a region that does not exist', [square(2, 0, 1)]],
    ['a vertex off the Earth', [square(0, 0, 1_800_001)]],
  ])('refuses borders with %s', (_, arcs) => {
    assetError(() => decodeBorders(encodeBorders(arcs), 'test', 2));
  });

  it('refuses a vertex count that the bytes cannot hold, without making room for it', () => {
    const bytes = new ByteWriter().unsigned(1).unsigned(4_000_000_000).bytes();
    expect(assetError(() => decodeBorders(bytes, 'test', 1)).message).toContain('too many');
  });

  it('refuses cities that are out of order', () => {
    const city = { name: 'x', lat: 0, lon: 0, population: 1, mixedPolygon: -1 };
    const sections = small();
    sections.set(
      'cities',
      encodeCities([
        { ...city, region: 1 },
        { ...city, region: 0 },
      ]),
    );
    expect(assetError(() => parseGazetteer(packSections(sections))).message).toContain('sorted');
  });

  it('reads every integer it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer(), (value, integer) => {
        const reader = new ByteReader(
          new ByteWriter().unsigned(value).signed(integer).bytes(),
          't',
        );
        expect([reader.unsigned(), reader.signed(), reader.left]).toEqual([value, integer, 0]);
      }),
    );
  });

  it('refuses a number of more than 32 bits', () => {
    const reader = new ByteReader(Uint8Array.of(128, 128, 128, 128, 128, 128, 1), 'test');
    expect(assetError(() => reader.unsigned()).message).toContain('32 bits');
  });

  it('computes Adler-32 as RFC 1950 does', () => {
    expect(adler32(text('Wikipedia'))).toBe(0x11e60398); // the worked example on Wikipedia
    expect(adler32(new Uint8Array(100_000).fill(255))).toBe(0x149a302c); // Python's zlib.adler32
  });

  it('unpacks sections in order', () => {
    expect([...unpackSections(packSections(small())).keys()]).toEqual([...small().keys()]);
  });
});
