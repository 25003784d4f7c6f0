/**
 * Which of the meanings of a part is the answer: the rules that `forward-geocode.ts` lists.
 * @module
 */
import type { Gazetteer } from '../gazetteer.ts';
import { haversineKm } from '../haversine.ts';
import type { NamedRegion } from './name-index.ts';
import type { QueryPart } from './query-parts.ts';
import type { CitySense, Constraint, SenseFinder, Senses } from './senses.ts';

/** What one part of a query was found to be. */
export type Found =
  | { readonly level: 'city'; readonly city: number; readonly isTypo: boolean }
  | { readonly level: 'region'; readonly region: NamedRegion; readonly isTypo: boolean }
  | { readonly level: 'country'; readonly country: number; readonly isTypo: boolean };

/** A city with this share of the people of a region of the same name is what the name means, */
const CITY_SHARE = 0.1;
/** if it is this large beside the region's largest city. */
const CITY_BESIDE_LARGEST = 0.5;
/** How much a name from the lists counts beside a city's own. */
const ALIAS_WEIGHT = 0.1;
/** A city of this many people is what its abbreviation means first. */
const GREAT_CITY_PEOPLE = 1_000_000;
/** A city of this many people is known by its name alone, */
const ONLY_CITY_PEOPLE = 50_000;
/** unless another of the name in the country has this share of its people. */
const ONLY_CITY_RIVAL = 0.05;
/** It may lie this far from the largest city of the region that it is said to be in, kilometres. */
const ONLY_CITY_KM = 500;

/** Chooses among the meanings of a part. */
export class Choice {
  readonly #finder: SenseFinder;
  readonly #gazetteer: Gazetteer;

  constructor(finder: SenseFinder, gazetteer: Gazetteer) {
    this.#finder = finder;
    this.#gazetteer = gazetteer;
  }

  /**
   * The best meaning that agrees with all firm demands and, where possible, with the soft ones.
   *
   * @param hasFiner - whether a part before this one named nothing
   */
  of(
    part: QueryPart,
    firm: readonly Constraint[],
    soft: readonly Constraint[],
    hasFiner: boolean,
  ): Found | null {
    for (const isLenient of firm.length > 0 ? [false, true] : [false]) {
      for (const key of this.#keysOf(part)) {
        const senses = this.#agreeing(this.#finder.named(key), firm, isLenient);
        const found = this.#pick(part, senses, soft, { hasFiner, isTypo: false });
        if (found) return found;
      }
    }
    return null;
  }

  /** The best meaning when one letter of the part is wrong. */
  guess(
    part: QueryPart,
    firm: readonly Constraint[],
    soft: readonly Constraint[],
    hasFiner: boolean,
  ): Found | null {
    for (const key of part.keys) {
      const senses = this.#agreeing(this.#finder.misspelled(key), firm, true);
      const found = this.#pick(part, senses, soft, { hasFiner, isTypo: true });
      if (found) return found;
    }
    return null;
  }

