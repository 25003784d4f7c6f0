/**
 * The point that has most of the samples within a distance: the best answer where only that counts.
 * @module
 */
import { type Coordinate, EARTH_RADIUS_KM, geometricMedian, haversineKm } from '../../geo/index.ts';
import { step } from './step.ts';

/** Rounding: how far outside a circle of `km` a point on its rim may be found. */
const slack = (km: number): number => km * (1 + 1e-9) + 1e-6;

/**
 * A point with the highest weight of points within `thresholdKm` of it. That maximum is reached at
 * a point or where two circles of that radius around points cross, so these are tried, all of them.
 * Of equals the one nearest to all points, in sum; then the geometric median of those within, if it has
 * as many within.
 *
 * Takes time cubic in the number of points.
 *
 * @param points - at least one
 * @param weights - one for each point, 0 or more, not all 0
 */
export function thresholdPoint(
  points: readonly Coordinate[],
  weights: readonly number[],
  thresholdKm: number,
): Coordinate {
  let best: Covered | undefined;
  for (const at of candidates(points, thresholdKm)) {
    const covered = coverOf(at, points, weights, thresholdKm);
    if (!best || isBetter(covered, best)) best = covered;
  }
  const { at, members } = best!;
  const median = geometricMedian(
    members.map((i) => points[i]!),
    members.map((i) => weights[i]!),
  );
  const isAsGood = coverOf(median, points, weights, thresholdKm).weight >= best!.weight;
  const end = isAsGood ? median : at;
  return { lat: end.lat, lon: end.lon };
}

interface Covered {
  readonly at: Coordinate;
  readonly members: readonly number[];
  readonly weight: number;
  /** Weighted sum of the distances to all points. */
  readonly sumKm: number;
}

const isBetter = (a: Covered, b: Covered): boolean =>
  a.weight > b.weight * (1 + 1e-12) ||
  (a.weight >= b.weight * (1 - 1e-12) && a.sumKm < b.sumKm * (1 - 1e-12));

function coverOf(
  at: Coordinate,
  points: readonly Coordinate[],
  weights: readonly number[],
  thresholdKm: number,
): Covered {
  const members: number[] = [];
  let [weight, sumKm] = [0, 0];
  points.forEach((point, i) => {
    const km = haversineKm(at, point);
    sumKm += weights[i]! * km;
    if (weights[i] === 0 || km > slack(thresholdKm)) return;
    members.push(i);
    weight += weights[i]!;
  });
  return { at, members, weight, sumKm };
}

/** The points, and where the circles around every two of them cross. */
function* candidates(points: readonly Coordinate[], km: number): Generator<Coordinate> {
  yield* points;
  for (const [i, a] of points.entries())
    for (const b of points.slice(i + 1)) {
      const apart = haversineKm(a, b);
      if (apart === 0 || apart > 2 * km) continue;
      // the spherical triangle of a, b and the crossing has two sides of `km`: its angle at a
      const cosine = Math.tan(apart / 2 / EARTH_RADIUS_KM) / Math.tan(km / EARTH_RADIUS_KM);
      if (Math.abs(cosine) > 1) continue;
      const towards = bearingOf(a, b);
      const off = Math.acos(cosine);
      yield step(a, towards + off, km);
      yield step(a, towards - off, km);
    }
}

const RADIANS = Math.PI / 180;

/** The direction in which the great circle from `a` to `b` sets out, radians from north. */
function bearingOf(a: Coordinate, b: Coordinate): number {
  const [from, to] = [a.lat * RADIANS, b.lat * RADIANS];
  const turn = (b.lon - a.lon) * RADIANS;
  return Math.atan2(
    Math.sin(turn) * Math.cos(to),
    Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(turn),
  );
}
