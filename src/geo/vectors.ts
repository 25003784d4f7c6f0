/**
 * Coordinates as unit vectors, where poles and the antimeridian are points like any other.
 *
 * The x axis meets the equator at longitude 0, the y axis at 90 degrees east, the z axis is north.
 * @module
 */
import type { Coordinate } from './place.ts';

/** A vector in three dimensions; of length one unless said otherwise. */
export type Vector = readonly [x: number, y: number, z: number];

const RADIANS = Math.PI / 180;

/** The unit vector of a coordinate. */
export function toVector({ lat, lon }: Coordinate): Vector {
  const ring = Math.cos(lat * RADIANS);
  return [ring * Math.cos(lon * RADIANS), ring * Math.sin(lon * RADIANS), Math.sin(lat * RADIANS)];
}

/** The coordinate in the direction of a vector of any length but 0; degrees, `lon` in [-180, 180]. */
export function toCoordinate([x, y, z]: Vector): Coordinate {
  return { lat: Math.atan2(z, Math.hypot(x, y)) / RADIANS, lon: Math.atan2(y, x) / RADIANS };
}

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** `a + factor * b`. */
export const addScaled = (a: Vector, b: Vector, factor: number): Vector => [
  a[0] + factor * b[0],
  a[1] + factor * b[1],
  a[2] + factor * b[2],
];

export const lengthOf = (a: Vector): number => Math.hypot(a[0], a[1], a[2]);

/** A vector scaled to length one, or null when it is too short to have a direction. */
export function normalized(a: Vector): Vector | null {
  const length = lengthOf(a);
  return length < 1e-14 ? null : [a[0] / length, a[1] / length, a[2] / length];
}

/** The angle between two unit vectors, radians in [0, pi]; accurate at both ends. */
export const angleBetween = (a: Vector, b: Vector): number =>
  Math.atan2(lengthOf(cross(a, b)), dot(a, b));

/** The straight line between two unit vectors, in [0, 2]. */
export const chordBetween = (a: Vector, b: Vector): number =>
  Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
