import { describe, expect, it } from 'vitest';
import { random } from '../core/index.ts';
import { Coverage } from './coverage.ts';
import { haversineKm } from './haversine.ts';
import type { Coordinate } from './place.ts';
import { SphereTree } from './sphere-tree.ts';

const corners: readonly Coordinate[] = [
  { lat: -17, lon: 179.99 },
  { lat: 65, lon: -179.95 },
  { lat: 89.9, lon: 0 },
  { lat: -89.5, lon: 120 },
  { lat: 0, lon: 180 },
  { lat: 52, lon: -180 },
];

describe.each([5, 200, 3000])('the area within %i km', (km) => {
  it('holds exactly the points near enough, half of them near poles and the antimeridian', () => {
    const source = random('coverage.test', km);
    const anywhere = (): Coordinate => ({
      lat: (Math.asin(2 * source.uniform() - 1) * 180) / Math.PI,
      lon: 360 * source.uniform() - 180,
    });
    const around = ({ lat, lon }: Coordinate): Coordinate => {
      const spread = km / 70;
      const off = () => spread * (2 * source.uniform() - 1);
      const wrapped = ((lon + off() * 3 + 540) % 360) - 180;
      return { lat: Math.max(-90, Math.min(90, lat + off())), lon: wrapped };
    };
    const points = [...corners, ...Array.from({ length: 40 }, anywhere)];
    const tree = new SphereTree(
      points.map(({ lat }) => lat),
      points.map(({ lon }) => lon),
    );
    const coverage = new Coverage(tree, km);
    const asked = Array.from({ length: 4000 }, (_, i) =>
      around(i % 2 === 0 ? corners[i % corners.length]! : points[i % points.length]!),
    );
    let inside = 0;
    for (const at of [...asked, ...asked.slice(0, 200)]) {
      const near = points.some((point) => haversineKm(point, at) <= km);
      if (near) inside++;
      expect(coverage.has(at.lat, at.lon), `${at.lat}, ${at.lon}`).toBe(near);
    }
    expect(inside).toBeGreaterThan(100);
    expect(inside).toBeLessThan(4100);
  });

  it('is nowhere without points', () => {
    expect(new Coverage(new SphereTree([], []), km).has(0, 0)).toBe(false);
  });

  it('has no verdict for what is no coordinate', () => {
    const coverage = new Coverage(new SphereTree([0], [0]), km);
    expect(coverage.has(Number.NaN, 0)).toBe(false);
    expect(coverage.has(0, Number.NaN)).toBe(false);
  });
});
