/**
 * Areas of countries from the borders of Natural Earth's admin-1 map.
 * @module
 */
import { countryOfRegionArea } from '../gazetteer/countries.ts';
import { type Polygon, polygonsOf, type Sources } from '../gazetteer/sources.ts';

/** Radius of the sphere with the surface of WGS84, kilometres. */
const AUTHALIC_RADIUS_KM = 6371.0072;

const RADIANS = Math.PI / 180;

/**
 * Square kilometres inside a ring of `[lon, lat]`.
 *
 * Source: R. G. Chamberlain and W. H. Duquette, Some Algorithms for Polygons on a Sphere (2007), the
 * trapezoid approximation: edges are taken as straight in the plane of longitude and sine of latitude.
 */
function ringAreaKm2(ring: Polygon[number]): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [lon, lat] = ring[i]!;
    const [nextLon, nextLat] = ring[(i + 1) % ring.length]!;
    sum += (nextLon - lon) * RADIANS * (2 + Math.sin(lat * RADIANS) + Math.sin(nextLat * RADIANS));
  }
  return Math.abs(sum / 2) * AUTHALIC_RADIUS_KM ** 2;
}

/** Square kilometres per country. */
export function countryAreasKm2({ regionAreas }: Sources): Map<string, number> {
  const areas = new Map<string, number>();
  for (const area of regionAreas) {
    const code = countryOfRegionArea(area.properties);
    for (const [outer, ...holes] of polygonsOf(area)) {
      const inside = holes.reduce((left, hole) => left - ringAreaKm2(hole), ringAreaKm2(outer!));
      areas.set(code, (areas.get(code) ?? 0) + inside);
    }
  }
  return areas;
}
