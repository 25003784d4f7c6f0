import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readAsset } from '../../core/node/index.ts';
import { parseGazetteer } from '../gazetteer.ts';
import type { PlaceNames } from '../geocode-match.ts';
import { forwardGeocode } from './forward-geocode.ts';

const gazetteer = parseGazetteer(brotliDecompressSync(readAsset('gazetteer.bin.br')));
const geocode = (query: string | PlaceNames) => forwardGeocode(gazetteer, query);

/** The match in a few words: level, name, region and country. */
function found(query: string | PlaceNames): string {
  const match = geocode(query);
  if (!match) return 'nothing';
  const { level, name, region, countryCode } = match;
  return [level, name, ...(region && region !== name ? [region] : []), countryCode].join(', ');
}

describe('cities', () => {
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
    ['Springfield IL', 'city, Springfield, Illinois, US'],
    ['Springfield, Illinois, USA', 'city, Springfield, Illinois, US'],
    ['Portland Maine', 'city, Portland, Maine, US'],
    ['Portland (Maine)', 'city, Portland, Maine, US'],
    ['Perth Scotland', 'city, Perth, Scotland, GB'],
    ['San Francisco, CA', 'city, San Francisco, California, US'],
    ['Toronto, CA', 'city, Toronto, Ontario, CA'],
    ['Tbilisi, Georgia', 'city, Tbilisi, GE'],
    ['Atlanta, Georgia', 'city, Atlanta, Georgia, US'],
    ['Paris, Texas', 'city, Paris, Texas, US'],
    ['St. Louis, USA', 'city, St. Louis, Missouri, US'],
    ['Santorini, Greece', 'city, Firá, South Aegean, GR'],
    ['LA', 'city, Los Angeles, California, US'],
  ])('%s', (query, expected) => {
    expect(found(query)).toBe(expected);
  });
});
