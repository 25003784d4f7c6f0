/**
 * Making a calibration from pictures whose place is known, and checking it on others.
 * @module
 */
import { GeorError, random } from '../../core/index.ts';
import { type Coordinate, haversineKm } from '../../geo/index.ts';
import type { Calibration, CalibrationScope } from './calibration.ts';
import { calibratedRadiusKm, spreadKm } from './spread.ts';

/** A picture with its truth, its samples and the point made of them. */
export interface CalibrationPicture {
  readonly truth: Coordinate;
  readonly point: Coordinate;
  /** Two or more. */
  readonly samples: readonly Coordinate[];
}

/** Fewer pictures say too little of what nine tenths stay within. */
export const FEWEST_PICTURES = 50;

/** Degrees: pictures of one block of the globe are used together. */
const BLOCK_DEGREES = 2;

/**
 * Which part of the globe a picture is used for, by blocks of 2 x 2 degrees, so that what is checked
 * is not next to what was calibrated on.
 *
 * @param share - of the blocks that calibrate, in [0, 1]
 */
export function isForCalibration({ lat, lon }: Coordinate, share: number, seed: number): boolean {
  const [row, column] = [Math.floor(lat / BLOCK_DEGREES), Math.floor(lon / BLOCK_DEGREES)];
  return random(seed, 'calibration-block', row, column).uniform() < share;
}

/**
 * Makes a calibration: the quantiles of error over spread, each the conformal one, at rank
 * `ceil((n + 1) share)` of n.
 *
 * @param date - ISO 8601
 * @throws GeorError `data` for fewer pictures than {@link FEWEST_PICTURES}
 */
export function calibrate(
  pictures: readonly CalibrationPicture[],
  scope: CalibrationScope,
  date: string,
): Calibration {
  const n = pictures.length;
  if (n < FEWEST_PICTURES)
    throw new GeorError('data', `${n} pictures are too few to calibrate on`, {
      hint: `give ${FEWEST_PICTURES} or more that were located with two or more samples each`,
    });
  const scores = pictures
    .map(({ truth, point, samples }) => haversineKm(truth, point) / spreadKm(point, samples))
    .sort((a, b) => a - b);
  const at = (share: number): number => scores[Math.min(n, Math.ceil((n + 1) * share)) - 1]!;
  return { version: 1, scope, n, date, radii: { half: at(0.5), most: at(0.9) } };
}

/** How many pictures lie within their radii. */
export interface Coverage {
  readonly n: number;
  readonly half: number;
  readonly most: number;
  /** Means over the pictures, kilometres. */
  readonly meanHalfKm: number;
  readonly meanMostKm: number;
}

/** Counts the pictures whose truth lies within the radii of a calibration. */
export function coverageOf(
  calibration: Calibration,
  pictures: readonly CalibrationPicture[],
): Coverage {
  let [half, most, halfKm, mostKm] = [0, 0, 0, 0];
  for (const { truth, point, samples } of pictures) {
    const spread = spreadKm(point, samples);
    const km = haversineKm(truth, point);
    const [inner, outer] = [0.5, 0.9].map((share) =>
      calibratedRadiusKm(calibration, share as 0.5 | 0.9, spread),
    );
    if (km <= inner!) half++;
    if (km <= outer!) most++;
    halfKm += inner!;
    mostKm += outer!;
  }
  const n = pictures.length;
  return { n, half, most, meanHalfKm: halfKm / n, meanMostKm: mostKm / n };
}
