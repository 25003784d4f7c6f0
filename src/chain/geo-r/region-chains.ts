/**
 * The Chains of Region that exist: every country with its own regions and their own cities, then any
 * coordinate on the globe. A constrained decoder that follows it cannot name Kyoto in Brazil.
 * @module
 */
import type { ByteAutomaton } from '../../core/index.ts';
import type { Gazetteer } from '../../geo/index.ts';
import { type Choice, choiceOf } from '../grammar/choices.ts';
import { degreesOf } from '../grammar/degrees.ts';
import { automatonOf, END, type Step } from '../grammar/step.ts';
import { DEFAULT_DECIMALS } from '../text/coordinates.ts';
import { cleanName } from '../text/names.ts';

/** What a grammar of chains leaves open. */
export interface RegionChainOptions {
  /** Decimals of the coordinates, 0 to 10. Default {@link DEFAULT_DECIMALS}. */
  readonly decimals?: number;
}

/** Cities of a run of the table: half open. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** The answers `buildChain` can write under `cor`, whatever the coordinate, as an automaton. */
export function regionChains(
  gazetteer: Gazetteer,
  { decimals = DEFAULT_DECIMALS }: RegionChainOptions = {},
): ByteAutomaton {
  const { countries, regions, regionPolygons, cities } = gazetteer;
  const made = new Map<string, Step>();
  const once = (key: string, choices: () => readonly Choice[]): Step => {
    const step = made.get(key) ?? choiceOf(key, choices());
    made.set(key, step);
    return step;
  };
  const literal = (key: string, text: string, after: () => Step): Step =>
    once(key, () => [{ text, after }]);

  const lon = (): Step => degreesOf('lon', 180, decimals, () => literal('close', ')', () => END));
  const lat = (): Step => degreesOf('lat', 90, decimals, () => literal('comma', ', ', lon));
  const coordinates: Choice = { text: '\nCoordinates: (', after: lat };

  const afterCity = (): Step => once('after city', () => [coordinates]);
  const cityNames = (runs: readonly Run[]): Choice[] => {
    const written = runs.flatMap(({ from, to }) => cities.names.slice(from, to).map(cleanName));
    const names = [...new Set(written)].filter((name) => name !== undefined);
    return names.map((text) => ({ text, after: afterCity }));
  };
  const withCity = (key: string, runs: readonly Run[]): Choice[] => {
    if (runs.every(({ from, to }) => from === to)) return [coordinates];
    const after = (): Step => once(`city of ${key}`, () => cityNames(runs));
    return [{ text: '\nCity: ', after }, coordinates];
  };
  const lowest = (region: number): number => {
    let low = 0;
    let high = cities.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cities.region[middle]! < region) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const citiesOf = (firstRegion: number, lastRegion: number): Run => ({
    from: lowest(firstRegion),
    to: lowest(lastRegion + 1),
  });

  /** Where the cities of each region of a country stand; regions of one name are taken together. */
  const regionsOf = (country: number, all: Run): Map<string, Run[]> => {
    const found = new Map<string, Run[]>();
    const add = (written: string, run: Run): void => {
      const name = cleanName(written);
      if (name !== undefined) found.set(name, [...(found.get(name) ?? []), run]);
    };
    const { firstRegion, lastRegion } = countries[country]!;
    for (let i = firstRegion; i <= lastRegion; i++) add(regions[i]!.name, citiesOf(i, i));
    // Divisions of the map that the table does not know: any city of the country may be there.
    for (const polygon of regionPolygons)
      if (polygon.country === country && polygon.region < 0) add(polygon.name, all);
    return found;
  };
  const afterCountry = (country: number): Step =>
    once(`after country ${country}`, () => {
      const { code, firstRegion, lastRegion } = countries[country]!;
      const all = citiesOf(firstRegion, lastRegion);
      const states = [...regionsOf(country, all)].map(([text, runs]): Choice => {
        const key = `${code} ${text}`;
        return { text, after: () => once(`after ${key}`, () => withCity(key, runs)) };
      });
      const rest = withCity(code, [all]);
      if (states.length === 0) return rest;
      return [{ text: '\nState: ', after: () => once(`state of ${code}`, () => states) }, ...rest];
    });
  const countryNames = countries.flatMap(({ name }, i): Choice[] => {
    const text = cleanName(name);
    return text === undefined ? [] : [{ text, after: () => afterCountry(i) }];
  });
  return automatonOf(literal('start', 'Country: ', () => once('country', () => countryNames)));
}
