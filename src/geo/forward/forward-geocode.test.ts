import { brotliDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAsset } from '../../core/node/index.ts';
import { parseGazetteer } from '../gazetteer.ts';
import type { PlaceNames } from '../geocode-match.ts';
import { reverseGeocode } from '../reverse-geocode.ts';
import { forwardGeocode } from './forward-geocode.ts';

const gazetteer = parseGazetteer(brotliDecompressSync(readAsset('gazetteer.bin.br')));
const geocode = (query: string | PlaceNames) => forwardGeocode(gazetteer, query);

/** The match in a few words: level, name, region, country, and what was not used of the query. */
function found(query: string | PlaceNames): string {
  const match = geocode(query);
  if (!match) return 'nothing';
  const { level, name, region, countryCode, isTypo, unused } = match;
  return [
    level,
    name,
    ...(region && region !== name ? [region] : []),
    countryCode + (isTypo ? '?' : '') + (unused ? ` without ${unused.join(' and ')}` : ''),
  ].join(', ');
}

describe('a city', () => {
  it.each([
    ['Helsinki, Finland', 'city, Helsinki, Uusimaa, FI'],
    ['Helsingfors', 'city, Helsinki, Uusimaa, FI'],
    ['Moskva', 'city, Moscow, RU'],
    ['Москва, Россия', 'city, Moscow, RU'],
    ['Wien', 'city, Vienna, AT'],
    ['Peking', 'city, Beijing, CN'],
    ['Bombay', 'city, Mumbai, Maharashtra, IN'],
    ['東京', 'city, Tokyo, JP'],
    ['MÜNCHEN', 'city, Munich, Bavaria, DE'],
    ['Muenchen', 'city, Munich, Bavaria, DE'],
    ['LA', 'city, Los Angeles, California, US'],
    ['Santorini, Greece', 'city, Firá, South Aegean, GR'],
    ['Saint Louis, USA', 'city, St. Louis, Missouri, US'],
    ['Granada', 'city, Granada, Andalusia, ES'],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));
});

describe('a city of several by that name', () => {
  it.each([
    ['Springfield IL', 'city, Springfield, Illinois, US'],
    ['Springfield, Illinois, USA', 'city, Springfield, Illinois, US'],
    ['Portland Maine', 'city, Portland, Maine, US'],
    ['Portland (Maine)', 'city, Portland, Maine, US'],
    ['Perth Scotland', 'city, Perth, Scotland, GB'],
    ['Perth', 'city, Perth, Western Australia, AU'],
    ['San Francisco, CA', 'city, San Francisco, California, US'],
    ['Toronto, CA', 'city, Toronto, Ontario, CA'],
    ['Tbilisi, Georgia', 'city, Tbilisi, GE'],
    ['Atlanta, Georgia', 'city, Atlanta, Georgia, US'],
    ['Paris, Texas', 'city, Paris, Texas, US'],
    ['San Juan, Puerto Rico, USA', 'city, San Juan, PR'],
    ['Kinshasa, Congo (Kinshasa)', 'city, Kinshasa, CD'],
    ['Saint Petersburg, Leningrad Oblast, Russia', 'city, Saint Petersburg, St.-Petersburg, RU'],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));
});

describe('a city or a region of one name', () => {
  it.each([
    ['New York', 'city, New York City, New York, US'],
    ['Victoria, Australia', 'region, Victoria, AU'],
    ['Washington', 'city, Washington, District of Columbia, US'],
    ['Delaware, USA', 'region, Delaware, US'],
    ['Bali', 'region, Bali, ID'],
    ['Hawaii', 'region, Hawaii, US'],
    ['Bayern', 'region, Bavaria, DE'],
    ['Kyoto Prefecture', 'region, Kyoto, JP'],
    ['Kyoto, Kyoto Prefecture, Japan', 'city, Kyoto, JP'],
    ['Georgia', 'country, Georgia, GE'],
    ['Georgia, USA', 'region, Georgia, US'],
    ['Gers, France', 'region, Gers, Occitanie, FR'],
    ['Ile-de-France', 'region, Île-de-France, FR'],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));
});

describe('names by level', () => {
  it.each<[PlaceNames, string]>([
    [{ city: 'Springfield', region: 'Oregon', country: 'USA' }, 'city, Springfield, Oregon, US'],
    [{ region: 'Georgia' }, 'region, Georgia, US'],
    [{ country: 'Georgia' }, 'country, Georgia, GE'],
    [{ city: 'Singapore' }, 'city, Singapore, Central Singapore Community Development Council, SG'],
    [{ city: 'Bali', country: 'Indonesia' }, 'region, Bali, ID'],
    [{ city: 'unknown', region: 'N/A', country: 'Japan' }, 'country, Japan, JP'],
    [{ country: 'Scotland', city: 'Perth' }, 'city, Perth, Scotland, GB'],
    [{}, 'nothing'],
    [{ city: '' }, 'nothing'],
  ])('%j', (query, expected) => expect(found(query)).toBe(expected));
});

