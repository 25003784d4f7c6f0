/**
 * From how far samples lie apart to how far off their consensus is.
 *
 * Split conformal prediction (Lei, G'Sell, Rinaldo, Tibshirani, Wasserman, JASA 113 (2018), section
 * 5.2, locally weighted): on held-out pictures the error is divided by the spread of the samples, and
 * the radius for a share is the spread times that quantile. Whatever the model believes, such a
 * radius holds the truth as often as stated on pictures like the held-out ones.
 * @module
 */
import { type Coordinate, haversineKm } from '../../geo/index.ts';
import type { Calibration } from './calibration.ts';

/** Samples that agree to the last digit are not certain: the least spread, kilometres. */
export const SPREAD_FLOOR_KM = 25;

/** The mean distance from the point to the samples, plus {@link SPREAD_FLOOR_KM}, kilometres. */
export function spreadKm(point: Coordinate, points: readonly Coordinate[]): number {
  const sum = points.reduce((total, sample) => total + haversineKm(point, sample), 0);
  return SPREAD_FLOOR_KM + sum / points.length;
}

/** Half a turn around the Earth, kilometres: no radius is longer. */
const HALF_TURN_KM = 20_015.09;

/** The radius that holds a share of truths, kilometres. */
export function calibratedRadiusKm(
  { radii }: Calibration,
  share: 0.5 | 0.9,
  spread: number,
): number {
  return Math.min(HALF_TURN_KM, spread * radii[share === 0.5 ? 'half' : 'most']);
}
