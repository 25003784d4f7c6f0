/**
 * The Earth as a ball: an equirectangular picture seen from far away (orthographic projection).
 *
 * For a screen point (x, y) on the unit disc, z = sqrt(1 - x² - y²) is its height towards the viewer,
 * and with the centre of the view at (lat0, lon0)
 *
 *     lat = asin(y cos lat0 + z sin lat0)
 *     lon = lon0 + atan2(x, z cos lat0 - y sin lat0)
 *
 * Source: Snyder, Map Projections: A Working Manual (1987), equations 20-14 and 20-15.
 * @module
 */

/** A picture of the whole Earth: 32-bit pixels as a canvas gives them, from 180 degrees west. */
export interface EarthRaster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
}

/** What is seen: the centre in degrees, and the radius of the ball in pixels. */
export interface View {
  readonly lat: number;
  readonly lon: number;
  readonly radiusPx: number;
}

const RADIANS = Math.PI / 180;

/** Brightness of the rim, where the Earth turns away: a ball, not a disc. */
const RIM = 0.42;

/**
 * Draws the ball into `out`, its centre in the middle; pixels beside the ball become transparent.
 *
 * @param out - `width * height` pixels
 * @param smooth - blend four pixels of the picture for each of the screen; slower
 */
export function drawBall(
  earth: EarthRaster,
  { lat, lon, radiusPx }: View,
  out: Uint32Array,
  { width, height, smooth }: { width: number; height: number; smooth: boolean },
): void {
  const { width: columns, height: rows, pixels } = earth;
  const sin0 = Math.sin(lat * RADIANS);
  const cos0 = Math.cos(lat * RADIANS);
  const perColumn = columns / (2 * Math.PI);
  const perRow = rows / Math.PI;
  const lon0 = (lon + 180) * RADIANS;
  for (let row = 0, at = 0; row < height; row++) {
    const y = (height / 2 - row - 0.5) / radiusPx;
    for (let column = 0; column < width; column++, at++) {
      const x = (column + 0.5 - width / 2) / radiusPx;
      const inside = 1 - x * x - y * y;
      if (inside <= 0) {
        out[at] = 0;
        continue;
      }
      const z = Math.sqrt(inside);
      const u = (lon0 + Math.atan2(x, z * cos0 - y * sin0)) * perColumn - 0.5;
      const v = (Math.PI / 2 - Math.asin(y * cos0 + z * sin0)) * perRow - 0.5;
      const light = RIM + (1 - RIM) * Math.sqrt(z);
      // One pixel of the rim fades out, or the edge of the ball would be a staircase.
      const cover = Math.min(1, inside * radiusPx * 0.5);
      out[at] = smooth
        ? blended(pixels, columns, rows, u, v, light, cover)
        : shaded(pixels[nearest(columns, rows, u, v)]!, light, cover);
    }
  }
}

const wrap = (column: number, columns: number): number => ((column % columns) + columns) % columns;

function nearest(columns: number, rows: number, u: number, v: number): number {
  const row = Math.min(rows - 1, Math.max(0, Math.round(v)));
  return row * columns + wrap(Math.round(u), columns);
}

const packed = (red: number, green: number, blue: number, cover: number): number =>
  ((Math.round(255 * cover) << 24) | (blue << 16) | (green << 8) | red) >>> 0;

function shaded(pixel: number, light: number, cover: number): number {
  return packed(
    ((pixel & 255) * light) | 0,
    (((pixel >>> 8) & 255) * light) | 0,
    (((pixel >>> 16) & 255) * light) | 0,
    cover,
  );
}

function blended(
  pixels: Uint32Array,
  columns: number,
  rows: number,
  u: number,
  v: number,
  light: number,
  cover: number,
): number {
  const left = Math.floor(u);
  const top = Math.floor(v);
  const right = u - left;
  const lower = v - top;
  const upperRow = Math.min(rows - 1, Math.max(0, top)) * columns;
  const lowerRow = Math.min(rows - 1, Math.max(0, top + 1)) * columns;
  const west = wrap(left, columns);
  const east = west + 1 === columns ? 0 : west + 1;
  const nw = pixels[upperRow + west]!;
  const ne = pixels[upperRow + east]!;
  const sw = pixels[lowerRow + west]!;
  const se = pixels[lowerRow + east]!;
  const a = (1 - right) * (1 - lower) * light;
  const b = right * (1 - lower) * light;
  const c = (1 - right) * lower * light;
  const d = right * lower * light;
  const channel = (shift: number): number =>
    (((nw >>> shift) & 255) * a +
      ((ne >>> shift) & 255) * b +
      ((sw >>> shift) & 255) * c +
      ((se >>> shift) & 255) * d) |
    0;
  return packed(channel(0), channel(8), channel(16), cover);
}

/**
 * The point of the Earth under a screen point; `undefined` beside the ball.
 *
 * @param x - pixels to the right of the centre
 * @param y - pixels above the centre
 */
export function pointAt(
  { lat, lon, radiusPx }: View,
  x: number,
  y: number,
): { lat: number; lon: number } | undefined {
  const px = x / radiusPx;
  const py = y / radiusPx;
  const inside = 1 - px * px - py * py;
  if (inside < 0) return undefined;
  const z = Math.sqrt(inside);
  const sin0 = Math.sin(lat * RADIANS);
  const cos0 = Math.cos(lat * RADIANS);
  return {
    lat: Math.asin(py * cos0 + z * sin0) / RADIANS,
    lon: wrapLon(lon + Math.atan2(px, z * cos0 - py * sin0) / RADIANS),
  };
}

/**
 * Where a point of the Earth is on the screen, in pixels right of and above the centre, and whether
 * it faces the viewer. Snyder, equations 20-3 to 20-5.
 */
export function screenOf(
  { lat: lat0, lon: lon0, radiusPx }: View,
  { lat, lon }: { lat: number; lon: number },
): { x: number; y: number; isVisible: boolean } {
  const sin0 = Math.sin(lat0 * RADIANS);
  const cos0 = Math.cos(lat0 * RADIANS);
  const sin = Math.sin(lat * RADIANS);
  const cos = Math.cos(lat * RADIANS);
  const along = Math.cos((lon - lon0) * RADIANS);
  return {
    x: radiusPx * cos * Math.sin((lon - lon0) * RADIANS),
    y: radiusPx * (cos0 * sin - sin0 * cos * along),
    isVisible: sin0 * sin + cos0 * cos * along > 0,
  };
}

/** A longitude in [-180, 180). */
export const wrapLon = (lon: number): number => ((((lon + 180) % 360) + 360) % 360) - 180;
