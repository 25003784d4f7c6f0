/**
 * Great-circle distance on the sphere.
 *
 * Source: Geo-R, section 3.2, equations (1) to (4), R = 6371 km.
 * @module
 */
import type { Coordinate } from './place.ts';

/** Mean Earth radius in kilometres (Geo-R, section 3.2). */
export const EARTH_RADIUS_KM = 6371;

const RADIANS = Math.PI / 180;

/**
 * Haversine distance between two coordinates.
 *
 * @returns kilometres, in [0, pi R] = [0, 20015.09]
 * @example haversineKm({ lat: 48.8566, lon: 2.3522 }, { lat: 51.5074, lon: -0.1278 }) // 343.56
 */
export function haversineKm(a: Coordinate, b: Coordinate): number {
  const sinLat = Math.sin(((b.lat - a.lat) * RADIANS) / 2);
  const halfLon = ((b.lon - a.lon) * RADIANS) / 2;
  const sinLon = Math.sin(halfLon);
  const cosines = Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS);
  const h = sinLat * sinLat + cosines * sinLon * sinLon;
  if (h <= 0.5) return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(h));
  // Beyond a quarter turn 1 - h by its own formula: near the antipode the arcsine of h would magnify
  // its last bit to decimetres.
  const sinMeanLat = Math.sin(((a.lat + b.lat) * RADIANS) / 2);
  const cosLon = Math.cos(halfLon);
  const rest = sinMeanLat * sinMeanLat + cosines * cosLon * cosLon;
  return EARTH_RADIUS_KM * (Math.PI - 2 * Math.asin(Math.sqrt(rest)));
}