  /**
   * The city that a name means where no other of that name comes near it in size, though it is
   * outside the region written with it; null when there is none, or no region to be wrong.
   */
  onlyCity({ keys, level }: QueryPart, firm: readonly Constraint[]): number | null {
    if (firm.length === 0 || level === 'country') return null;
    const { population } = this.#gazetteer.cities;
    const isNotFar = (city: number): boolean =>
      firm.every(
        (demand) =>
          this.#finder.cityFits(city, demand, true) ||
          demand.regions.some(
            ({ country, point }) =>
              country === this.#finder.countryOf(city) &&
              point !== null &&
              haversineKm(point, this.#finder.pointOf(city)) <= ONLY_CITY_KM,
          ),
      );
    for (const key of keys) {
      const cities = new Set(
        this.#finder.named(key).cities.flatMap(({ city }) => (isNotFar(city) ? [city] : [])),
      );
      const [first, second] = [...cities].sort((a, b) => population[b]! - population[a]!);
      if (first === undefined || population[first]! < ONLY_CITY_PEOPLE) continue;
      const rival = second === undefined ? 0 : population[second]!;
      return rival < ONLY_CITY_RIVAL * population[first]! ? first : null;
    }
    return null;
  }

  /** A code in capitals goes before names, unless a great city is called so (`LA`). */
  #keysOf({ code, keys }: QueryPart): readonly string[] {
    if (code === '') return keys;
    const { population } = this.#gazetteer.cities;
    const isCity = keys
      .flatMap((key) => this.#finder.named(key).cities)
      .some(({ city }) => population[city]! >= GREAT_CITY_PEOPLE);
    return isCity ? [...keys, code] : [code, ...keys];
  }

  #agreeing(senses: Senses, firm: readonly Constraint[], isLenient: boolean): Senses {
    const finder = this.#finder;
    return {
      // A country is not finer than what stands after it.
      countries: firm.length > 0 ? [] : senses.countries,
      regions: senses.regions.filter(
        (region) =>
          region.point &&
          firm.every(
            // A region is not finer than itself: `Santa Fe, Santa Fe` is the city.
            (demand) => !demand.regions.includes(region) && finder.regionFits(region, demand),
          ),
      ),
      cities: senses.cities.filter(({ city }) =>
        firm.every((demand) => finder.cityFits(city, demand, isLenient)),
      ),
    };
  }

  #pick(
    { level }: QueryPart,
    { countries, regions, cities }: Senses,
    soft: readonly Constraint[],
    { hasFiner, isTypo }: { hasFiner: boolean; isTypo: boolean },
  ): Found | null {
    const { population } = this.#gazetteer.cities;
    const people = (city: number): number => (city < 0 ? 0 : population[city]!);
    const best = <T>(items: readonly T[], score: (item: T) => number): T | undefined =>
      items.reduce<T | undefined>(
        (top, item) => (top === undefined || score(item) > score(top) ? item : top),
        undefined,
      );
    const finder = this.#finder;
    const agrees = (city: number): number =>
      soft.filter((demand) => finder.cityFits(city, demand, true)).length * 1e9;
    const weight = ({ city, isAlias }: CitySense): number =>
      (people(city) + 1) * (isAlias ? ALIAS_WEIGHT : 1);
    const topCity = best(cities, (sense) => agrees(sense.city) + weight(sense));
    const city = topCity?.city;
    const region = best(
      regions,
      (item) =>
        soft.filter((demand) => finder.regionFits(item, demand)).length * 1e9 +
        (item.partName === '' ? 1e8 : 0) +
        people(item.city),
    );
    const country = countries.find((item) => finder.index.countryPoints[item]);
    const asCity = city === undefined ? null : ({ level: 'city', city, isTypo } as const);
    const asRegion = region && ({ level: 'region', region, isTypo } as const);
    const asCountry =
      country === undefined ? null : ({ level: 'country', country, isTypo } as const);
    if (level === 'city') return asCity ?? asRegion ?? asCountry ?? null;
    if (level === 'region') return asRegion ?? asCity ?? asCountry ?? null;
    // A misspelled country is not some region of another.
    if (level === 'country') return asCountry ?? (isTypo ? null : (asRegion ?? null));
    if (asCountry) return asCountry;
    const isCity =
      topCity !== undefined &&
      (!region ||
        // Of `Nowhere, Bahia` nothing but the state is known, though a city is called so too.
        (topCity.city === region.city && !(hasFiner && topCity.isAlias)) ||
        (topCity.city !== region.city &&
          weight(topCity) >= CITY_SHARE * region.people &&
          weight(topCity) >= CITY_BESIDE_LARGEST * people(region.city)) ||
        agrees(topCity.city) > 0);
    return (isCity ? asCity : asRegion) ?? asCountry ?? null;
  }
}
