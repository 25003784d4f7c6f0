import { describe, expect, it } from 'vitest';
import type { Picture } from '../picture.ts';
import { type Earth, earthFrom } from './earth.ts';
import { cutTile, type TileOptions, tileLonSpanDegrees } from './tile.ts';

const WIDTH = 2048;
const HEIGHT = 1024;

/**
 * A picture of latitude and longitude: red falls from north to south with the row, green and blue are
 * a cosine and a sine of the longitude, so that a colour names a point and nothing jumps at 180.
 */
function analyticPicture(): Picture {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    const red = Math.round(255 * (1 - (y + 0.5) / HEIGHT));
    for (let x = 0; x < WIDTH; x++) {
      const lon = ((x + 0.5) / WIDTH) * 2 * Math.PI;
      data[at++] = red;
      data[at++] = Math.round(127.5 + 127.5 * Math.cos(lon));
      data[at++] = Math.round(127.5 + 127.5 * Math.sin(lon));
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

const analytic = earthFrom(analyticPicture());

/** What the analytic picture says about a pixel of a tile, in degrees. */
function readBack(tile: Uint8Array | Float32Array, sizePx: number, row: number, column: number) {
  const at = (row * sizePx + column) * 3;
  const lat = (tile[at]! / 255) * 180 - 90;
  const angle = Math.atan2(tile[at + 2]! - 127.5, tile[at + 1]! - 127.5);
  return { lat, lon: (((((angle * 180) / Math.PI) % 360) + 360) % 360) - 180 };
}

const cut = (options: TileOptions, earth: Earth = analytic) =>
  cutTile(earth, options, new Float32Array(options.sizePx * options.sizePx * 3));

/** Eight-bit colours name a latitude to 0.4 degrees and a longitude to 0.3. */
const TOLERANCE_DEGREES = 0.75;

const apartLon = (a: number, b: number) => Math.abs(((a - b + 540) % 360) - 180);

describe('cutTile', () => {
  it.each([
    [0, 0],
    [48.8, 2.3],
    [-33.9, 151.2],
    [69.6, 18.9],
    [-54.8, -68.3],
    [35.7, 179.9],
    [-16.5, -179.9],
  ])('has the point %d, %d in its middle pixel', (lat, lon) => {
    const middle = readBack(cut({ lat, lon, spanDegrees: 12, sizePx: 57 }), 57, 28, 28);
    expect(Math.abs(middle.lat - lat)).toBeLessThan(TOLERANCE_DEGREES);
    expect(apartLon(middle.lon, lon)).toBeLessThan(TOLERANCE_DEGREES);
  });

  it('reaches half a span from the point, north up, east right, wider by 1 / cos', () => {
    const [lat, lon, spanDegrees, sizePx] = [60, 20, 12, 56];
    const tile = cut({ lat, lon, spanDegrees, sizePx });
    const edge = (1 - 1 / sizePx) / 2; // the outermost pixel's centre, in spans
    const northWest = readBack(tile, sizePx, 0, 0);
    const southEast = readBack(tile, sizePx, sizePx - 1, sizePx - 1);
    expect(Math.abs(northWest.lat - (lat + 12 * edge))).toBeLessThan(TOLERANCE_DEGREES);
    expect(Math.abs(southEast.lat - (lat - 12 * edge))).toBeLessThan(TOLERANCE_DEGREES);
    expect(apartLon(northWest.lon, lon - 24 * edge)).toBeLessThan(TOLERANCE_DEGREES);
    expect(apartLon(southEast.lon, lon + 24 * edge)).toBeLessThan(TOLERANCE_DEGREES);
  });

  it('spans 1 / cos(lat) times its height, but never more than 1 / 0.15', () => {
    expect(tileLonSpanDegrees(0, 12)).toBe(12);
    expect(tileLonSpanDegrees(60, 12)).toBeCloseTo(24, 10);
    expect(tileLonSpanDegrees(-60, 12)).toBeCloseTo(24, 10);
    expect(tileLonSpanDegrees(90, 12)).toBe(80);
  });

  it('runs smoothly over the antimeridian', () => {
    const sizePx = 56;
    const tile = cut({ lat: 0, lon: 180, spanDegrees: 12, sizePx });
    for (let column = 0; column < sizePx; column++) {
      const expected = 180 + ((column + 0.5) / sizePx - 0.5) * 12;
      expect(apartLon(readBack(tile, sizePx, 30, column).lon, expected)).toBeLessThan(
        TOLERANCE_DEGREES,
      );
    }
  });

  it('is the same tile at 180 degrees east and west', () => {
    const at = (lon: number) => cutTile(analytic, { lat: -17, lon, spanDegrees: 12, sizePx: 32 });
    expect(at(180)).toEqual(at(-180));
  });

  it('repeats the outermost row beyond a pole', () => {
    const sizePx = 56;
    const tile = cut({ lat: 88, lon: 0, spanDegrees: 12, sizePx });
    const firstRow = tile.slice(0, sizePx * 3);
    const beyond = Math.floor((4 / 12) * sizePx); // four of twelve degrees lie over the pole
    expect(tile.slice((beyond - 1) * sizePx * 3, beyond * sizePx * 3)).toEqual(firstRow);
    expect(firstRow[0]).toBeGreaterThan(253);
    expect(tile[(sizePx - 1) * sizePx * 3]!).toBeLessThan(firstRow[0]! - 8);
    const south = cut({ lat: -90, lon: 0, spanDegrees: 12, sizePx });
    expect(south.at(-3)).toBeLessThan(1.5);
  });

  it('interpolates between the pixels of the picture, at their centres exactly', () => {
    const data = new Uint8Array(128 * 64 * 3);
    for (let i = 0; i < 128 * 64; i++) data[i * 3] = (i * 37) % 251;
    const small = earthFrom({ width: 128, height: 64, data });
    const pixel = 180 / 64;
    const one = (row: number, column: number) =>
      cut(
        {
          lat: 90 - (row + 0.5) * pixel,
          lon: (column + 0.5) * pixel - 180,
          spanDegrees: 1,
          sizePx: 1,
        },
        small,
      )[0]!;
    const value = (row: number, column: number) => data[(row * 128 + column) * 3]!;
    expect(one(20, 31)).toBeCloseTo(value(20, 31), 4);
    expect(one(20.25, 31)).toBeCloseTo(0.75 * value(20, 31) + 0.25 * value(21, 31), 3);
    expect(one(20, 31.25)).toBeCloseTo(0.75 * value(20, 31) + 0.25 * value(20, 32), 3);
    expect(one(20, 127.5)).toBeCloseTo(0.5 * value(20, 127) + 0.5 * value(20, 0), 3);
  });

  it('rounds to the nearest byte for a Uint8Array', () => {
    const options = { lat: 47, lon: 8, spanDegrees: 12, sizePx: 56 };
    const exact = cut(options);
    const bytes = cutTile(analytic, options);
    expect(bytes).toEqual(Uint8Array.from(exact, (value) => Math.floor(value + 0.5)));
    expect(exact.some((value) => value % 1 > 0.5)).toBe(true);
  });

  it('does not alias: stripes finer than a tile pixel come out flat, at every latitude', () => {
    const data = new Uint8Array(4096 * 2048 * 3);
    for (let y = 0, at = 0; y < 2048; y++) {
      for (let x = 0; x < 4096; x++, at += 3) {
        data[at] = (y & 1) * 200;
        data[at + 1] = (x & 1) * 200;
        data[at + 2] = (x & 2) * 100;
      }
    }
    const striped = earthFrom({ width: 4096, height: 2048, data });
    for (const lat of [0, 45, 70]) {
      const tile = cut({ lat, lon: 10, spanDegrees: 12, sizePx: 56 }, striped);
      for (let i = 0; i < tile.length; i += 3) {
        expect(tile[i]).toBeCloseTo(100, 3);
        expect(tile[i + 1]).toBeCloseTo(100, 3);
        // Stripes four pixels apart are finer than a tile pixel only towards the poles.
        if (lat === 70) expect(tile[i + 2]).toBeCloseTo(100, 3);
      }
    }
  });

  it('refuses what is no point, no span or no room', () => {
    const options = { lat: 0, lon: 0, spanDegrees: 12, sizePx: 4 };
    expect(() => cutTile(analytic, { ...options, lat: 90.1 })).toThrow('internal: no tile at');
    expect(() => cutTile(analytic, { ...options, lon: Number.NaN })).toThrow(
      'internal: no tile at',
    );
    expect(() => cutTile(analytic, { ...options, spanDegrees: 0 })).toThrow('no tile of 0 degrees');
    expect(() => cutTile(analytic, options, new Uint8Array(3))).toThrow('does not fit');
  });
});
