/**
 * GeoAgent's spatial reward: how near does the named place lie?
 *
 * Source: GeoAgent (arXiv 2602.12617), geographic similarity reward: the predicted address is
 * geocoded, D is its haversine distance to the truth, and
 *
 *   R_spa = exp(-D / tau)
 *
 * with tau = 200 km in the authors' released code, which also gives 0 from 2000 km on (`released`;
 * exp(-10) = 0.00005 there). An address that is not found is tried again without its last `;` part;
 * one of which nothing is found scores 0, like an infinite distance.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { GeocodeMatch, Geocoder, PlaceNames } from '../../geo/index.ts';
import type { RewardVariant } from '../reward.ts';

/** tau: the distance at which the reward has fallen to 1/e. */
export const SPATIAL_SCALE_KM = 200;

/** The released code gives nothing at this distance and beyond. */
export const RELEASED_CUTOFF_KM = 2000;

/**
 * Reward of a place `distanceKm` away from the truth.
 *
 * @param distanceKm - kilometres, >= 0; `Infinity` for a place that is not found
 * @param scaleKm - tau, > 0
 * @returns [0, 1]; r(0) = 1, r(200) = 0.3679
 */
export function geoAgentSpatialReward(
  distanceKm: number,
  variant: RewardVariant = 'paper',
  scaleKm: number = SPATIAL_SCALE_KM,
): number {
  if (!(distanceKm >= 0)) invariant(false, `a distance is a number >= 0, not ${distanceKm}`);
  if (variant === 'released' && distanceKm >= RELEASED_CUTOFF_KM) return 0;
  return Math.exp(-distanceKm / scaleKm);
}

/** Finds an answer's place: all of it, else without the place, else the country alone. */
export function geocodeAnswer(
  { country, region, city }: PlaceNames,
  geocoder: Geocoder,
): GeocodeMatch | null {
  const levels = Object.entries({ country, region, city }).filter(
    (level): level is [string, string] => level[1] !== undefined,
  );
  for (let kept = levels.length; kept > 0; kept--) {
    const match = geocoder(Object.fromEntries(levels.slice(0, kept)));
    if (match) return match;
  }
  return null;
}
