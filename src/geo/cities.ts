/**
 * The populated places of the gazetteer, as columns.
 *
 * Places are sorted by region, so each region, and each country, is one run of them.
 * @module
 */
import { UNITS_PER_DEGREE } from './borders.ts';
import { ByteReader, ByteWriter, corrupt } from './bytes.ts';

/** One populated place, before encoding. */
export interface City {
  readonly name: string;
  /** Degrees. */
  readonly lat: number;
  readonly lon: number;
  readonly population: number;
  /** Index of its region. */
  readonly region: number;
  /** The region polygon it is in, when that polygon holds several regions; else -1. */
  readonly mixedPolygon: number;
}

/** All populated places, column by column; index `i` is one place. */
export interface Cities {
  readonly count: number;
  readonly names: readonly string[];
  /** Degrees, four decimals. */
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly population: Uint32Array;
  /** Index into the gazetteer's regions; never falls from one place to the next. */
  readonly region: Uint16Array;
  /** Index into the gazetteer's region polygons, or -1. */
  readonly mixedPolygon: Int16Array;
}

/** Places, sorted by region, to the `cities` section. */
export function encodeCities(cities: readonly City[]): Uint8Array {
  const out = new ByteWriter().unsigned(cities.length);
  const column = (value: (city: City) => number): void => {
    let last = 0;
    for (const city of cities) {
      out.signed(value(city) - last);
      last = value(city);
    }
  };
  column((city) => city.region);
  column((city) => Math.round(city.lat * UNITS_PER_DEGREE));
  column((city) => Math.round(city.lon * UNITS_PER_DEGREE));
  for (const city of cities) out.unsigned(city.population);
  for (const city of cities) out.unsigned(city.mixedPolygon + 1);
  return out.bytes();
}

/**
 * The `cities` section and its names back to columns.
 *
 * @throws GeorError `asset` when they do not fit together or name what is not there.
 */
export function decodeCities(
  bytes: Uint8Array,
  names: readonly string[],
  regionCount: number,
  polygonCount: number,
): Cities {
  const reader = new ByteReader(bytes, 'cities');
  const count = reader.unsigned();
  if (count !== names.length) corrupt(`${count} cities with ${names.length} names`);
  const column = (limit: number, what: string): Int32Array => {
    const values = new Int32Array(count);
    let value = 0;
    for (let i = 0; i < count; i++) {
      value += reader.signed();
      if (Math.abs(value) > limit) corrupt(`${what} of city ${i} is out of range`);
      values[i] = value;
    }
    return values;
  };
  const regions = column(regionCount - 1, 'the region');
  for (let i = 0; i < count; i++) {
    if (regions[i]! < (regions[i - 1] ?? 0)) corrupt('cities are not sorted by region');
  }
  const lat = column(90 * UNITS_PER_DEGREE, 'the latitude');
  const lon = column(180 * UNITS_PER_DEGREE, 'the longitude');
  const population = new Uint32Array(count);
  for (let i = 0; i < count; i++) population[i] = reader.unsigned();
  const mixedPolygon = new Int16Array(count);
  for (let i = 0; i < count; i++) {
    const polygon = reader.unsigned() - 1;
    if (polygon >= polygonCount) corrupt(`the polygon of city ${i} is out of range`);
    mixedPolygon[i] = polygon;
  }
  reader.end();
  return {
    count,
    names,
    lat: Float64Array.from(lat, (units) => units / UNITS_PER_DEGREE),
    lon: Float64Array.from(lon, (units) => units / UNITS_PER_DEGREE),
    population,
    region: Uint16Array.from(regions),
    mixedPolygon,
  };
}
