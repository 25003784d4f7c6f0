import { describe, expect, it } from 'vitest';
import { GeorError } from '../core/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import { DISPUTED_AREAS } from './disputed.ts';
import { type PolicyOverrides, withPolicy } from './policy.ts';
import { reverseGeocode } from './reverse-geocode.ts';
import { SOVEREIGN_OF } from './sovereign.ts';

const gazetteer = defaultGazetteer();
const countryAt = (overrides: PolicyOverrides, lat: number, lon: number) =>
  reverseGeocode(withPolicy(gazetteer, overrides), lat, lon)?.countryCode ?? null;

/** Areas that no map of the default gazetteer draws apart from their neighbours. */
const NOT_DRAWN = [
  'Golan Heights',
  'East Jerusalem',
  'South Ossetia',
  'Aksai Chin',
  'Southern Kuril Islands',
  'Dokdo',
];

describe('withPolicy', () => {
  it.each(DISPUTED_AREAS)(
    '$area follows an override, or says that it cannot',
    ({ area, samples }) => {
      const overrides = { [area]: 'FJ' };
      if (NOT_DRAWN.includes(area)) {
        expect(() => withPolicy(gazetteer, overrides)).toThrow(`draws no border around ${area}`);
        return;
      }
      const changed = withPolicy(gazetteer, overrides);
      for (const { lat, lon } of samples) {
        const place = reverseGeocode(changed, lat, lon)!;
        const before = reverseGeocode(gazetteer, lat, lon);
        expect([place.countryCode, place.country, place.continent]).toEqual([
          'FJ',
          'Fiji',
          'Oceania',
        ]);
        expect([place.region, place.city]).toEqual([before?.region, before?.city]);
        expect(place.regionCode).toBeUndefined();
      }
    },
  );

  it.each([
    // An area, a point just outside it, and whose that is.
    ['Crimea', 46.63, 32.62, 'UA'],
    ['Sevastopol', 44.95, 34.1, 'UA'],
    ['Kosovo', 43.32, 21.9, 'RS'],
    ['Abkhazia', 42.51, 41.87, 'GE'],
    ['Transnistria', 47.01, 28.86, 'MD'],
    ['Western Sahara, west of the berm', 28.43, -11.1, 'MA'],
    ['Northern Cyprus', 34.68, 33.04, 'CY'],
    ['Taiwan', 24.48, 118.09, 'CN'],
    ['Arunachal Pradesh', 27.47, 94.91, 'IN'],
    ['Somaliland', 2.04, 45.34, 'SO'],
  ])('%s leaves its neighbours alone', (area, lat, lon, country) => {
    expect(countryAt({ [area]: 'FJ' }, lat, lon)).toBe(country);
  });

  it("makes land nobody's, and nobody's land somebody's", () => {
    expect(countryAt({ Taiwan: null }, 25.033, 121.5654)).toBeNull();
    expect(reverseGeocode(withPolicy(gazetteer, { 'Bir Tawil': 'EG' }), 21.88, 33.75)).toEqual({
      lat: 21.88,
      lon: 33.75,
      continent: 'Africa',
      country: 'Egypt',
      countryCode: 'EG',
    });
  });

  it('lets the smaller area win, in whatever order', () => {
    for (const overrides of [
      { Crimea: 'FJ', Sevastopol: 'TO' },
      { Sevastopol: 'TO', Crimea: 'FJ' },
    ]) {
      expect(countryAt(overrides, 44.6, 33.53)).toBe('TO');
      expect(countryAt(overrides, 44.952, 34.102)).toBe('FJ');
    }
  });

  it('adds to an earlier policy and leaves the gazetteer as it was', () => {
    const one = withPolicy(gazetteer, { Kosovo: 'RS' });
    const two = withPolicy(one, { Taiwan: 'CN' });
    expect(reverseGeocode(two, 42.6629, 21.1655)?.countryCode).toBe('RS');
    expect(reverseGeocode(two, 25.033, 121.5654)?.countryCode).toBe('CN');
    expect(reverseGeocode(one, 25.033, 121.5654)?.countryCode).toBe('TW');
    expect(reverseGeocode(gazetteer, 42.6629, 21.1655)?.countryCode).toBe('XK');
  });

  it('refuses an area or a country that does not exist, and lists the areas', () => {
    const errorOf = (overrides: PolicyOverrides): unknown => {
      try {
        return withPolicy(gazetteer, overrides);
      } catch (error) {
        return error;
      }
    };
    const unknown = errorOf({ Atlantis: 'GR' });
    expect(unknown).toBeInstanceOf(GeorError);
    expect(unknown).toMatchObject({
      code: 'config',
      message: 'the policy names an unknown area: Atlantis',
      hint: expect.stringContaining('Crimea; Sevastopol'),
    });
    for (const code of ['UK', 'rs', 'SRB', '']) {
      expect(errorOf({ Kosovo: code })).toMatchObject({
        message: `the policy gives Kosovo to "${code}", no country`,
      });
    }
  });
});

