import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../scripts/gazetteer/command.ts';
import { toAlpha2 } from '../../scripts/gazetteer/country-codes.ts';
import { checkedPolygons } from '../../scripts/gazetteer/rings.ts';
import { loadGazetteer } from '../../src/data/index.ts';
import { reverseGeocode } from '../../src/geo/index.ts';

let folder: string;
let complaint: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor-build-'));
  complaint = '';
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complaint += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const file = (name: string, content: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

type Ring = (readonly [number, number])[];

/** A box as a closed ring, longitude first. */
const box = (west: number, south: number, east: number, north: number): Ring => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const polygon = (...rings: Ring[]) => ({ type: 'Polygon', coordinates: rings });
const collection = (features: readonly (readonly [object, object])[]) => ({
  type: 'FeatureCollection',
  features: features.map(([properties, geometry]) => ({ type: 'Feature', properties, geometry })),
});

/** Two countries of two regions each: Kenya has a hole with Uganda's second region in it. */
const KENYA = polygon(box(30, 0, 34, 2), box(31, 0.5, 31.5, 1));
const UGANDA = {
  type: 'MultiPolygon',
  coordinates: [[box(30, 2, 34, 4)], [box(31, 0.5, 31.5, 1)]],
};
const WEST = polygon(box(30, 0, 32, 2), box(31, 0.5, 31.5, 1));
const EAST = polygon(box(32, 0, 34, 2));
const NORTH = polygon(box(30, 2, 34, 4));
const ENCLAVE = polygon(box(31, 0.5, 31.5, 1));

const formats = {
  GADM: {
    countries: [
      [{ GID_0: 'KEN', NAME_0: 'Kenya' }, KENYA],
      [{ GID_0: 'UGA', NAME_0: 'Uganda' }, UGANDA],
    ],
    regions: [
      [{ GID_0: 'KEN', GID_1: 'KEN.1_1', NAME_1: 'West', ISO_1: 'KE-01' }, WEST],
      [{ GID_0: 'KEN', GID_1: 'KEN.2_1', NAME_1: 'East', ISO_1: 'NA' }, EAST],
      [{ GID_0: 'UGA', GID_1: 'UGA.1_1', NAME_1: 'North' }, NORTH],
      [{ GID_0: 'UGA', GID_1: 'UGA.2_1', NAME_1: 'Enclave' }, ENCLAVE],
    ],
  },
  geoBoundaries: {
    countries: [
      [{ shapeName: 'Kenya', shapeISO: 'KEN', shapeGroup: 'KEN', shapeType: 'ADM0' }, KENYA],
      [{ shapeName: 'Uganda', shapeISO: 'UGA', shapeGroup: 'UGA', shapeType: 'ADM0' }, UGANDA],
    ],
    regions: [
      [{ shapeName: 'West', shapeISO: 'KE-01', shapeGroup: 'KEN', shapeType: 'ADM1' }, WEST],
      [{ shapeName: 'East', shapeISO: '', shapeGroup: 'KEN', shapeType: 'ADM1' }, EAST],
      [{ shapeName: 'North', shapeISO: '', shapeGroup: 'UGA', shapeType: 'ADM1' }, NORTH],
      [{ shapeName: 'Enclave', shapeISO: '', shapeGroup: 'UGA', shapeType: 'ADM1' }, ENCLAVE],
    ],
  },
  'Natural Earth': {
    countries: [
      [{ ADM0_A3: 'KEN', ISO_A2: 'KE', NAME_EN: 'Kenya' }, KENYA],
      [{ ADM0_A3: 'UGA', ISO_A2: '-99', NAME_EN: 'Uganda' }, UGANDA],
    ],
    regions: [
      [{ adm0_a3: 'KEN', iso_a2: 'KE', iso_3166_2: 'KE-01', name: 'W', name_en: 'West' }, WEST],
      [{ adm0_a3: 'KEN', iso_a2: 'KE', iso_3166_2: 'KE-02', name: 'East' }, EAST],
      [{ adm0_a3: 'UGA', iso_a2: '-1', name: 'North', name_en: 'North' }, NORTH],
      [{ adm0_a3: 'UGA', iso_a2: 'UG', name: 'Enclave' }, ENCLAVE],
    ],
  },
} as const;

/** A line of a GeoNames dump. */
const place = (id: number, name: string, lat: number, lon: number, code: string, people = 1000) => {
  const [country, region] = code.split('.');
  const field = [id, name, name, '', lat, lon, 'P', 'PPL', country, '', region, '', '', '', people];
  return `${[...field, '', '', 'Africa/Nairobi', '2026-01-01'].join('\t')}\n`;
};
const CITIES =
  place(1, 'Wesa', 1.5, 30.5, 'KE.01') +
  place(2, 'Esa', 1, 33, 'KE.02', 90_000) +
  place(3, 'Nora', 3, 32, 'UG.N') +
  place(4, 'Encla', 0.75, 31.25, 'UG.E') +
  place(5, 'Mountain', 1.4, 30.9, 'KE.01').replace('\tP\tPPL\t', '\tT\tMT\t');
const NAMES = 'KE.01\tWestern\tWestern\t11\nKE.02\tEastern\tEastern\t12\nUG.N\tNorthern\tN\t13\n';

const build = (...args: string[]): number => main([...args, '-o', join(folder, 'out.br')]);
const builtAt = (lat: number, lon: number) =>
  reverseGeocode(loadGazetteer(join(folder, 'out.br')), lat, lon);

describe.each(Object.entries(formats))('a gazetteer from %s and GeoNames', (_, made) => {
  it('resolves to the countries, regions and cities of the files', () => {
    const code = build(
      ...['--countries', file('countries.json', collection(made.countries))],
      ...['--regions', file('regions.json', collection(made.regions))],
      ...['--cities', file('cities.txt', CITIES)],
      ...['--region-names', file('names.txt', NAMES)],
    );
    expect([complaint, code]).toEqual(['', 0]);
    expect(builtAt(1.4, 30.6)).toEqual({
      lat: 1.4,
      lon: 30.6,
      continent: 'Africa',
      country: 'Kenya',
      countryCode: 'KE',
      region: 'Western',
      regionCode: 'KE.01',
      city: 'Wesa',
      cityLat: 1.5,
      cityLon: 30.5,
    });
    expect(builtAt(1, 32.9)).toMatchObject({ countryCode: 'KE', region: 'Eastern', city: 'Esa' });
    expect(builtAt(3, 32.1)).toMatchObject({ countryCode: 'UG', region: 'Northern', city: 'Nora' });
    // GeoNames has no name for it: the map's.
    expect(builtAt(0.7, 31.2)).toMatchObject({
      countryCode: 'UG',
      region: 'Enclave',
      city: 'Encla',
    });
    // A mountain is no city.
    expect(builtAt(1.4, 30.9)?.city).toBe('Wesa');
    expect(builtAt(5, 32)).toBeNull();
  });
});

describe('build-gazetteer, what it refuses', () => {
  const good = () => ({
    countries: file('countries.json', collection(formats.GADM.countries)),
    regions: file('regions.json', collection(formats.GADM.regions)),
    cities: file('cities.txt', CITIES),
  });
  const buildWith = (changes: Partial<ReturnType<typeof good>>): number =>
    build(
      ...Object.entries({ ...good(), ...changes }).flatMap(([part, path]) => [`--${part}`, path]),
    );
  const kenya = { GID_0: 'KEN', NAME_0: 'Kenya' };

  it.each([
    ['a point', { type: 'Point', coordinates: [1, 2] }, 'its geometry is Point'],
    ['no geometry', {}, 'its geometry is missing'],
    ['no rings', { type: 'Polygon', coordinates: [] }, 'a polygon has no rings'],
    [
      'a short ring',
      polygon([
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
      'ring 0 has 3 positions, fewer than 4',
    ],
    ['an open ring', polygon(box(0, 0, 1, 1).slice(0, -1)), 'ring 0 is not closed'],
    [
      'a text for a number',
      { type: 'Polygon', coordinates: [[['1', 2]]] },
      'ring 0 has 1 positions',
    ],
    [
      'metres for degrees',
      polygon(box(500_000, 0, 600_000, 10)),
      'position 0 of ring 0 is off the Earth: [500000, 0]',
    ],
    [
      'a ring round the pole',
      polygon([
        [-90, 80],
        [0, 80],
        [90, 80],
        [180, 80],
        [-90, 80],
      ]),
      'ring 0 goes round a pole',
    ],
  ])('%s, and names the feature', (_, geometry, reason) => {
    const countries = file(
      'bad.json',
      collection([
        [kenya, KENYA],
        [kenya, geometry],
      ]),
    );
    expect(buildWith({ countries })).toBe(4);
    expect(complaint).toContain(`error: ${countries}: feature 1 (Kenya): ${reason}`);
  });

  it.each([
    ['countries', '{"type":', 'as GeoJSON'],
    ['countries', '{"type":"Topology"}', 'is no GeoJSON FeatureCollection'],
    ['countries', collection([[{ name: 'Kenya' }, KENYA]]), 'feature 0 is of no known format'],
    ['countries', collection([[{ GID_0: 'ZZZ' }, KENYA]]), 'has no area of any country'],
    ['regions', collection(formats.GADM.countries), 'feature 0 has no name_1'],
    ['cities', 'a\tb\n', ':1: 2 columns, not 19'],
    ['cities', CITIES.replace('30.5', 'east'), ':1: no coordinate: 1.5, east'],
    ['cities', CITIES.replace('90000', 'many'), ':2: no population: many'],
    ['cities', '', 'has no populated place'],
  ])('--%s %s', (part, content, reason) => {
    expect(buildWith({ [part]: file('bad.txt', content) })).toBe(4);
    expect(complaint).toContain(reason);
  });

  it('files that are missing, flags that do not exist, and no output', () => {
    expect(buildWith({ regions: join(folder, 'absent.json') })).toBe(4);
    expect(build('--towns', 'x')).toBe(2);
    expect(main(['--cities', 'x'])).toBe(2);
    expect(complaint).toContain('needs -o FILE');
  });
});

describe('rings across the antimeridian', () => {
  const cut = (...rings: Ring[]) =>
    checkedPolygons(polygon(...rings), 'Fiji').map((part) =>
      part.map((ring) => {
        const [x, y] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
        return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
      }),
    );

  it('are cut in two, whichever way they are written', () => {
    const halves = [[[178, -18, 180, -16]], [[-180, -18, -178, -16]]];
    const jumping: Ring = [
      [178, -18],
      [-178, -18],
      [-178, -16],
      [178, -16],
      [178, -18],
    ];
    expect(cut(jumping)).toEqual(halves);
    expect(cut(jumping.toReversed())).toEqual(halves);
    expect(cut(box(178, -18, 182, -16))).toEqual(halves);
    expect(cut(box(-182, -18, -178, -16))).toEqual(halves);
  });

  it('take their holes with them, on the side where they are', () => {
    expect(cut(box(170, 0, 190, 10), box(-175, 4, -174, 5), box(172, 4, 173, 5))).toEqual([
      [
        [170, 0, 180, 10],
        [172, 4, 173, 5],
      ],
      [
        [-180, 0, -170, 10],
        [-175, 4, -174, 5],
      ],
    ]);
  });

  it('stay whole on either side, and round a pole that is cut already', () => {
    expect(cut(box(179, 0, 180, 1))).toEqual([[[179, 0, 180, 1]]]);
    expect(cut(box(-180, 0, -179, 1))).toEqual([[[-180, 0, -179, 1]]]);
    const antarctica: Ring = [
      [-180, -70],
      [-180, -90],
      [180, -90],
      [180, -70],
      [0, -65],
      [-180, -70],
    ];
    expect(cut(antarctica)).toEqual([[[-180, -90, 180, -65]]]);
  });

  it('hold points on both sides of the cut, once built', () => {
    const fiji = polygon([
      [178, -18],
      [-178, -18],
      [-178, -16],
      [178, -16],
      [178, -18],
    ]);
    const code = build(
      ...['--countries', file('c.json', collection([[{ GID_0: 'FJI', NAME_0: 'Fiji' }, fiji]]))],
      ...['--regions', file('r.json', collection([[{ GID_0: 'FJI', NAME_1: 'All' }, fiji]]))],
      ...['--cities', file('p.txt', place(1, 'Somosomo', -16.8, 179.9, 'FJ.01'))],
    );
    expect([complaint, code]).toEqual(['', 0]);
    for (const lon of [179.1, 179.999, 180, -180, -179.999, -179.4])
      expect(builtAt(-17, lon)).toMatchObject({ countryCode: 'FJ', city: 'Somosomo' });
    for (const lon of [177.7, -177.7]) expect(builtAt(-17, lon)).toBeNull();
  });
});

it("map makers' codes become ISO 3166-1", () => {
  expect(['KEN', 'ken', 'KE', 'XKO', 'KOS', 'XNC', 'SOL', '-99', '', 'XYZ'].map(toAlpha2)).toEqual([
    'KE',
    'KE',
    'KE',
    'XK',
    'XK',
    'CY',
    'SO',
    '',
    '',
    '',
  ]);
});
