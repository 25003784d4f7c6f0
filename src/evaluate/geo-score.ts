/**
 * GeoScore: points for a distance, 5000 for a hit, as in the game GeoGuessr.
 *
 * Two formulas go by this name:
 * - 5000 exp(-d / 1492.7): PIGEON (arXiv 2307.05845), which rounds each picture, and OSV-5M.
 * - 5000 exp(-10 d / 18050) = 5000 exp(-d / 1805): GeoAgent (arXiv 2602.12617).
 * So a score is always given with its scale.
 * @module
 */

/** A mean score and the formula it was made by. */
export interface GeoScore {
  /** The d at which the score has fallen to 5000 / e. */
  readonly scaleKm: number;
  /** Whether each picture's points were rounded to whole ones. */
  readonly rounded: boolean;
  /** Mean over all rows, [0, 5000]. */
  readonly value: number;
}

/** The scales and roundings in use, PIGEON's first. */
export const GEO_SCORES: readonly Omit<GeoScore, 'value'>[] = [
  { scaleKm: 1492.7, rounded: true },
  { scaleKm: 1805, rounded: false },
];

/** Points for one distance; 0 for `Infinity`. */
export function geoScore(distanceKm: number, scaleKm: number, rounded: boolean): number {
  const points = 5000 * Math.exp(-distanceKm / scaleKm);
  return rounded ? Math.round(points) : points;
}
