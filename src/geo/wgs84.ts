/**
 * Distances on the WGS84 ellipsoid.
 *
 * Source: Karney, Algorithms for geodesics, J. Geodesy 87 (2013), in its author's own JavaScript.
 * Haversine, which the papers use, differs from it by up to 0.56 %.
 * @module
 */
import geographiclib from 'geographiclib-geodesic';
import type { Coordinate } from './place.ts';

const { Geodesic } = geographiclib;
const { DISTANCE } = Geodesic;

/**
 * Length of the shortest geodesic between two points, kilometres (accurate to about 15 nm);
 * `NaN` when a coordinate is not finite or a latitude lies beyond a pole.
 */
export function wgs84Km(a: Coordinate, b: Coordinate): number {
  const { s12 } = Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon, DISTANCE);
  return s12! / 1000;
}
