/**
 * The arguments that all summaries of points share: some points, each with a weight.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Coordinate } from './place.ts';

/**
 * Checks points and their weights.
 *
 * @param weights - 0 or more, not all 0; 1 each when left out
 * @returns one weight for each point
 * @throws GeorError `usage` when there is no point, a point is no coordinate, or a weight is none
 */
export function checkedWeights(
  points: readonly Coordinate[],
  weights: readonly number[] | undefined,
): readonly number[] {
  if (points.length === 0) throw new GeorError('usage', 'there are no points to summarize');
  points.forEach(({ lat, lon }, i) => {
    if (!(Math.abs(lat) <= 90 && Number.isFinite(lon)))
      throw new GeorError(
        'usage',
        `point ${i} is no coordinate: latitude ${lat}, longitude ${lon}`,
      );
  });
  if (!weights) return points.map(() => 1);
  if (weights.length !== points.length)
    throw new GeorError('usage', `${weights.length} weights for ${points.length} points`);
  weights.forEach((weight, i) => {
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new GeorError('usage', `weight ${i} is ${weight}; weights are 0 or more`);
  });
  if (weights.every((weight) => weight === 0))
    throw new GeorError('usage', 'every weight is 0: there is nothing to summarize');
  return weights;
}
