/**
 * Many coordinates to places at once, about twice as fast as one by one.
 *
 * One by one, a lookup mostly waits for memory: points in random order touch the whole map. Here they
 * are visited cell by cell, so that neighbours find in the processor's cache what the one before them
 * needed; and what is kept of each is a few numbers, not an object.
 * @module
 */
import { UNITS_PER_DEGREE } from './borders.ts';
import { COLUMNS, columnOf, rowOf } from './edge-cells.ts';
import type { Gazetteer } from './gazetteer.ts';
import type { Coordinate, Place } from './place.ts';
import { locate, nameLocation, type ReverseGeocodeOptions } from './reverse-geocode.ts';

/** The places of some coordinates, in their order; each is made when it is asked for. */
export interface PlaceList extends Iterable<Place | null> {
  readonly length: number;
  /** The place of coordinate `index`; null where there is none, and beyond the list. */
  at(index: number): Place | null;
}

/**
 * The place at each coordinate, in the order given: what `reverseGeocode` says, point by point.
 *
 * @example [...reverseGeocodeAll(gazetteer, photos)].map((place) => place?.country ?? 'nowhere')
 */
export function reverseGeocodeAll(
  gazetteer: Gazetteer,
  points: readonly Coordinate[],
  options?: ReverseGeocodeOptions,
): PlaceList {
  const { length } = points;
  const lats = new Float64Array(length);
  const lons = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    lats[i] = points[i]!.lat;
    lons[i] = points[i]!.lon;
  }
  const country = new Int16Array(length);
  const shown = new Int16Array(length);
  const polygon = new Int16Array(length);
  const city = new Int32Array(length);
  const order = cellByCell(lats, lons);
  for (let turn = 0; turn < length; turn++) {
    const i = order[turn]!;
    const found = locate(gazetteer, lats[i]!, lons[i]!);
    country[i] = found.country;
    shown[i] = found.shown;
    polygon[i] = found.polygon;
    city[i] = found.city;
  }
  const at = (i: number): Place | null => {
    if (!(i >= 0 && i < length)) return null;
    const location = {
      country: country[i]!,
      shown: shown[i]!,
      polygon: polygon[i]!,
      city: city[i]!,
    };
    return nameLocation(gazetteer, lats[i]!, lons[i]!, location, options);
  };
  return {
    length,
    at,
    *[Symbol.iterator]() {
      for (let i = 0; i < length; i++) yield at(i);
    },
  };
}

/** The indexes of all points, sorted by the cell of the edge grids that each lies in. */
function cellByCell(lats: Float64Array, lons: Float64Array): Uint32Array {
  // A cell number takes 20 bits and an index 32: both fit in the 53 of a number, and sort as one.
  const keys = new Float64Array(lats.length);
  for (let i = 0; i < keys.length; i++) {
    const row = rowOf(lats[i]! * UNITS_PER_DEGREE);
    const cell = row * COLUMNS + columnOf(lons[i]! * UNITS_PER_DEGREE);
    keys[i] = (cell || 0) * 2 ** 32 + i; // numbers that are no coordinate have no cell
  }
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    order[i] = key - Math.floor(key / 2 ** 32) * 2 ** 32;
  }
  return order;
}
