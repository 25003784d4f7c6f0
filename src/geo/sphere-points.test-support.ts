/** Points for tests of the sphere, and how to turn the Earth. @module */
import fc from 'fast-check';
import { random } from '../core/index.ts';
import type { Coordinate } from './place.ts';
import { toCoordinate, toVector } from './vectors.ts';

export const at = (lat: number, lon: number): Coordinate => ({ lat, lon });

/** Points within `spreadDegrees` of a random centre; 180 spreads them over the whole sphere. */
export function cluster(count: number, spreadDegrees: number, seed: number): Coordinate[] {
  const source = random('cluster', count, spreadDegrees, seed);
  const turn = rotation(source.uniform(), source.uniform(), source.uniform());
  const cap = Math.cos((spreadDegrees * Math.PI) / 180);
  return Array.from({ length: count }, () => {
    const z = 1 - (1 - cap) * source.uniform();
    return turn(at((Math.asin(z) * 180) / Math.PI, source.uniform() * 360 - 180));
  });
}

/** A rotation of the Earth, uniform over all for uniform numbers in [0, 1) (Shoemake, 1992). */
export function rotation(u: number, v: number, w: number): (point: Coordinate) => Coordinate {
  const [a, b] = [Math.sqrt(1 - u), Math.sqrt(u)];
  const x = a * Math.sin(2 * Math.PI * v);
  const y = a * Math.cos(2 * Math.PI * v);
  const z = b * Math.sin(2 * Math.PI * w);
  const q = b * Math.cos(2 * Math.PI * w);
  return (point) => {
    const [px, py, pz] = toVector(point);
    return toCoordinate([
      (1 - 2 * (y * y + z * z)) * px + 2 * (x * y - z * q) * py + 2 * (x * z + y * q) * pz,
      2 * (x * y + z * q) * px + (1 - 2 * (x * x + z * z)) * py + 2 * (y * z - x * q) * pz,
      2 * (x * z - y * q) * px + 2 * (y * z + x * q) * py + (1 - 2 * (x * x + y * y)) * pz,
    ]);
  };
}

/** Every `stepDegrees` of latitude and of arc along it: no point is further than 0.71 steps. */
export function* sphereGrid(stepDegrees: number): Generator<Coordinate> {
  for (let lat = -90; lat <= 90; lat += stepDegrees) {
    const columns = Math.max(1, Math.ceil((360 * Math.cos((lat * Math.PI) / 180)) / stepDegrees));
    for (let i = 0; i < columns; i++) yield at(lat, (360 * i) / columns - 180);
  }
}

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Any rotation of the Earth. */
export const anyRotation: fc.Arbitrary<(point: Coordinate) => Coordinate> = fc
  .tuple(unit, unit, unit)
  .map(([u, v, w]) => rotation(u, v, w));

/** Points anywhere, poles and antimeridian included. */
export const anyPoint: fc.Arbitrary<Coordinate> = fc.record({
  lat: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, 0, 90)),
  lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 0, 180)),
});
