/**
 * Geo-R's format reward.
 *
 * Source: Geo-R, section 3.2, eq. (6): 1 "only when the output contains exactly one valid decimal
 * latitude-longitude pair in the expected form, enclosed in parentheses and separated by a comma",
 * else 0.
 * @module
 */
import type { Answer } from '../../chain/index.ts';

/** 1 for exactly one valid pair, else 0. */
export function geoRFormatReward({ pairCount }: Pick<Answer, 'pairCount'>): 0 | 1 {
  return pairCount === 1 ? 1 : 0;
}
