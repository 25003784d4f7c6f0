/**
 * One-degree cells of countries, and how many people live in each.
 * @module
 */
import type { Coordinate, Gazetteer } from '../../geo/index.ts';

const COLUMNS = 360;
const CELLS = 180 * COLUMNS;

/**
 * A country's part of a one-degree cell, as one number: countries one after the other, in each the
 * cells from south to north and from west to east. The pole belongs to the last row of cells, the
 * antimeridian to the last column.
 *
 * @param country - index in the gazetteer
 */
export function countryCell(country: number, { lat, lon }: Coordinate): number {
  const row = Math.min(Math.floor(lat) + 90, 179);
  const column = Math.min(Math.floor(lon) + 180, COLUMNS - 1);
  return country * CELLS + row * COLUMNS + column;
}

/** The country of a {@link countryCell}. */
export function countryOfCell(cell: number): number {
  return Math.floor(cell / CELLS);
}

/** People per {@link countryCell}: the places of the gazetteer, counted to their own country. */
export function cellPopulations({ cities, regions }: Gazetteer): ReadonlyMap<number, number> {
  const populations = new Map<number, number>();
  for (let i = 0; i < cities.count; i++) {
    const { country } = regions[cities.region[i]!]!;
    const cell = countryCell(country, { lat: cities.lat[i]!, lon: cities.lon[i]! });
    populations.set(cell, (populations.get(cell) ?? 0) + cities.population[i]!);
  }
  return populations;
}
