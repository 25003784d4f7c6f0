/**
 * Hard samples: those far from everything that a model knows already.
 *
 * Source: Geo-R, section 3.3: 100 thousand samples that a 3B model locates correctly are the popular
 * regions; every sample within 200 km of any of them is dropped, and MP16-Hard-200K is drawn from the
 * rest. Distances are great circles with R = 6371 km, the end included.
 * @module
 */
import { type Coordinate, Coverage, SphereTree } from '../../geo/index.ts';
import { planOne, type SelectionMethod } from './method.ts';

/** How far from a popular point a sample has to be (Geo-R, section 3.3), kilometres. */
export const HARD_RADIUS_KM = 200;

/** What a hard selection depends on. */
export interface HardOptions {
  readonly popular: readonly Coordinate[];
  /** Kilometres; {@link HARD_RADIUS_KM} in the paper. */
  readonly radiusKm: number;
  /** Rows to draw; every row that is far enough when absent. */
  readonly count?: number | undefined;
}

/** Keeps rows that are further than the radius from every popular point. */
export function hardSelection({ popular, radiusKm, count }: HardOptions): SelectionMethod {
  const tree = new SphereTree(
    popular.map(({ lat }) => lat),
    popular.map(({ lon }) => lon),
  );
  const known = new Coverage(tree, radiusKm);
  return {
    name: 'hard',
    parameters: { radiusKm, popularPoints: popular.length, ...(count !== undefined && { count }) },
    stratumOf: ({ lat, lon }) => (known.has(lat, lon) ? null : 0),
    plan: (available) => planOne(available, count),
  };
}
