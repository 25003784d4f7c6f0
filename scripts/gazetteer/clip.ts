/**
 * Cuts polygons along a parallel: for a border that is one by law and missing from the data.
 * @module
 */
import type { Polygon } from './sources.ts';

/**
 * The part of some polygons north or south of a parallel (Sutherland-Hodgman, one edge).
 *
 * @param lat - the parallel, degrees
 */
export function clipAtParallel(
  polygons: readonly Polygon[],
  lat: number,
  keep: 'north' | 'south',
): Polygon[] {
  const isKept = ([, y]: readonly [number, number]): boolean =>
    keep === 'north' ? y >= lat : y < lat;
  const clipRing = (ring: readonly (readonly [number, number])[]) => {
    const out: [number, number][] = [];
    ring.forEach((b, i) => {
      const a = ring.at(i - 1)!;
      if (isKept(a) !== isKept(b))
        out.push([a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0]), lat]);
      if (isKept(b)) out.push([b[0], b[1]]);
    });
    return out;
  };
  return polygons
    .map((rings) => rings.map(clipRing))
    .filter(([outer]) => outer && outer.length >= 3);
}

/** The northern border of Western Sahara, 27 degrees 40 minutes north. */
const WESTERN_SAHARA_NORTH_LAT = 27 + 40 / 60;

/**
 * Gives the land that maps draw as Moroccan south of 27°40'N the code that ISO 3166-1 and GeoNames
 * have for it, `EH`. The southern parts come last in the list.
 */
export function splitWesternSahara<
  A extends { readonly country: string; readonly polygons: readonly Polygon[] },
>(areas: readonly A[]): A[] {
  const part = (area: A, keep: 'north' | 'south'): A => ({
    ...area,
    polygons: clipAtParallel(area.polygons, WESTERN_SAHARA_NORTH_LAT, keep),
  });
  const isMoroccan = ({ country }: A): boolean => country === 'MA';
  return [
    ...areas.map((area) => (isMoroccan(area) ? part(area, 'north') : area)),
    ...areas.filter(isMoroccan).map((area) => ({ ...part(area, 'south'), country: 'EH' })),
  ].filter(({ polygons }) => polygons.length > 0);
}