describe('reverseGeocode at the sovereign level', () => {
  it.each([
    // Capital or largest town of a territory, its sovereign, its own name as the region.
    ['Réunion', -20.88, 55.45, 'FR', 'France', 'Africa'],
    ['French Guiana', 4.93, -52.33, 'FR', 'France', 'South America'],
    ['New Caledonia', -22.27, 166.45, 'FR', 'France', 'Oceania'],
    ['Greenland', 64.18, -51.72, 'DK', 'Denmark', 'North America'],
    ['Faroe Islands', 62.01, -6.77, 'DK', 'Denmark', 'Europe'],
    ['Puerto Rico', 18.41, -66.06, 'US', 'United States', 'North America'],
    ['Guam', 13.47, 144.75, 'US', 'United States', 'Oceania'],
    ['Hong Kong', 22.28, 114.16, 'CN', 'China', 'Asia'],
    ['Bermuda', 32.29, -64.78, 'GB', 'United Kingdom', 'North America'],
    ['Gibraltar', 36.14, -5.35, 'GB', 'United Kingdom', 'Europe'],
    ['Aruba', 12.52, -70.03, 'NL', 'Netherlands', 'North America'],
    ['Svalbard and Jan Mayen', 78.223, 15.647, 'NO', 'Norway', 'Europe'],
    ['Åland Islands', 60.1, 19.94, 'FI', 'Finland', 'Europe'],
    ['Norfolk Island', -29.05, 167.96, 'AU', 'Australia', 'Oceania'],
    ['Cook Islands', -21.21, -159.78, 'NZ', 'New Zealand', 'Oceania'],
  ])('%s is a region', (region, lat, lon, countryCode, country, continent) => {
    const territory = reverseGeocode(gazetteer, lat, lon)!;
    const place = reverseGeocode(gazetteer, lat, lon, { level: 'sovereign' })!;
    expect(territory.country).toBe(region);
    expect(place).toEqual({
      lat,
      lon,
      continent,
      country,
      countryCode,
      region,
      ...(territory.city && {
        city: territory.city,
        cityLat: territory.cityLat,
        cityLon: territory.cityLon,
      }),
    });
  });

  it.each([
    ['Helsinki', 60.17, 24.94],
    ['Taipei', 25.033, 121.5654],
    ['Laayoune', 27.1253, -13.1625],
    ['the South Pole', -90, 0],
    ['the open sea', 30, -40],
  ])('%s is the same at either level', (_, lat, lon) => {
    expect(reverseGeocode(gazetteer, lat, lon, { level: 'sovereign' })).toEqual(
      reverseGeocode(gazetteer, lat, lon, { level: 'territory' }),
    );
  });

  it('comes after the policy', () => {
    const changed = withPolicy(gazetteer, { 'Falkland Islands': 'AR', Kosovo: 'GL' });
    const at = (lat: number, lon: number) =>
      reverseGeocode(changed, lat, lon, { level: 'sovereign' })?.country;
    expect(at(-51.6977, -57.8517)).toBe('Argentina');
    expect(at(42.6629, 21.1655)).toBe('Denmark');
  });

  it('knows the 51 territories of ISO 3166-1, and no sovereign that is one', () => {
    const codes = new Set(gazetteer.countries.map(({ code }) => code));
    expect(SOVEREIGN_OF.size).toBe(51);
    // 249 codes, of them 195 independent, and AQ, EH, TW; and Kosovo, which has no ISO code.
    expect(codes.size - 1).toBe(195 + SOVEREIGN_OF.size + 3);
    for (const [territory, sovereign] of SOVEREIGN_OF) {
      expect(codes).toContain(territory);
      expect(codes).toContain(sovereign);
      expect(SOVEREIGN_OF.has(sovereign)).toBe(false);
    }
  });
});
