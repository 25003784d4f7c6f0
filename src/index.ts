/**
 * geor as a library, for Node: the verbs of the command line as functions.
 *
 * Subpaths hold more of each room: `geor/geo`, `geor/chain`, `geor/rewards`, `geor/tensor`,
 * `geor/model`, `geor/train`, `geor/evaluate`, `geor/locate`, `geor/serve`, `geor/engines`; what of a room needs
 * Node has a door of its own: `geor/model/node`.
 *
 * @example
 * import { reverseGeocode } from 'geor';
 * reverseGeocode(43.452, 142.6154)?.region; // 'Hokkaido'
 * @module
 */
import { defaultGazetteer } from './data/index.ts';
import {
  type GeocodeMatch,
  type GeocodeOptions,
  forwardGeocode as geocode,
  type Place,
  type PlaceNames,
  reverseGeocode as resolve,
} from './geo/index.ts';

export { type Answer, answerPrompt, buildChain, consistency, parseAnswer } from './chain/index.ts';
export { GeorError } from './core/index.ts';
export { defaultGazetteer } from './data/index.ts';
export { type Evaluation, evaluatePredictions, pairedDifference } from './evaluate/index.ts';
export {
  type Coordinate,
  type GeocodeMatch,
  type GeocodeOptions,
  haversineKm,
  type Place,
  type PlaceNames,
} from './geo/index.ts';
export {
  geoAgentReward,
  geoRReward,
  globeReward,
  groupAdvantages,
  type Reward,
  rewardByName,
} from './rewards/index.ts';

/**
 * The place at a coordinate, by the gazetteer that comes with geor.
 *
 * @param lat - degrees in [-90, 90]
 * @param lon - degrees in [-180, 180]
 * @returns `null` at sea and for anything that is not a coordinate
 */
export function reverseGeocode(lat: number, lon: number): Place | null {
  return resolve(defaultGazetteer(), lat, lon);
}

/**
 * The place that names mean, by the gazetteer that comes with geor.
 *
 * @param query - text such as `Helsinki, Finland`, or names by level
 * @returns `null` when no part of it names any place; `level` says how much of it could be matched
 */
export function forwardGeocode(
  query: string | PlaceNames,
  options?: GeocodeOptions,
): GeocodeMatch | null {
  return geocode(defaultGazetteer(), query, options);
}
