/**
 * What a part of a query can mean, and whether a meaning agrees with the parts around it.
 * @module
 */
import type { Gazetteer } from '../gazetteer.ts';
import { haversineKm } from '../haversine.ts';
import { foldName } from './fold-name.ts';
import { type NamedRegion, type NameIndex, nameIndex } from './name-index.ts';
import { oneEditAway } from './one-edit.ts';
import type { QueryPart } from './query-parts.ts';
import { isWrittenWith } from './written-with.ts';

/** A city by one of its names. */
export interface CitySense {
  readonly city: number;
  /** By another name than the gazetteer's own. */
  readonly isAlias: boolean;
}

/** Everything a name can mean. */
export interface Senses {
  readonly countries: readonly number[];
  readonly regions: readonly NamedRegion[];
  readonly cities: readonly CitySense[];
}

/** What a part demands of the answer: to lie in one of these countries or regions, or near a city. */
export interface Constraint {
  readonly countries: readonly number[];
  readonly regions: readonly NamedRegion[];
  readonly nearCities: readonly number[];
}

/** A part of a region (a French department) reaches this far from its largest city, kilometres. */
const PART_RADIUS_KM = 150;
/** A city this far from the towns of a region passes for one of them: borders have moved. */
const NEAR_REGION_KM = 30;
/** A quarter or suburb lies this close to the city it is named with, kilometres. */
const NEAR_CITY_KM = 50;
/** Smaller cities do not make a part of a query a demand: counties are often named like villages. */
const MIN_NEAR_CITY_PEOPLE = 15_000;
/** Misspelled names are guessed among places of this many people. */
const MIN_TYPO_PEOPLE = 15_000;

/** Looks names up in one gazetteer. */
export class SenseFinder {
  readonly index: NameIndex;
  readonly #gazetteer: Gazetteer;

  constructor(gazetteer: Gazetteer) {
    this.#gazetteer = gazetteer;
    this.index = nameIndex(gazetteer);
  }

