/**
 * Forward geocoding: microseconds a query and how often right, next to full-text and fuzzy search
 * over the same names.
 *
 *     npx vitest bench bench/geocode.bench.ts --run
 *
 * The peer is looked for in the folder of `GEOR_PEERS` (`npm i minisearch`);
 * without it the comparison is with a plain scan of all names. All run in turns in one
 * process, so that a busy machine slows all of them: the ratios count.
 * @module
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import { defaultGazetteer } from '../src/data/index.ts';
import { forwardGeocode } from '../src/geo/index.ts';
import { median } from './median.ts';

interface Index {
  addAll(documents: readonly { id: number; name: string }[]): void;
  search(
    text: string,
    options: { fuzzy: number; combineWith: 'AND' },
  ): readonly { id: number; score: number }[];
}
type MiniSearch = new (options: { fields: string[] }) => Index;

const gazetteer = defaultGazetteer();
const { cities, regions, countries } = gazetteer;
const source = random('geocode.bench');
const large = Array.from({ length: cities.count }, (_, i) => i).filter(
  (i) => cities.population[i]! > 100_000 && cities.names[i]!.length > 4,
);
const QUERIES = 500;
const asked = Array.from({ length: QUERIES }, () => large[source.integer(large.length)]!);

/** One random edit: a letter left out, put in, replaced or swapped. */
function misspell(name: string): string {
  const at = 1 + source.integer(name.length - 1);
  const letter = String.fromCharCode(97 + source.integer(26));
  const edits = [
    name.slice(0, at) + name.slice(at + 1),
    name.slice(0, at) + letter + name.slice(at),
    name.slice(0, at) + letter + name.slice(at + 1),
    name.slice(0, at - 1) + name[at] + name[at - 1] + name.slice(at + 1),
  ];
  return edits[source.integer(edits.length)]!;
}

const countryOf = (city: number): string => countries[regions[cities.region[city]!]!.country]!.name;
const whole = asked.map((i) => `${cities.names[i]}, ${countryOf(i)}`);
const misspelled = asked.map((i) => misspell(cities.names[i]!));

const start = performance.now();
forwardGeocode(gazetteer, 'Helsinki');
console.log(`first query, names decoded: ${(performance.now() - start).toFixed(0)} ms`);

/** Median milliseconds a query and the share answered with the name of the city that was meant. */
function measure(queries: readonly string[], look: (query: string) => string | undefined) {
  const times: number[] = [];
  let right = 0;
  queries.forEach((query, i) => {
    const from = performance.now();
    const name = look(query);
    times.push(performance.now() - from);
    if (name === cities.names[asked[i]!]) right++;
  });
  return { milliseconds: median(times), right, count: queries.length };
}

type Figures = ReturnType<typeof measure>;
function tell(name: string, { milliseconds, right, count }: Figures, ours: Figures): void {
  console.log(
    `${name}: ${milliseconds.toFixed(3)} ms, ${right} of ${count} right, ` +
      `${(milliseconds / ours.milliseconds).toFixed(1)} times the time of geor`,
  );
}

const geocode = (query: string) => forwardGeocode(gazetteer, query)?.city;
const exact = measure(whole, geocode);
tell('geor, city and country', exact, exact);
const ours = measure(misspelled, geocode);
tell('geor, one letter wrong', ours, ours);

const folded = cities.names.map((name) => name.toLowerCase());
tell(
  'scan of all names, city and country',
  measure(whole.slice(0, 100), (query) => {
    const [city = ''] = query.toLowerCase().split(',');
    let best = -1;
    for (let i = 0; i < folded.length; i++)
      if (folded[i] === city && (best < 0 || cities.population[i]! > cities.population[best]!))
        best = i;
    return cities.names[best];
  }),
  exact,
);

const peers = process.env['GEOR_PEERS'];
if (peers === undefined) console.log('GEOR_PEERS is not set: no comparison with minisearch');
else {
  const MiniSearch: MiniSearch = createRequire(join(peers, 'index.js'))('minisearch');
  const index = new MiniSearch({ fields: ['name'] });
  index.addAll(cities.names.map((name, id) => ({ id, name })));
  const theirs = measure(misspelled, (query) => {
    const found = index.search(query, { fuzzy: 0.2, combineWith: 'AND' }).slice(0, 10);
    const best = found.reduce(
      (top, { id }) => (top < 0 || cities.population[id]! > cities.population[top]! ? id : top),
      -1,
    );
    return cities.names[best];
  });
  tell('minisearch, one letter wrong', theirs, ours);
}

let next = 0;
describe('forward geocoding', () => {
  const options = { time: 1000, warmupTime: 200 };
  bench(
    'city and country',
    () => void forwardGeocode(gazetteer, whole[next++ % QUERIES]!),
    options,
  );
  bench(
    'one letter wrong',
    () => void forwardGeocode(gazetteer, misspelled[next++ % QUERIES]!),
    options,
  );
});
