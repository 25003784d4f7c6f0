/**
 * A walk along a great circle.
 * @module
 */
import { type Coordinate, EARTH_RADIUS_KM } from '../../geo/index.ts';

const RADIANS = Math.PI / 180;

/**
 * Where a walk ends.
 *
 * @param bearing - radians from north, clockwise
 * @param km - length along the great circle
 */
export function step({ lat, lon }: Coordinate, bearing: number, km: number): Coordinate {
  const angle = km / EARTH_RADIUS_KM;
  const [phi, lambda] = [lat * RADIANS, lon * RADIANS];
  const sinLat =
    Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing);
  const east = Math.sin(bearing) * Math.sin(angle) * Math.cos(phi);
  const turned = lambda + Math.atan2(east, Math.cos(angle) - Math.sin(phi) * sinLat);
  const wrapped = turned - 2 * Math.PI * Math.round(turned / (2 * Math.PI));
  return { lat: Math.asin(Math.max(-1, Math.min(1, sinLat))) / RADIANS, lon: wrapped / RADIANS };
}
