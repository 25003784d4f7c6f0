import { brotliDecompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readAsset } from '../../core/node/index.ts';
import { parseGazetteer } from '../gazetteer.ts';
import type { GeocodeLevel } from '../geocode-match.ts';
import { isSamePlaceName } from './same-place-name.ts';

const gazetteer = parseGazetteer(brotliDecompressSync(readAsset('gazetteer.bin.br')));

it.each<[GeocodeLevel, string, string, string?]>([
  ['city', 'Munich', 'München'],
  ['city', 'Peking', 'Beijing'],
  ['city', 'Nueva York', 'New York City'],
  ['city', 'St Louis', 'Saint-Louis', 'US'],
  ['city', 'City of Atlantis Nova', 'Atlantis Nova'],
  ['region', 'Bayern', 'Bavaria'],
  ['region', 'California', 'CA', 'US'],
  ['region', 'Kyoto Prefecture', 'Kyōto'],
  ['region', 'Toskana', 'Tuscany'],
  ['country', 'Deutschland', 'Germany'],
  ['country', 'UK', 'Britain'],
  ['country', 'USA', 'United States'],
])('%s: %s is %s', (level, a, b, code) => {
  expect(isSamePlaceName(gazetteer, level, a, b, code)).toBe(true);
  expect(isSamePlaceName(gazetteer, level, b, a, code)).toBe(true);
});

it.each<[GeocodeLevel, string, string, string?]>([
  ['city', 'Paris', 'London'],
  ['city', 'Paris', ''],
  ['city', '', ''],
  ['city', 'Atlantis Nova', 'Atlantis Vetus'],
  ['region', 'Victoria', 'New South Wales', 'AU'],
  ['country', 'Austria', 'Australia'],
  ['country', 'Congo', 'DR Congo'],
  ['country', 'North Korea', 'South Korea'],
  ['country', 'Georgia', 'United States'],
])('%s: %s is not %s', (level, a, b, code) => {
  expect(isSamePlaceName(gazetteer, level, a, b, code)).toBe(false);
  expect(isSamePlaceName(gazetteer, level, b, a, code)).toBe(false);
});
