/**
 * GLOBE's accuracy reward: is the country right, and in it the city?
 *
 * Source: GLOBE (arXiv 2506.14674), geo-localization accuracy reward:
 *
 *   R_geo = I[country] (alpha I[city] + 1 - alpha)
 *
 * with alpha = 0.8 in the authors' released code, so 1, 0.2 or 0. What counts as a match:
 * - `paper`: the names are one place's. The paper only writes the indicator; our reading is equality
 *   after folding, with the aliases that the comparison in use knows.
 * - `released`: one string contains the other and is at least 0.7 of its length, case aside.
 *
 * Deviation: where the true place has no city, the country alone decides (1 or 0), so that the best
 * possible answer scores 1.
 * @module
 */
import type { PlaceNames } from '../../geo/index.ts';
import type { RewardVariant } from '../reward.ts';
import { foldedComparison, type NameComparison } from '../truth.ts';

/** Weight of the city (released code). */
export const GLOBE_ALPHA = 0.8;

/** Least ratio of lengths for one name to match inside another (released code). */
export const CONTAINMENT_RATIO = 0.7;

/** How names are judged. */
export interface GeoAccuracyOptions {
  /** Default `paper`. */
  readonly variant?: RewardVariant;
  /** Weight of the city in [0, 1], default {@link GLOBE_ALPHA}. */
  readonly alpha?: number;
  /** What `paper` compares with; default equality after folding. */
  readonly isSameName?: NameComparison;
}

/** The match of the released code. */
export const isContained: NameComparison = (a, b) => {
  const [short, long] = [a.trim().toLowerCase(), b.trim().toLowerCase()].sort(
    (x, y) => x.length - y.length,
  ) as [string, string];
  return short !== '' && long.includes(short) && short.length / long.length >= CONTAINMENT_RATIO;
};

/**
 * The accuracy of named places.
 *
 * @param truth - a place with at least a country
 * @returns 1 for country and city, 1 - alpha for the country alone, else 0
 */
export function globeGeoAccuracy(
  named: PlaceNames,
  truth: PlaceNames,
  options: GeoAccuracyOptions = {},
): number {
  const { variant = 'paper', alpha = GLOBE_ALPHA, isSameName = foldedComparison } = options;
  const matches = variant === 'paper' ? isSameName : isContained;
  const isRight = (level: 'country' | 'city'): boolean =>
    named[level] !== undefined &&
    truth[level] !== undefined &&
    matches(named[level], truth[level], level);
  if (!isRight('country')) return 0;
  if (truth.city === undefined || isRight('city')) return 1;
  return 1 - alpha;
}
