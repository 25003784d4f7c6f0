/**
 * The point that is worth most on average, if the truth is as likely at each sample as it is sampled.
 *
 * A model's samples are draws from what it believes. For a utility that falls with distance, such as
 * Geo-R's reward or "within 25 km", the best answer is the point with the highest expected utility
 * under that belief: minimum Bayes risk decoding (Kumar, Byrne, HLT-NAACL 2004), on the sphere.
 * @module
 */
import { type Coordinate, geometricMedian, haversineKm } from '../../geo/index.ts';
import { step } from './step.ts';

/** What an answer is worth at a distance from the truth, kilometres; falling, not negative. */
export type Utility = (distanceKm: number) => number;

/** The first step of the search from a candidate, and the last, kilometres. */
const FIRST_STEP_KM = 512;
const LAST_STEP_KM = 1;

/** How many of the candidates are searched around. */
const STARTS = 3;

/** The weighted mean utility of answering `at`. */
export function expectedUtility(
  at: Coordinate,
  points: readonly Coordinate[],
  weights: readonly number[],
  utility: Utility,
): number {
  let sum = 0;
  let total = 0;
  points.forEach((point, i) => {
    sum += weights[i]! * utility(haversineKm(at, point));
    total += weights[i]!;
  });
  return sum / total;
}

/**
 * The point with the highest expected utility: the best of the samples and their geometric median,
 * from each of which a pattern search walks in eight directions with steps that halve.
 *
 * @param points - at least one
 * @param weights - one for each point, 0 or more, not all 0
 */
export function utilityPoint(
  points: readonly Coordinate[],
  weights: readonly number[],
  utility: Utility,
): Coordinate {
  const valueAt = (at: Coordinate): number => expectedUtility(at, points, weights, utility);
  const starts = [...points, geometricMedian(points, weights)]
    .map((at) => ({ at, value: valueAt(at) }))
    .sort((a, b) => b.value - a.value)
    .slice(0, STARTS);
  let best = starts[0]!;
  for (const start of starts) {
    const end = climb(start, valueAt);
    if (end.value > best.value) best = end;
  }
  return { lat: best.at.lat, lon: best.at.lon };
}

interface Spot {
  readonly at: Coordinate;
  readonly value: number;
}

function climb(start: Spot, valueAt: (at: Coordinate) => number): Spot {
  let here = start;
  for (let km = FIRST_STEP_KM; km >= LAST_STEP_KM; ) {
    let better: Spot | undefined;
    for (let direction = 0; direction < 8; direction++) {
      const at = step(here.at, (direction * Math.PI) / 4, km);
      const value = valueAt(at);
      // by more than rounding, or the search would wander over plateaus
      if (value > (better ?? here).value + 1e-12) better = { at, value };
    }
    if (better) here = better;
    else km /= 2;
  }
  return here;
}
