/**
 * Points on land, and the training and test sets made of them.
 *
 * Candidates are uniform on the sphere between {@link SOUTH_LIMIT} and {@link NORTH_LIMIT}, drawn in
 * chunks, each from a generator of its own: the i-th candidate of a seed is the same whoever asks and
 * in whatever order, and fewer points are a prefix of more. A candidate counts when its block belongs
 * to the split, its pixel is not open water and the gazetteer knows its country. Coordinates are
 * rounded to four decimals (11 m) before anything is decided, so that a written row says exactly what
 * was decided on.
 * @module
 */

import { invariant, random } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import { type Coordinate, type Gazetteer, type Place, reverseGeocode } from '../../geo/index.ts';
import type { Earth } from './earth.ts';
import { type Split, splitOf } from './split.ts';
import { isOpenWater } from './water.ts';

/** Southernmost latitude: Cape Horn is inside, Antarctica (60 degrees and beyond) is not. */
export const SOUTH_LIMIT = -56;
/** Northernmost latitude; beyond it land is ice and a tile goes far round the pole. */
export const NORTH_LIMIT = 75;

/** A point whose tile is a sample; the tile is cut when it is needed. */
export interface EarthSample extends Coordinate {
  /** 16 hexadecimal digits made from the coordinate; says nothing about it to a reader. */
  readonly id: string;
  readonly place: Place;
}

/** Which land points to draw. */
export interface LandPointOptions {
  readonly seed: number;
  readonly count: number;
  /** Only points of this part of the globe; both parts when absent. */
  readonly split?: Split | undefined;
}

const CHUNK = 1024;
const DECIMALS = 1e4;

/** Fewer than one candidate in this many being accepted means that something is broken. */
const HOPELESS = 10_000;

/** The identity of an Earth sample: 64 bits of a hash of its coordinate. */
export function earthSampleId(lat: number, lon: number): string {
  return sha256(`earth ${lat.toFixed(4)} ${lon.toFixed(4)}`).slice(0, 16);
}

function* candidates(seed: number): Generator<Coordinate> {
  const low = Math.sin((SOUTH_LIMIT * Math.PI) / 180);
  const high = Math.sin((NORTH_LIMIT * Math.PI) / 180);
  for (let chunk = 0; ; chunk++) {
    const source = random(seed, 'land-points', chunk);
    for (let i = 0; i < CHUNK; i++) {
      const lat = (Math.asin(low + source.uniform() * (high - low)) * 180) / Math.PI;
      const lon = source.uniform() * 360 - 180;
      yield {
        lat: Math.round(lat * DECIMALS) / DECIMALS,
        lon: Math.round(lon * DECIMALS) / DECIMALS,
      };
    }
  }
}

/**
 * Seeded points on land with their places, one at a time.
 *
 * @returns `count` samples; `landPoints({ count: 10 })` is the start of `landPoints({ count: 20 })`
 */
export function* landPoints(
  options: LandPointOptions,
  gazetteer: Gazetteer,
  earth: Earth,
): Generator<EarthSample> {
  let found = 0;
  let misses = 0;
  if (options.count <= 0) return;
  for (const { lat, lon } of candidates(options.seed)) {
    invariant(misses++ < HOPELESS, 'no land found on this Earth');
    if (options.split && splitOf(lat, lon) !== options.split) continue;
    if (isOpenWater(earth, lat, lon)) continue;
    const place = reverseGeocode(gazetteer, lat, lon);
    if (!place) continue;
    misses = 0;
    yield { id: earthSampleId(lat, lon), lat, lon, place };
    if (++found >= options.count) return;
  }
}

/** How many samples of each part. */
export interface EarthDatasetOptions {
  readonly seed: number;
  readonly trainCount: number;
  readonly testCount: number;
}

/** Training and test samples; no test point lies in a training block. */
export interface EarthDataset {
  readonly train: readonly EarthSample[];
  readonly test: readonly EarthSample[];
}

/**
 * The embedded data set.
 *
 * @example earthDataset({ seed: 1, trainCount: 100_000, testCount: 2_000 }, defaultGazetteer(), loadEarth())
 */
export function earthDataset(
  { seed, trainCount, testCount }: EarthDatasetOptions,
  gazetteer: Gazetteer,
  earth: Earth,
): EarthDataset {
  return {
    train: [...landPoints({ seed, count: trainCount, split: 'train' }, gazetteer, earth)],
    test: [...landPoints({ seed, count: testCount, split: 'test' }, gazetteer, earth)],
  };
}
