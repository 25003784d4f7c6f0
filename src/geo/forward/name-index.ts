/**
 * The names of a gazetteer, ready to be looked up. Decoded on the first question, then kept.
 * @module
 */
import type { Gazetteer, NameSections } from '../gazetteer.ts';
import type { Coordinate } from '../place.ts';
import { foldName } from './fold-name.ts';
import { KeyEncoder, KeyTable } from './key-table.ts';

/** A first-level division, or a part of one that the map draws (a French department). */
export interface NamedRegion {
  readonly country: number;
  /** Index of the region it is or lies in; -1 when it holds several. */
  readonly region: number;
  /** The polygon that holds several regions, or -1. */
  readonly mixedPolygon: number;
  /** Its own name when it is not the region itself; else empty. */
  readonly partName: string;
  /** Its largest city, or -1. */
  readonly city: number;
  /** The people of its towns; of a part, five times those of its largest city, which are known. */
  readonly people: number;
  /** The coordinate that stands for it: its largest city, else a point inside; null for neither. */
  readonly point: Coordinate | null;
}

/** Who bears a name, by index. */
export interface Bearers {
  readonly countries: readonly number[];
  /** Into {@link NameIndex.regions}. */
  readonly regions: readonly number[];
  /** Cities whose own name it is. */
  readonly cities: readonly number[];
  /** Cities that are also called so: in other languages, formerly, for short. */
  readonly citiesByAlias: readonly number[];
}

/** Fields before the names in the `region-aliases` section: code, name, polygon, place. */
export const REGION_FIELDS = 4;
/** Fields before the names in the `country-aliases` section: place. */
export const COUNTRY_FIELDS = 1;

/** By names, so that views of one gazetteer share theirs. */
const indexes = new WeakMap<NameSections, NameIndex>();

/** The index of a gazetteer. The first call takes a fraction of a second. */
export function nameIndex(gazetteer: Gazetteer): NameIndex {
  const known = indexes.get(gazetteer.names);
  if (known) return known;
  const index = new NameIndex(gazetteer);
  indexes.set(gazetteer.names, index);
  return index;
}

/** Finds countries, regions and cities by folded name. */
export class NameIndex {
  readonly regions: readonly NamedRegion[];
  /** The coordinate that stands for each country, or null. */
  readonly countryPoints: readonly (Coordinate | null)[];
  /** The largest city of each country, or -1. */
  readonly largestCity: Int32Array;
  readonly #encoder = new KeyEncoder();
  readonly #countries: KeyTable;
  readonly #regions: KeyTable;
  readonly #cityNames: KeyTable;
  readonly #cityAliases: KeyTable;

  constructor({ names, countries, regions, cities }: Gazetteer) {
    const ofRegion = new Int32Array(regions.length).fill(-1);
    const people = new Float64Array(regions.length);
    this.largestCity = new Int32Array(countries.length).fill(-1);
    for (let city = 0; city < cities.count; city++) {
      const region = cities.region[city]!;
      const { country } = regions[region]!;
      people[region]! += cities.population[city]!;
      const isLarger = (than: number): boolean =>
        than < 0 || cities.population[city]! > cities.population[than]!;
      if (isLarger(ofRegion[region]!)) ofRegion[region] = city;
      if (isLarger(this.largestCity[country]!)) this.largestCity[country] = city;
    }
    const pointOf = (city: number): Coordinate | null =>
      city < 0 ? null : { lat: cities.lat[city]!, lon: cities.lon[city]! };

    const countryRows = rows(names.countries);
    this.countryPoints = countries.map(
      (_, i) => pointOf(this.largestCity[i]!) ?? parsePoint(countryRows[i]?.[0] ?? ''),
    );
    const regionOf = new Map(regions.map(({ code }, i) => [code, i]));
    const countryOf = new Map(countries.map(({ code }, i) => [code, i]));
    this.regions = rows(names.regions).map(([code = '', partName = '', polygon, place = '']) => {
      const region = regionOf.get(code) ?? -1;
      const city =
        place === '' ? (ofRegion[region] ?? -1) : /^\d+$/.test(place) ? Number(place) : -1;
      return {
        country: countryOf.get(code.slice(0, 2)) ?? -1,
        region,
        mixedPolygon: polygon ? Number(polygon) : -1,
        partName,
        city,
        people: partName === '' ? (people[region] ?? 0) : 5 * (cities.population[city] ?? 0),
        point: pointOf(city) ?? parsePoint(place),
      };
    });
    this.#countries = new KeyTable(names.countries, COUNTRY_FIELDS);
    this.#regions = new KeyTable(names.regions, REGION_FIELDS);
    this.#cityNames = new KeyTable(
      new TextEncoder().encode(cities.names.map((name) => `${foldName(name)}\n`).join('')),
    );
    this.#cityAliases = new KeyTable(names.cities);
  }

  /** What a folded name, or a code in capitals, is the name of. */
  find(name: string): Bearers {
    const key = this.#encoder.encode(name);
    if (!key) return NOBODY;
    return {
      countries: this.#countries.find(key),
      regions: this.#regions.find(key),
      cities: this.#cityNames.find(key),
      citiesByAlias: this.#cityAliases.find(key),
    };
  }
}

const NOBODY: Bearers = { countries: [], regions: [], cities: [], citiesByAlias: [] };

const rows = (bytes: Uint8Array): string[][] => {
  const text = new TextDecoder().decode(bytes);
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => line.split('\t', REGION_FIELDS));
};

/** A point written `lat,lon`. */
function parsePoint(text: string): Coordinate | null {
  const [lat, lon] = text.split(',').map(Number);
  return lat === undefined || lon === undefined ? null : { lat, lon };
}
