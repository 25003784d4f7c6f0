/**
 * Do the places an answer names agree with the coordinate it gives?
 *
 * A Chain of Region is only a chain if its links fit: `Country: Japan` above a coordinate in Chile
 * is two answers. The caller resolves the coordinate, so that this stays a pure comparison.
 * @module
 */
import type { Place } from '../geo/index.ts';
import type { Answer } from './answer.ts';
import { isSameName } from './text/names.ts';

/** Agreement per level; a level that cannot be compared is absent. */
export interface Consistency {
  readonly country?: boolean;
  readonly region?: boolean;
  readonly city?: boolean;
  /** Whether every compared level agrees; absent when none could be compared. */
  readonly overall?: boolean;
}

/**
 * Compares the named levels with the place at the answer's own coordinate.
 *
 * A level is compared when the answer names it and the place knows it. Where the coordinate resolves
 * to nothing (the open sea), every named level disagrees. Without a readable coordinate nothing can
 * be compared.
 *
 * @param placeAtCoordinate - `answer.coordinate` reverse-geocoded; `null` where nothing is
 */
export function consistency(answer: Answer, placeAtCoordinate: Place | null): Consistency {
  if (!answer.coordinate) return {};
  const result: { country?: boolean; region?: boolean; city?: boolean; overall?: boolean } = {};
  for (const level of ['country', 'region', 'city'] as const) {
    const named = answer[level];
    if (named === undefined) continue;
    if (placeAtCoordinate === null) result[level] = false;
    else if (placeAtCoordinate[level] !== undefined)
      result[level] = isSameName(named, placeAtCoordinate[level], level === 'country');
  }
  const compared = Object.values(result);
  if (compared.length > 0) result.overall = compared.every(Boolean);
  return result;
}
