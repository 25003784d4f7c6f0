/**
 * How far off the point may be: the radii that hold half and nine tenths of the belief.
 *
 * Without a calibration these are radii of the *samples*: what a model believes, not how often it is
 * right. Models are surer than they should be, so such radii are called what they are. With a
 * calibration they are radii that held so large a share of held-out truths.
 * @module
 */
import { type Coordinate, radiusHoldingKm } from '../../geo/index.ts';
import type { Calibration } from '../calibration/calibration.ts';
import { calibratedRadiusKm, spreadKm } from '../calibration/spread.ts';

/** Two circles around the point. */
export interface Radii {
  /** Kilometres. */
  readonly halfKm: number;
  /** Kilometres: nine tenths. */
  readonly mostKm: number;
  /** What they hold: samples, or truths as often as stated. */
  readonly hold: 'samples' | 'calibrated';
}

/**
 * The radii; `null` for a single sample, which says nothing of its own doubt.
 *
 * @param points - the samples' coordinates
 */
export function radiiOf(
  point: Coordinate,
  points: readonly Coordinate[],
  calibration?: Calibration,
): Radii | null {
  if (points.length < 2) return null;
  if (calibration) {
    const spread = spreadKm(point, points);
    return {
      halfKm: calibratedRadiusKm(calibration, 0.5, spread),
      mostKm: calibratedRadiusKm(calibration, 0.9, spread),
      hold: 'calibrated',
    };
  }
  return {
    halfKm: radiusHoldingKm(point, points, 0.5),
    mostKm: radiusHoldingKm(point, points, 0.9),
    hold: 'samples',
  };
}
