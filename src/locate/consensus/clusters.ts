/**
 * Answers that mean one place: groups of points near each other.
 * @module
 */
import { type Coordinate, haversineKm, sphereMedoid } from '../../geo/index.ts';

/** Points near each other. */
export interface Cluster {
  /** Which points, in rising order. */
  readonly members: readonly number[];
  /** Their medoid. */
  readonly point: Coordinate;
  /** The members' weights, in sum. */
  readonly weight: number;
  /** Distance from the medoid to the farthest member, kilometres. */
  readonly radiusKm: number;
}

/**
 * How far apart groups may be and still be one, kilometres: the scale of a region, the third of the
 * five thresholds that geolocation is scored at.
 */
export const CLUSTER_KM = 200;

/**
 * Agglomerative clustering with average linkage on great-circle distances: the two nearest groups are
 * joined until no two are within `linkKm` on average. Of equals the earlier pair is joined. Takes
 * time cubic in the number of points.
 *
 * @param weights - above 0, one for each point; 1 each when left out
 * @returns the heaviest first; of equals the one nearer to all points
 */
export function clustersOf(
  points: readonly Coordinate[],
  linkKm: number = CLUSTER_KM,
  weights?: readonly number[],
): Cluster[] {
  const between = points.map((a) => points.map((b) => haversineKm(a, b)));
  const groups = points.map((_, i) => [i]);
  const apart = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, i) => sum + b.reduce((part, j) => part + between[i]![j]!, 0), 0) /
    (a.length * b.length);
  const sumKmFrom = (at: Coordinate): number =>
    points.reduce((sum, point, i) => sum + (weights?.[i] ?? 1) * haversineKm(at, point), 0);
  for (;;) {
    let nearest = Number.POSITIVE_INFINITY;
    let pair: readonly [number, number] | undefined;
    for (let i = 0; i < groups.length; i++)
      for (let j = i + 1; j < groups.length; j++) {
        const km = apart(groups[i]!, groups[j]!);
        if (km > linkKm || km >= nearest) continue;
        nearest = km;
        pair = [i, j];
      }
    if (!pair) break;
    const [into, from] = pair;
    groups[into]!.push(...groups[from]!);
    groups.splice(from, 1);
  }
  return groups
    .map((group): Cluster => {
      const members = group.toSorted((a, b) => a - b);
      const own = members.map((i) => points[i]!);
      const ownWeights = members.map((i) => weights?.[i] ?? 1);
      const { lat, lon } = sphereMedoid(own, ownWeights);
      return {
        members,
        point: { lat, lon },
        weight: ownWeights.reduce((sum, weight) => sum + weight, 0),
        radiusKm: Math.max(...own.map((member) => haversineKm({ lat, lon }, member))),
      };
    })
    .map((cluster) => ({ cluster, sumKm: sumKmFrom(cluster.point) }))
    .sort((a, b) => b.cluster.weight - a.cluster.weight || a.sumKm - b.sumKm)
    .map(({ cluster }) => cluster);
}
