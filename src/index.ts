/**
 * geor as a library, for Node: the verbs of the command line as functions.
 *
 * Subpaths hold more of each room: `geor/geo`, `geor/chain`, `geor/rewards`, `geor/tensor`,
 * `geor/model`, `geor/train`, `geor/evaluate`.
 *
 * @example
 * import { reverseGeocode } from 'geor';
 * reverseGeocode(43.452, 142.6154)?.region; // 'Hokkaido'
 * @module
 */
import { defaultGazetteer } from './data/index.ts';
import { type Place, reverseGeocode as resolve } from './geo/index.ts';

export { type Answer, answerPrompt, buildChain, consistency, parseAnswer } from './chain/index.ts';
export { GeorError } from './core/index.ts';
export { defaultGazetteer } from './data/index.ts';
export { type Evaluation, evaluatePredictions, pairedDifference } from './evaluate/index.ts';
export { type Coordinate, haversineKm, type Place } from './geo/index.ts';
export { geoRReward, groupAdvantages, type Reward } from './rewards/index.ts';

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
