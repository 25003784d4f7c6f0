/**
 * The geometric median on the sphere: the place from which the sum of distances is least.
 *
 * Source: Weiszfeld's iteration with the logarithm and exponential map of the sphere, as in Fletcher,
 * Venkatasubramanian, Joshi, The geometric median on Riemannian manifolds with application to robust
 * atlas estimation, NeuroImage 45 (2009), section 3; at a point of the data the step of Vardi, Zhang,
 * The multivariate L1-median and associated data depth, PNAS 97 (2000), equations 2.4 to 2.6.
 *
 * Deviations: a step that does not lessen the sum is halved; and since on a sphere the sum can have
 * several minima, the iteration starts from several points unless all lie close together; the best
 * end counts.
 * @module
 */
import { EARTH_RADIUS_KM } from './haversine.ts';
import type { Coordinate } from './place.ts';
import {
  addScaled,
  angleBetween,
  dot,
  lengthOf,
  normalized,
  toCoordinate,
  toVector,
  type Vector,
} from './vectors.ts';
import { checkedWeights } from './weighted-points.ts';

/** When to stop looking for the median. */
export interface MedianOptions {
  /** Steps shorter than this end the search, kilometres; 1e-9 (a micrometre) when left out. */
  readonly toleranceKm?: number;
  /** Steps from each start; 1000 when left out. */
  readonly maxIterations?: number;
}

/** Points within this of one place, radians, have one minimum (Fletcher et al., theorem 1). */
const CONVEX = Math.PI / 4;
/** How many of the points, the most central ones, are starts. */
const STARTS = 8;
/** Angles below this are no distance at all, radians (6 micrometres). */
const COINCIDENT = 1e-12;

/**
 * The coordinate with the least weighted sum of great-circle distances to the points.
 *
 * Where several tie, as for two points of equal weight, it is one of them: the most central of the
 * points if that ties too.
 *
 * @param weights - 0 or more, not all 0; 1 each when left out
 * @throws GeorError `usage` for no points, or for points or weights that are none
 */
export function geometricMedian(
  points: readonly Coordinate[],
  weights?: readonly number[],
  options: MedianOptions = {},
): Coordinate {
  const weightOf = checkedWeights(points, weights);
  const vectors = points.map(toVector);
  const sumAt = (x: Vector): number =>
    vectors.reduce((sum, p, i) => sum + weightOf[i]! * angleBetween(x, p), 0);

  const central = vectors
    .map((vector, i) => ({ vector, i, sum: sumAt(vector) }))
    .sort((a, b) => a.sum - b.sum || a.i - b.i);
  const starts = [central[0]!.vector];
  if (!vectors.every((p) => angleBetween(starts[0]!, p) < CONVEX)) {
    const mean = normalized(
      vectors.reduce((sum, p, i) => addScaled(sum, p, weightOf[i]!), [0, 0, 0] as Vector),
    );
    starts.push(...central.slice(1, STARTS).map(({ vector }) => vector), ...(mean ? [mean] : []));
  }

  let best = central[0]!.vector;
  let least = central[0]!.sum;
  for (const start of starts) {
    const end = descend(start, vectors, weightOf, sumAt, options);
    const sum = sumAt(end);
    // By more than rounding, or the most central point stays.
    if (sum >= least - 1e-13 * least) continue;
    best = end;
    least = sum;
  }
  const at = vectors.indexOf(best);
  return at < 0 ? toCoordinate(best) : { lat: points[at]!.lat, lon: points[at]!.lon };
}

/** Follows Weiszfeld's iteration from `start` until a step is too short to matter. */
function descend(
  start: Vector,
  points: readonly Vector[],
  weights: readonly number[],
  sumAt: (x: Vector) => number,
  { toleranceKm = 1e-9, maxIterations = 1000 }: MedianOptions,
): Vector {
  let x = start;
  let sum = sumAt(x);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    let step = weiszfeldStep(x, points, weights);
    let next = exponential(x, step);
    let nextSum = sumAt(next);
    while (nextSum > sum && lengthOf(step) * EARTH_RADIUS_KM > toleranceKm) {
      step = addScaled([0, 0, 0], step, 0.5);
      next = exponential(x, step);
      nextSum = sumAt(next);
    }
    if (nextSum > sum) return x;
    x = next;
    sum = nextSum;
    if (lengthOf(step) * EARTH_RADIUS_KM <= toleranceKm) return x;
  }
  return x;
}

/** The step from `x` in its tangent plane, radians; zero at a minimum. */
function weiszfeldStep(x: Vector, points: readonly Vector[], weights: readonly number[]): Vector {
  let pull: Vector = [0, 0, 0]; // weighted sum of unit vectors towards the points
  let stiffness = 0; // sum of weight / distance
  let here = 0; // the weight at x itself, which holds it there
  points.forEach((p, i) => {
    const angle = angleBetween(x, p);
    if (angle < COINCIDENT) {
      here += weights[i]!;
      return;
    }
    const towards = normalized(addScaled(p, x, -dot(x, p)));
    if (!towards) return; // the antipode: every direction leads there
    pull = addScaled(pull, towards, weights[i]!);
    stiffness += weights[i]! / angle;
  });
  const strength = lengthOf(pull);
  if (strength <= here || stiffness === 0) return [0, 0, 0];
  return addScaled([0, 0, 0], pull, (1 - here / strength) / stiffness);
}

/** Where a walk from `x` along a tangent vector ends; its length is the angle, radians. */
function exponential(x: Vector, tangent: Vector): Vector {
  const angle = lengthOf(tangent);
  if (angle === 0) return x;
  const there = addScaled(
    addScaled([0, 0, 0], x, Math.cos(angle)),
    tangent,
    Math.sin(angle) / angle,
  );
  return normalized(there) ?? x;
}
