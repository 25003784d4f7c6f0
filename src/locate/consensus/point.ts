/**
 * One point out of many samples.
 * @module
 */
import { type Coordinate, geometricMedian, sphereMedoid } from '../../geo/index.ts';
import { geoRDistanceReward } from '../../rewards/index.ts';
import { clustersOf } from './clusters.ts';
import { thresholdPoint } from './threshold-point.ts';
import { utilityPoint } from './utility-point.ts';

/**
 * How samples become one point.
 *
 * - `medoid`: the sample nearest to them all.
 * - `cluster`: the medoid of the largest cluster.
 * - `median`: the geometric median.
 * - `reward`: the point with the highest expected Geo-R distance reward.
 * - `threshold`: the point with most samples within a distance.
 */
export type PointMethod = 'medoid' | 'cluster' | 'median' | 'reward' | 'threshold';

/** Every method. */
export const POINT_METHODS: readonly PointMethod[] = [
  'medoid',
  'cluster',
  'median',
  'reward',
  'threshold',
];

/**
 * The default: of all methods the best in Geo-R reward and within 200 km on held-out tiles, with
 * `median` within the noise (docs/log.md).
 */
export const DEFAULT_POINT_METHOD: PointMethod = 'reward';

/** How to choose. */
export interface PointOptions {
  readonly method?: PointMethod;
  /** Distance of `threshold`, kilometres; 25 by default, a city's width. */
  readonly thresholdKm?: number;
  /** One for each sample, above 0; 1 each when left out. */
  readonly weights?: readonly number[];
}

/** A method by one name, with its distance where it has one: `reward`, `threshold 25`. */
export const methodName = ({
  method = DEFAULT_POINT_METHOD,
  thresholdKm = 25,
}: PointOptions): string => (method === 'threshold' ? `threshold ${thresholdKm}` : method);

/**
 * The point that stands for samples.
 *
 * @param points - at least one
 */
export function consensusPoint(
  points: readonly Coordinate[],
  { method = DEFAULT_POINT_METHOD, thresholdKm = 25, weights }: PointOptions = {},
): Coordinate {
  const weightOf = weights ?? points.map(() => 1);
  switch (method) {
    case 'medoid':
      return bare(sphereMedoid(points, weightOf));
    case 'cluster':
      return clustersOf(points, undefined, weightOf)[0]!.point;
    case 'median':
      return geometricMedian(points, weightOf);
    case 'reward':
      return utilityPoint(points, weightOf, geoRDistanceReward);
    case 'threshold':
      return thresholdPoint(points, weightOf, thresholdKm);
  }
}

const bare = ({ lat, lon }: Coordinate): Coordinate => ({ lat, lon });
