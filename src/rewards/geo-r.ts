/**
 * The reward of Geo-R: distance and format.
 *
 * Source: Geo-R, section 3.2, eq. (7): r = r_distance * r_format. The authors' released code adds
 * the two instead; that is the variant `released`.
 *
 * Readings that the paper leaves open:
 * 1. No readable coordinate: distance 0 and format 0, so 0 in both variants. Bad text is a bad
 *    answer, not a missing score.
 * 2. Several or malformed pairs: format is 0 by eq. (6); the distance part is that of the one
 *    coordinate `parseAnswer` chooses. It shows in the parts, counts nothing in the product, and
 *    counts in the sum.
 *
 * Deviation: the format check of the released code looks for a bounding box and so is 0 for every
 * coordinate. The variant `released` keeps its distances and its sum, with the format of eq. (6).
 * @module
 */
import { isOnGlobe, parseAnswer } from '../chain/index.ts';
import { haversineKm } from '../geo/index.ts';
import { type GeoRVariant, geoRDistanceReward } from './distance-reward.ts';
import { geoRFormatReward } from './format-reward.ts';
import { checkBatch, type Reward, type RewardResult } from './reward.ts';

/** Which reward. */
export interface GeoRRewardOptions {
  /** Default `paper`. */
  readonly variant?: GeoRVariant;
}

/** A synchronous {@link Reward}. */
export type SyncReward = (...batch: Parameters<Reward>) => RewardResult;

/**
 * Makes the Geo-R reward.
 *
 * Total: [0, 1] for `paper` (product), [0, 2] for `released` (sum). Parts: `distance` in [0, 1],
 * `format` 0 or 1. A target that is not a coordinate leaves its completion unscored.
 *
 * @throws GeorError `usage` (from the reward) when the lists of a batch differ in length.
 */
export function geoRReward(options: GeoRRewardOptions = {}): SyncReward {
  const variant = options.variant ?? 'paper';
  return (batch) => {
    checkBatch(batch);
    const total: (number | null)[] = [];
    const distance: (number | null)[] = [];
    const format: (number | null)[] = [];
    const unscored: (string | null)[] = [];
    for (const [i, completion] of batch.completions.entries()) {
      const target = batch.targets[i]!;
      if (!isOnGlobe(target.lat, target.lon)) {
        for (const list of [total, distance, format]) list.push(null);
        unscored.push(`the target (${target.lat}, ${target.lon}) is not a coordinate`);
        continue;
      }
      const answer = parseAnswer(completion, 'geo-r');
      const near = answer.coordinate
        ? geoRDistanceReward(haversineKm(answer.coordinate, target), variant)
        : 0;
      const wellFormed = geoRFormatReward(answer);
      distance.push(near);
      format.push(wellFormed);
      total.push(variant === 'paper' ? near * wellFormed : near + wellFormed);
      unscored.push(null);
    }
    return { total, parts: { distance, format }, unscored };
  };
}
