/**
 * Tiles: squares of ground cut from the Earth around a point.
 *
 * A tile is `spanDegrees` of latitude high and spans `spanDegrees / max(cos(lat), 0.15)` of
 * longitude, so that it is about as wide on the ground as it is high (the floor keeps it from going
 * round the pole; it bites above 81.4 degrees). The point is the tile's centre: the corner that its
 * four middle pixels share, or the middle pixel of an odd size. Columns wrap at the antimeridian,
 * rows clamp at the poles.
 *
 * Each tile pixel is a bilinear sample of a reduction of the picture in which neighbouring samples
 * lie one to two pixels apart in each direction. Directions are reduced on their own, because at 60
 * degrees a tile's column step is twice its row step.
 * @module
 */
import { invariant } from '../../core/index.ts';
import type { Coordinate } from '../../geo/index.ts';
import { type Earth, MAX_HALVINGS } from './earth.ts';

/** The floor of the cosine in a tile's width. */
export const MIN_COSINE = 0.15;

/** Where a tile lies and how large it is. */
export interface TileOptions extends Coordinate {
  /** Height in degrees of latitude. */
  readonly spanDegrees: number;
  /** Height and width in pixels. */
  readonly sizePx: number;
}

/** Degrees of longitude that a tile spans. */
export function tileLonSpanDegrees(lat: number, spanDegrees: number): number {
  return spanDegrees / Math.max(Math.cos((lat * Math.PI) / 180), MIN_COSINE);
}

/** How often to halve so that one to two pixels are left per step (none for steps below two). */
const halvings = (pixelsPerStep: number): number =>
  Math.min(MAX_HALVINGS, Math.max(0, Math.floor(Math.log2(pixelsPerStep))));

/** Per-column source offsets and weights; grown when a larger tile comes, reused otherwise. */
let capacity = 0;
let left = new Int32Array(0);
let right = new Int32Array(0);
let rightWeight = new Float64Array(0);

function reserve(sizePx: number): void {
  if (sizePx <= capacity) return;
  capacity = sizePx;
  left = new Int32Array(sizePx);
  right = new Int32Array(sizePx);
  rightWeight = new Float64Array(sizePx);
}

/**
 * Cuts a tile.
 *
 * @param out - `sizePx * sizePx * 3` values to write into: whole bytes into a `Uint8Array`, unrounded
 *   values in [0, 255] into a `Float32Array`; a new `Uint8Array` when absent
 * @returns `out`: RGB, rows from the north, HWC
 */
export function cutTile(earth: Earth, options: TileOptions): Uint8Array;
export function cutTile<Out extends Uint8Array | Float32Array>(
  earth: Earth,
  options: TileOptions,
  out: Out,
): Out;
export function cutTile(
  earth: Earth,
  options: TileOptions,
  out: Uint8Array | Float32Array = new Uint8Array(options.sizePx * options.sizePx * 3),
): Uint8Array | Float32Array {
  const { lat, lon, spanDegrees, sizePx } = options;
  invariant(Math.abs(lat) <= 90 && Number.isFinite(lon), `no tile at ${lat}, ${lon}`);
  invariant(spanDegrees > 0 && spanDegrees <= 180, `no tile of ${spanDegrees} degrees`);
  invariant(out.length === sizePx * sizePx * 3, 'the tile does not fit its array');
  const lonSpan = tileLonSpanDegrees(lat, spanDegrees);
  const down = halvings(((spanDegrees / 180) * earth.base.height) / sizePx);
  const across = Math.max(down, halvings(((lonSpan / 360) * earth.base.width) / sizePx));
  const { width, height, data } = earth.reduced(across, down);

  // A pixel's value belongs to its centre, half a pixel from its edge: hence every 0.5.
  reserve(sizePx);
  const columnStep = ((lonSpan / 360) * width) / sizePx;
  const firstColumn = ((lon + 180) / 360) * width - (sizePx / 2 - 0.5) * columnStep - 0.5;
  for (let column = 0; column < sizePx; column++) {
    const x = firstColumn + column * columnStep;
    const whole = Math.floor(x);
    const wrapped = ((whole % width) + width) % width;
    left[column] = wrapped * 3;
    right[column] = (wrapped + 1 === width ? 0 : wrapped + 1) * 3;
    rightWeight[column] = x - whole;
  }

  const rowStep = ((spanDegrees / 180) * height) / sizePx;
  const firstRow = ((90 - lat) / 180) * height - (sizePx / 2 - 0.5) * rowStep - 0.5;
  const bias = out instanceof Uint8Array ? 0.5 : 0; // a Uint8Array truncates what it is given
  let at = 0;
  for (let row = 0; row < sizePx; row++) {
    const y = Math.min(Math.max(firstRow + row * rowStep, 0), height - 1);
    const whole = Math.min(Math.floor(y), height - 2);
    const lower = y - whole;
    const upper = 1 - lower;
    const above = whole * width * 3;
    const below = above + width * 3;
    for (let column = 0; column < sizePx; column++) {
      const eastWeight = rightWeight[column]!;
      const westWeight = 1 - eastWeight;
      const a = westWeight * upper;
      const b = eastWeight * upper;
      const c = westWeight * lower;
      const d = eastWeight * lower;
      const nw = above + left[column]!;
      const ne = above + right[column]!;
      const sw = below + left[column]!;
      const se = below + right[column]!;
      out[at] = a * data[nw]! + b * data[ne]! + c * data[sw]! + d * data[se]! + bias;
      out[at + 1] =
        a * data[nw + 1]! + b * data[ne + 1]! + c * data[sw + 1]! + d * data[se + 1]! + bias;
      out[at + 2] =
        a * data[nw + 2]! + b * data[ne + 2]! + c * data[sw + 2]! + d * data[se + 2]! + bias;
      at += 3;
    }
  }
  return out;
}
