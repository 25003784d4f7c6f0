/**
 * The smallest circle that holds all points: how far apart some answers lie.
 *
 * Source: Welzl, Smallest enclosing disks (balls and ellipsoids), LNCS 555 (1991), in its iterative
 * form. A circle on the sphere is the set of unit vectors within one chord of its centre, so the
 * planar algorithm holds as long as all points fit in a hemisphere.
 *
 * Deviation: points that fit in no hemisphere are outside Welzl's problem. Their circle is larger than
 * a hemisphere and passes through three of them (it is the outside of the largest empty circle, a
 * face of their convex hull), so all threes are tried: cubic time, where Welzl's is linear.
 * @module
 */
import { random, shuffled } from '../core/index.ts';
import { EARTH_RADIUS_KM } from './haversine.ts';
import type { Coordinate } from './place.ts';
import {
  addScaled,
  angleBetween,
  chordBetween,
  cross,
  dot,
  lengthOf,
  normalized,
  toCoordinate,
  toVector,
  type Vector,
} from './vectors.ts';
import { checkedWeights } from './weighted-points.ts';

/** A circle on the sphere and everything inside it. */
export interface BoundingCircle {
  readonly centre: Coordinate;
  /** Great-circle distance from the centre to the rim, kilometres in [0, pi R]. */
  readonly radiusKm: number;
}

/** A circle with the chord from its centre to its rim. */
interface Cap {
  readonly centre: Vector;
  readonly chord: number;
}

/** How far a point may stick out of a circle it helped to draw, of a chord of length 1. */
const ROUNDING = 1e-15;
/** How far any point may stick out of the result before it is taken for wrong (6 mm). */
const WRONG = 1e-9;

/**
 * The smallest circle that holds all points; one of them where several tie, which takes points that
 * fit in no smaller circle than a hemisphere.
 *
 * @throws GeorError `usage` when there is no point, or one is no coordinate
 */
export function boundingCircle(points: readonly Coordinate[]): BoundingCircle {
  checkedWeights(points, undefined);
  const vectors = shuffled(points.map(toVector), random('bounding-circle'));
  const cap = smallestCap(vectors);
  const isWhole = cap && vectors.every((p) => isInside(cap, p, WRONG));
  const centre = isWhole ? cap.centre : beyondHemisphere(vectors);
  const radius = vectors.reduce((most, p) => Math.max(most, angleBetween(centre, p)), 0);
  return { centre: toCoordinate(centre), radiusKm: radius * EARTH_RADIUS_KM };
}

const isInside = ({ centre, chord }: Cap, p: Vector, slack = ROUNDING): boolean =>
  chordBetween(centre, p) <= chord * (1 + 1e-12) + slack;

/** The smallest cap of points in a hemisphere; null, or a cap that misses some, for others. */
function smallestCap(points: readonly Vector[]): Cap | null {
  let cap: Cap | null = { centre: points[0]!, chord: 0 };
  for (let i = 1; i < points.length; i++) {
    if (isInside(cap, points[i]!)) continue;
    cap = { centre: points[i]!, chord: 0 };
    for (let j = 0; j < i; j++) {
      if (isInside(cap, points[j]!)) continue;
      cap = through(points[i]!, points[j]!);
      for (let k = 0; cap && k < j; k++)
        if (!isInside(cap, points[k]!)) cap = through(points[i]!, points[j]!, points[k]!);
      if (!cap) return null;
    }
  }
  return cap;
}

/** The smaller cap whose rim passes through two or three points, or null for antipodes. */
function through(a: Vector, b: Vector, c?: Vector): Cap | null {
  const centre = normalized(c ? towardsCircumcentre(a, b, c) : addScaled(a, b, 1));
  return centre && { centre, chord: chordBetween(centre, a) };
}

/** A vector towards the centre of the circle through three points. */
function towardsCircumcentre(a: Vector, b: Vector, c: Vector): Vector {
  const u = addScaled(b, a, -1);
  const v = addScaled(c, a, -1);
  const normal = cross(u, v);
  const squared = dot(normal, normal);
  if (squared === 0) return [0, 0, 0];
  // The centre of the plane triangle, seen from one corner: keeps its digits for points close by.
  const offset = addScaled(
    addScaled([0, 0, 0], cross(normal, u), dot(v, v) / (2 * squared)),
    cross(v, normal),
    dot(u, u) / (2 * squared),
  );
  const centre = addScaled(a, offset, 1);
  if (lengthOf(centre) > 0.5) return centre;
  // Near a hemisphere that centre nears the Earth's own, and the plane's normal is the safer way.
  return addScaled([0, 0, 0], normal, (dot(normal, a) < 0 ? -1 : 1) / Math.sqrt(squared));
}

/** The centre of the smallest cap of points that fit in no open hemisphere. */
function beyondHemisphere(points: readonly Vector[]): Vector {
  let best: Vector | undefined;
  let most = -1; // the cosine of the radius, as large as can be
  const consider = (centre: Vector | null): void => {
    if (!centre) return;
    let least = 1;
    for (const p of points) {
      least = Math.min(least, dot(centre, p));
      if (least <= most) return;
    }
    best = centre;
    most = least;
  };
  points.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const b = addScaled(points[j]!, a, -1);
      for (let k = 0; k < j; k++) {
        const normal = normalized(cross(b, addScaled(points[k]!, a, -1)));
        consider(normal);
        consider(normal && addScaled([0, 0, 0], normal, -1));
      }
    }
  });
  if (best) return best;
  // Two antipodes and nothing else: any point half-way will do; this one is the same every time.
  const [a] = points;
  const axis: Vector = Math.abs(a![2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  return normalized(cross(a!, axis))!;
}