describe('parts that do not agree', () => {
  it.each([
    ['Helsinki, Sweden', 'country, Sweden, SE without Helsinki'],
    ['Paris, Texas, France', 'city, Paris, Île-de-France, FR without Texas'],
    ['Portland, California', 'region, California, US without Portland'],
    ['Hamburg, Bavaria, Germany', 'region, Bavaria, DE without Hamburg'],
    ['Karimnagar, Andhra Pradesh, India', 'city, Karīmnagar, Telangana, IN without Andhra Pradesh'],
    ['Nowhereville, Bahia, Brazil', 'region, Bahia, BR without Nowhereville'],
    ['Montmartre, Paris, France', 'city, Paris, Île-de-France, FR without Montmartre'],
    ['Joplin, Jasper County, Missouri', 'city, Joplin, Missouri, US without Jasper County'],
    ['Some Such Place', 'nothing'],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));

  it('never leaves the country that is named', () => {
    const { cities, countries } = gazetteer;
    const anyCity = fc.integer({ min: 0, max: cities.count - 1 });
    const anyCountry = fc.constantFrom('Finland', 'Japan', 'Brazil', 'Kenya', 'Nepal');
    fc.assert(
      fc.property(anyCity, anyCountry, (city, country) => {
        const match = geocode(`${cities.names[city]}, ${country}`);
        const code = countries.find(({ name }) => name === country)?.code;
        expect(match?.countryCode).toBe(code);
      }),
      { numRuns: 300 },
    );
  });
});

describe('words around names', () => {
  it.each([
    ['near Lyon, France', 'city, Lyon, Auvergne-Rhône-Alpes, FR'],
    ['City of Helsinki; Republic of Finland', 'city, Helsinki, Uusimaa, FI'],
    ['Tokyo / Yokohama, Japan', 'city, Tokyo, JP'],
    ['Paris in France', 'city, Paris, Île-de-France, FR'],
    ['Country: France', 'country, France, FR'],
    ['Paris, Europe', 'city, Paris, Île-de-France, FR'],
    ['北京市', 'city, Beijing, CN'],
    ['None, Italy', 'country, Italy, IT'],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));

  it.each(['unknown', 'N/A', 'None', 'I don’t know', '', ' , ;', '?', 'a'])(
    '%j is no place',
    (query) => expect(geocode(query)).toBeNull(),
  );
});

describe('coarse to fine', () => {
  it.each([
    ['France; Normandy; Rouen', 'city, Rouen, Normandy, FR'],
    ['Georgia, Atlanta', 'city, Atlanta, Georgia, US'],
    [
      'France; Ile-de-France; Notre-Dame de Paris',
      'region, Île-de-France, FR without Notre-Dame de Paris',
    ],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));
});

describe('one letter wrong', () => {
  it.each([
    ['Helsnki', 'city, Helsinki, Uusimaa, FI?'],
    ['Jhoannesburg', 'city, Johannesburg, Gauteng, ZA?'],
    ['Mümchen, Germany', 'city, Munich, Bavaria, DE?'],
    ['Berlin, Germny', 'city, Berlin, State of Berlin, DE'],
    ['Новосебирск', 'city, Novosibirsk, Novosibirsk Oblast, RU?'],
  ])('%s', (query, expected) => expect(found(query)).toBe(expected));

  it('is not looked for when told so', () => {
    expect(forwardGeocode(gazetteer, 'Helsnki', { typos: false })).toBeNull();
  });
});

describe('a match', () => {
  it('of a city says everything down to it', () => {
    expect(geocode('Helsinki')).toEqual({
      lat: 60.1695,
      lon: 24.9355,
      level: 'city',
      name: 'Helsinki',
      countryCode: 'FI',
      country: 'Finland',
      region: 'Uusimaa',
      city: 'Helsinki',
    });
  });

  it('of a region or a country stands where its largest city is', () => {
    const { lat, lon } = geocode('Munich, Germany')!;
    expect(geocode('Bavaria')).toMatchObject({ lat, lon, level: 'region' });
    expect(geocode('France')).toMatchObject({ lat: 48.8534, lon: 2.3488, level: 'country' });
  });

  it('of a place without towns lies inside it', () => {
    for (const name of ['Antarctica', 'Bouvet Island', 'Heard Island and McDonald Islands']) {
      const { lat, lon, countryCode } = geocode({ country: name })!;
      expect(reverseGeocode(gazetteer, lat, lon)?.countryCode, name).toBe(countryCode);
    }
  });

  it('is what reverse geocoding calls it', () => {
    const { cities } = gazetteer;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: cities.count - 1 }), (city) => {
        const [lat, lon] = [cities.lat[city]!, cities.lon[city]!];
        const place = reverseGeocode(gazetteer, lat, lon);
        if (!place?.city || !place.region) return;
        const match = geocode({ city: place.city, region: place.region, country: place.country })!;
        expect(match).toMatchObject({ level: 'city', city: place.city, country: place.country });
        expect(match.region).toBe(place.region);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('any text', () => {
  it('is answered with null or a coordinate, and the same one again', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('Paris', 'US', '(', ','),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom('', ' ', ', ', '; '),
        (p, by) => {
          const match = geocode(p.join(by));
          if (match) {
            expect(Math.abs(match.lat)).toBeLessThanOrEqual(90);
            expect(Math.abs(match.lon)).toBeLessThanOrEqual(180);
          }
          expect(geocode(p.join(by))).toEqual(match);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('may be long', () => {
    expect(geocode('x'.repeat(10_000))).toBeNull();
    expect(geocode('('.repeat(10_000))).toBeNull();
    expect(geocode(`Helsinki, Finland, ${'and so on, '.repeat(1000)}`)?.city).toBe('Helsinki');
  });
});
