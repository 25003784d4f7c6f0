/**
 * Geo-R's distance reward.
 *
 * Source: Geo-R, section 3.2, eq. (5), with distances of eq. (1) to (4) (`haversineKm`):
 *
 *   d <= 750:         1.0 - 0.5 d / 750
 *   750 < d <= 2500:  0.5 - 0.3 (d - 750) / 1750
 *   d > 2500:         0.2 - 0.2 (d - 2500) / 17500, capped at 20000 km
 *
 * The authors' released code puts the second breakpoint at 3000 km and rounds to four decimals; that
 * is the variant `released`.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { RewardVariant } from '../reward.ts';

/** "capped at 20000 km (the approximate maximum great-circle distance)", section 3.2. */
export const DISTANCE_CAP_KM = 20000;

const NEAR_KM = 750;
const FAR_KM: Readonly<Record<RewardVariant, number>> = { paper: 2500, released: 3000 };

/**
 * Reward of a prediction `distanceKm` away from the truth.
 *
 * @param distanceKm - kilometres, >= 0; `Infinity` for no prediction
 * @returns [0, 1], falling in distance; r(0) = 1, r(750) = 0.5, r(2500) = 0.2 (paper), r(20000) = 0
 */
export function geoRDistanceReward(distanceKm: number, variant: RewardVariant = 'paper'): number {
  // the message is made only when needed: writing a number out takes longer than all the rest
  if (!(distanceKm >= 0)) invariant(false, `a distance is a number >= 0, not ${distanceKm}`);
  const far = FAR_KM[variant];
  let reward: number;
  if (distanceKm >= DISTANCE_CAP_KM) reward = 0;
  else if (distanceKm <= NEAR_KM) reward = 1 - (0.5 * distanceKm) / NEAR_KM;
  else if (distanceKm <= far) reward = 0.5 - (0.3 * (distanceKm - NEAR_KM)) / (far - NEAR_KM);
  else reward = 0.2 - (0.2 * (distanceKm - far)) / (DISTANCE_CAP_KM - far);
  return variant === 'released' ? Math.round(reward * 1e4) / 1e4 : reward;
}
