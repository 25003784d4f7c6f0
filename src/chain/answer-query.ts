/**
 * What forward geocoding is asked for an answer.
 * @module
 */
import type { PlaceNames } from '../geo/index.ts';
import type { Answer } from './answer.ts';

/** The names of an answer, level by level; empty where it names nothing. */
export function answerQuery({ country, region, city }: Answer): PlaceNames {
  return {
    ...(country !== undefined && { country }),
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
}
