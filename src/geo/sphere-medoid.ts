/**
 * The medoid: of some points, the one nearest to them all.
 * @module
 */
import { haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';
import { checkedWeights } from './weighted-points.ts';

/**
 * The point with the least weighted sum of great-circle distances to all points; the first such, when
 * several tie. A point of weight 0 can be the medoid.
 *
 * Takes time that grows with the square of the number of points.
 *
 * @param weights - 0 or more, not all 0; 1 each when left out
 * @throws GeorError `usage` for no points, or for points or weights that are none
 */
export function sphereMedoid<Point extends Coordinate>(
  points: readonly Point[],
  weights?: readonly number[],
): Point {
  const weightOf = checkedWeights(points, weights);
  const sums = points.map((from) =>
    points.reduce((sum, to, i) => sum + weightOf[i]! * haversineKm(from, to), 0),
  );
  let best = 0;
  sums.forEach((sum, i) => {
    if (sum < sums[best]!) best = i;
  });
  return points[best]!;
}