  /** Everything a folded name, or a code in capitals, can mean. */
  named(key: string): Senses {
    const { index } = this;
    const found = index.find(key);
    const regions = found.regions.map((region) => index.regions[region]!);
    return {
      countries: found.countries.filter((country) => {
        // `Scotland` is another word for the country and the very name of one of its regions.
        const isRegion = regions.some(
          (region) => region.country === country && this.#isName(region, key),
        );
        return !isRegion || foldName(this.#gazetteer.countries[country]!.name) === key;
      }),
      regions,
      cities: [
        ...found.cities.map((city) => ({ city, isAlias: false })),
        ...found.citiesByAlias.map((city) => ({ city, isAlias: true })),
      ],
    };
  }

  /** What a name can mean when one letter of it is wrong: only places of some size. */
  misspelled(key: string): Senses {
    const { index } = this;
    const countries = new Set<number>();
    const regions = new Set<NamedRegion>();
    const cities = new Map<number, CitySense>();
    const { population } = this.#gazetteer.cities;
    const addCity = (city: number, isAlias: boolean): void => {
      if (population[city]! >= MIN_TYPO_PEOPLE && (cities.get(city)?.isAlias ?? true))
        cities.set(city, { city, isAlias });
    };
    for (const spelling of oneEditAway(key)) {
      const found = index.find(spelling);
      for (const country of found.countries) countries.add(country);
      for (const region of found.regions)
        if (index.regions[region]!.partName === '') regions.add(index.regions[region]!);
      for (const city of found.cities) addCity(city, false);
      for (const city of found.citiesByAlias) addCity(city, true);
    }
    return { countries: [...countries], regions: [...regions], cities: [...cities.values()] };
  }

  /** Whether a part names anything as it stands. */
  isKnown({ keys, code }: QueryPart): boolean {
    return [code, ...keys].some((key) => {
      const { countries, regions, cities } = this.named(key);
      return countries.length + regions.length + cities.length > 0;
    });
  }

  /**
   * What a part demands, given the demands of those after it; null when it names nothing that agrees
   * with them.
   */
  constraint(part: QueryPart, wider: readonly Constraint[], withTypos: boolean): Constraint | null {
    const exact = [part.code, ...part.keys].map((key) => this.named(key));
    let senses = exact;
    if (isEmpty(exact) && /^[a-z]{2,3}$/i.test(part.text))
      senses = [this.named(part.text.toUpperCase())];
    else if (isEmpty(exact) && withTypos)
      senses = part.keys.slice(0, 1).map((key) => ({ ...this.misspelled(key), cities: [] }));
    const countries: number[] = [];
    const regions: NamedRegion[] = [];
    for (const [i, sense] of senses.entries()) {
      countries.push(
        ...sense.countries.filter((country) =>
          wider.every((demand) => this.countryFits(country, demand)),
        ),
      );
      regions.push(
        ...sense.regions.filter((region) =>
          wider.every((demand) => this.regionFits(region, demand)),
        ),
      );
      // A code may be a name too (`CA`); else the first key that means something is meant.
      if (countries.length + regions.length > 0 && !(i === 0 && part.code !== '')) break;
    }
    const nearCities = (senses === exact ? this.named(part.keys[0] ?? '').cities : [])
      .map(({ city }) => city)
      .filter((city) => this.#gazetteer.cities.population[city]! >= MIN_NEAR_CITY_PEOPLE)
      .filter((city) => wider.every((demand) => this.cityFits(city, demand, false)));
    return countries.length + regions.length + nearCities.length > 0
      ? { countries, regions, nearCities }
      : null;
  }

  /** Whether a country agrees with a demand, by itself or as addresses write it. */
  countryFits(country: number, { countries }: Constraint): boolean {
    return countries.some((named) => isWrittenWith(this.#gazetteer, country, named));
  }

  /** Whether a region agrees with a demand. */
  regionFits(region: NamedRegion, { countries, regions, nearCities }: Constraint): boolean {
    return (
      countries.includes(region.country) ||
      regions.some((other) => other.region >= 0 && other.region === region.region) ||
      nearCities.some((city) => this.#gazetteer.cities.region[city] === region.region)
    );
  }

  /** Whether a city agrees with a demand; `isLenient` lets it lie just outside of it. */
  cityFits(city: number, demand: Constraint, isLenient: boolean): boolean {
    const { countries, regions, nearCities } = demand;
    const { cities } = this.#gazetteer;
    return (
      (isLenient
        ? this.countryFits(this.countryOf(city), demand)
        : countries.includes(this.countryOf(city))) ||
      regions.some((region) => this.#isIn(city, region, isLenient)) ||
      nearCities.some(
        (other) =>
          cities.population[other]! >= cities.population[city]! &&
          haversineKm(this.pointOf(city), this.pointOf(other)) <= NEAR_CITY_KM,
      )
    );
  }

  /** Index of the country of a city. */
  countryOf(city: number): number {
    return this.#gazetteer.regions[this.#gazetteer.cities.region[city]!]!.country;
  }

  /** Where a city is. */
  pointOf(city: number): { lat: number; lon: number } {
    const { lat, lon } = this.#gazetteer.cities;
    return { lat: lat[city]!, lon: lon[city]! };
  }

  #isIn(city: number, region: NamedRegion, isLenient: boolean): boolean {
    const { cities } = this.#gazetteer;
    if (region.country !== this.countryOf(city)) return false;
    const distanceKm = (): number =>
      region.point ? haversineKm(this.pointOf(city), region.point) : Number.POSITIVE_INFINITY;
    if (region.mixedPolygon >= 0 && cities.mixedPolygon[city] === region.mixedPolygon) return true;
    if (region.region >= 0 && region.region === cities.region[city])
      return region.partName === '' || distanceKm() <= PART_RADIUS_KM;
    if (!isLenient) return false;
    if (distanceKm() <= NEAR_REGION_KM) return true;
    if (region.region < 0 || region.partName !== '') return false;
    return this.#townsNear(city, region.region);
  }

  /** Whether a region has towns within {@link NEAR_REGION_KM} of a city. */
  #townsNear(city: number, region: number): boolean {
    const { lat, count, region: regionOf } = this.#gazetteer.cities;
    const isClose = (town: number): boolean =>
      Math.abs(lat[town]! - lat[city]!) < 0.3 &&
      haversineKm(this.pointOf(town), this.pointOf(city)) <= NEAR_REGION_KM;
    // Cities are sorted by region.
    for (let town = firstOf(regionOf, region); town < count && regionOf[town] === region; town++)
      if (isClose(town)) return true;
    return false;
  }

  /** Whether a key is the gazetteer's own name of a region. */
  #isName({ region, partName }: NamedRegion, key: string): boolean {
    const name = partName || (this.#gazetteer.regions[region]?.name ?? '');
    return foldName(name) === key;
  }
}

const isEmpty = (senses: readonly Senses[]): boolean =>
  senses.every(
    ({ countries, regions, cities }) => countries.length + regions.length + cities.length === 0,
  );

/** The first index whose value is at least `wanted`, of values that never fall. */
function firstOf(values: Uint16Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
