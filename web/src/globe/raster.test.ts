import { geoOrthographic } from 'd3-geo';
import { describe, expect, it } from 'vitest';
import { drawBall, type EarthRaster, pointAt, screenOf, wrapLon } from './raster.ts';

const views = [
  { lat: 0, lon: 0, radiusPx: 300 },
  { lat: 47.3, lon: 8.5, radiusPx: 420 },
  { lat: -82, lon: 179, radiusPx: 1200 },
  { lat: 90, lon: -120, radiusPx: 250 },
];
const points = [-89, -45, -3, 0, 12, 60, 88].flatMap((lat) =>
  [-179, -120, -20, 0, 33, 91, 180].map((lon) => ({ lat, lon })),
);

describe.each(views)('seen from %o', (view) => {
  it('puts points where d3-geo puts them, and takes them back', () => {
    const { lat, lon, radiusPx } = view;
    const project = geoOrthographic().rotate([-lon, -lat]).scale(radiusPx).translate([0, 0]);
    for (const point of points) {
      const { x, y, isVisible } = screenOf(view, point);
      const [dx, dy] = project([point.lon, point.lat])!;
      expect(x).toBeCloseTo(dx, 6);
      expect(-y).toBeCloseTo(dy, 6);
      // at the rim a pixel is a long way
      if (!isVisible || Math.hypot(x, y) > 0.98 * radiusPx) continue;
      const back = pointAt(view, x, y)!;
      expect(back.lat).toBeCloseTo(point.lat, 6);
      if (Math.abs(point.lat) < 89) expect(wrapLon(back.lon - point.lon)).toBeCloseTo(0, 6);
    }
  });

  it('has nothing beside the ball', () => {
    expect(pointAt(view, view.radiusPx * 1.01, 0)).toBeUndefined();
    expect(pointAt(view, 0, -view.radiusPx * 1.01)).toBeUndefined();
  });
});

describe('drawing', () => {
  /** Red in the east, blue in the west; green grows to the north. */
  const earth: EarthRaster = {
    width: 360,
    height: 180,
    pixels: Uint32Array.from({ length: 360 * 180 }, (_, i) => {
      const east = i % 360 >= 180;
      const green = 255 - Math.floor(i / 360);
      return ((255 << 24) | ((east ? 0 : 255) << 16) | (green << 8) | (east ? 255 : 0)) >>> 0;
    }),
  };
  const draw = (lat: number, lon: number, smooth: boolean): Uint32Array => {
    const out = new Uint32Array(101 * 101);
    drawBall(earth, { lat, lon, radiusPx: 45 }, out, { width: 101, height: 101, smooth });
    return out;
  };
  const at = (picture: Uint32Array, right: number, up: number): number =>
    picture[(50 - up) * 101 + 50 + right]!;

  it.each([true, false])(
    'shows the east on the right and the north above (smooth: %s)',
    (smooth) => {
      const picture = draw(0, 0, smooth);
      expect(at(picture, 20, 0) & 255).toBeGreaterThan(150);
      expect(at(picture, -20, 0) & 255).toBe(0);
      expect((at(picture, -20, 0) >>> 16) & 255).toBeGreaterThan(150);
      const green = (up: number): number => (at(picture, 10, up) >>> 8) & 255;
      expect(green(20)).toBeGreaterThan(green(-20));
    },
  );

  it('crosses the antimeridian without a seam', () => {
    const picture = draw(0, 180, true);
    // beyond 180 degrees east lies the west
    expect((at(picture, 20, 0) >>> 16) & 255).toBeGreaterThan(150);
    expect(at(picture, -20, 0) & 255).toBeGreaterThan(150);
  });

  it('is opaque on the ball, clear beside it, and darker at the rim', () => {
    const picture = draw(0, 0, true);
    expect(at(picture, 0, 0) >>> 24).toBe(255);
    expect(at(picture, 49, 49)).toBe(0);
    expect(at(picture, 43, 0) & 255).toBeLessThan(at(picture, 5, 0) & 255);
  });
});
