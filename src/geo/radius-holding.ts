/**
 * The radius of a circle with a known centre that holds a share of the points.
 * @module
 */
import { GeorError } from '../core/index.ts';
import { haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';
import { checkedWeights } from './weighted-points.ts';

/**
 * The smallest radius around `centre` whose circle, rim included, holds a share of the weight.
 *
 * @param share - in (0, 1]; 0.5 gives the weighted median distance
 * @param weights - 0 or more, not all 0; 1 each when left out
 * @returns kilometres: the distance of one of the points
 * @throws GeorError `usage` for a share out of range, no points, or points or weights that are none
 */
export function radiusHoldingKm(
  centre: Coordinate,
  points: readonly Coordinate[],
  share: number,
  weights?: readonly number[],
): number {
  if (!(share > 0 && share <= 1))
    throw new GeorError('usage', `the share is ${share}; it lies above 0 and is 1 at most`);
  const weightOf = checkedWeights(points, weights);
  checkedWeights([centre], undefined);
  const ranked = points
    .map((point, i) => ({ km: haversineKm(centre, point), weight: weightOf[i]! }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => a.km - b.km);
  const total = ranked.reduce((sum, { weight }) => sum + weight, 0);
  let held = 0;
  for (const { km, weight } of ranked) {
    held += weight;
    // 0.9 of ten equal weights is nine of them, whatever rounding says.
    if (held >= share * total * (1 - 1e-12)) return km;
  }
  return ranked.at(-1)!.km;
}
