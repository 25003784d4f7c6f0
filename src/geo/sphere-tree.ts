/**
 * Nearest neighbours on the sphere: a kd-tree over unit vectors, with a box around every node.
 *
 * Straight-line (chord) distance orders points as great-circle distance does, so poles and the
 * antimeridian need no special case. Each point may have a radius of its own; `nearest` then takes
 * the smallest *distance divided by radius*, which is how a large city outbids the village next to
 * the photo.
 * @module
 */
import { EARTH_RADIUS_KM } from './haversine.ts';

const RADIANS = Math.PI / 180;
const LEAF = 8; // points looked at one by one

/** An index over fixed points. Building takes O(n log n), a query O(log n) on average. */
export class SphereTree {
  readonly #ids: Uint32Array;
  readonly #points: Float64Array; // (n, 4): unit vector and 1 / radius^2, in tree order
  /** (nodes, 8): lowest x, y, z, highest x, y, z, smallest 1 / radius^2. First children follow. */
  readonly #boxes: Float64Array;
  readonly #second: Uint32Array; // (nodes): the second child, or 0 for a leaf
  readonly #range: Uint32Array; // (nodes, 2): first point and the one behind the last
  #nodes = 0;
  #x = 0;
  #y = 0;
  #z = 0;
  #limit = 0;
  #best = 0;
  #found = -1;

  /**
   * @param lats - degrees
   * @param lons - degrees
   * @param radii - one positive radius for each point, in any unit; equal ones when left out
   */
  constructor(lats: ArrayLike<number>, lons: ArrayLike<number>, radii?: ArrayLike<number>) {
    const n = lats.length;
    const all = new Float64Array(3 * n);
    for (let i = 0; i < n; i++) unitVector(lats[i]!, lons[i]!, all, 3 * i);
    const most = Math.max(1, Math.ceil((4 * n) / LEAF));
    this.#ids = Uint32Array.from({ length: n }, (_, i) => i);
    this.#points = new Float64Array(4 * n);
    this.#boxes = new Float64Array(8 * most);
    this.#second = new Uint32Array(most);
    this.#range = new Uint32Array(2 * most);
    if (n > 0) this.#build(all, radii, 0, n);
  }

  /**
   * The index of the point with the smallest distance / radius, or -1 when there is none; the lower
   * index when two tie.
   *
   * @param lat - degrees
   * @param lon - degrees
   * @param maxKm - points further away do not count (great circle, R = 6371 km, the end included)
   */
  nearest(lat: number, lon: number, maxKm: number = Number.POSITIVE_INFINITY): number {
    this.#aim(lat, lon, maxKm);
    this.#best = Number.POSITIVE_INFINITY;
    this.#found = -1;
    if (this.#nodes > 0) this.#search(0);
    return this.#found;
  }

  /**
   * Whether any point lies within `km` (great circle, R = 6371 km, the end included). Radii do not
   * matter here.
   */
  anyWithin(lat: number, lon: number, km: number): boolean {
    this.#aim(lat, lon, km);
    return this.#nodes > 0 && this.#any(0);
  }

  #aim(lat: number, lon: number, maxKm: number): void {
    const ring = Math.cos(lat * RADIANS);
    this.#x = ring * Math.cos(lon * RADIANS);
    this.#y = ring * Math.sin(lon * RADIANS);
    this.#z = Math.sin(lat * RADIANS);
    const half = maxKm / (2 * EARTH_RADIUS_KM);
    // Beyond half the Earth there is nothing, and rounding must not cut off the antipode.
    this.#limit = half < Math.PI / 2 ? (2 * Math.sin(half)) ** 2 : 5;
  }

  /** Squared chord from the target to a node's box. */
  #gap(node: number): number {
    const box = this.#boxes;
    const at = 8 * node;
    const x = this.#x;
    const y = this.#y;
    const z = this.#z;
    const dx = x < box[at]! ? box[at]! - x : x > box[at + 3]! ? x - box[at + 3]! : 0;
    const dy = y < box[at + 1]! ? box[at + 1]! - y : y > box[at + 4]! ? y - box[at + 4]! : 0;
    const dz = z < box[at + 2]! ? box[at + 2]! - z : z > box[at + 5]! ? z - box[at + 5]! : 0;
    return dx * dx + dy * dy + dz * dz;
  }

  #search(node: number): void {
    const second = this.#second[node]!;
    if (second === 0) {
      this.#consider(node);
      return;
    }
    const first = node + 1;
    const limit = this.#limit;
    const gap1 = this.#gap(first);
    const gap2 = this.#gap(second);
    const score1 = gap1 * this.#boxes[8 * first + 6]!;
    const score2 = gap2 * this.#boxes[8 * second + 6]!;
    const isFirst = score1 < score2;
    if ((isFirst ? gap1 : gap2) <= limit && (isFirst ? score1 : score2) <= this.#best)
      this.#search(isFirst ? first : second);
    if ((isFirst ? gap2 : gap1) <= limit && (isFirst ? score2 : score1) <= this.#best)
      this.#search(isFirst ? second : first);
  }

  #consider(node: number): void {
    const points = this.#points;
    const ids = this.#ids;
    const limit = this.#limit;
    const x = this.#x;
    const y = this.#y;
    const z = this.#z;
    const to = this.#range[2 * node + 1]!;
    let best = this.#best;
    let found = this.#found;
    for (let i = this.#range[2 * node]!; i < to; i++) {
      const dx = points[4 * i]! - x;
      const dy = points[4 * i + 1]! - y;
      const dz = points[4 * i + 2]! - z;
      const squared = dx * dx + dy * dy + dz * dz;
      const score = squared * points[4 * i + 3]!;
      if (score > best || squared > limit) continue;
      if (score === best && ids[i]! > found) continue;
      best = score;
      found = ids[i]!;
    }
    this.#best = best;
    this.#found = found;
  }

  #any(node: number): boolean {
    const second = this.#second[node]!;
    if (second !== 0) {
      const gap1 = this.#gap(node + 1);
      const gap2 = this.#gap(second);
      const isFirst = gap1 < gap2;
      if ((isFirst ? gap1 : gap2) > this.#limit) return false;
      if (this.#any(isFirst ? node + 1 : second)) return true;
      return (isFirst ? gap2 : gap1) <= this.#limit && this.#any(isFirst ? second : node + 1);
    }
    const points = this.#points;
    for (let i = this.#range[2 * node]!; i < this.#range[2 * node + 1]!; i++) {
      const dx = points[4 * i]! - this.#x;
      const dy = points[4 * i + 1]! - this.#y;
      const dz = points[4 * i + 2]! - this.#z;
      if (dx * dx + dy * dy + dz * dz <= this.#limit) return true;
    }
    return false;
  }

  /** Makes the node of a range of points: halved at the median of its longest side, until small. */
  #build(all: Float64Array, radii: ArrayLike<number> | undefined, from: number, to: number): void {
    const node = this.#nodes++;
    const ids = this.#ids.subarray(from, to);
    const weightOf = (id: number): number => (radii ? radii[id]! ** -2 : 1);
    const box = this.#boxes.subarray(8 * node, 8 * node + 7);
    box.fill(Number.POSITIVE_INFINITY).fill(Number.NEGATIVE_INFINITY, 3, 6);
    for (const id of ids) {
      for (let axis = 0; axis < 3; axis++) {
        const value = all[3 * id + axis]!;
        if (value < box[axis]!) box[axis] = value;
        if (value > box[axis + 3]!) box[axis + 3] = value;
      }
      box[6] = Math.min(box[6]!, weightOf(id));
    }
    this.#range.set([from, to], 2 * node);
    if (ids.length <= LEAF) {
      ids.forEach((id, i) => {
        this.#points.set(all.subarray(3 * id, 3 * id + 3), 4 * (from + i));
        this.#points[4 * (from + i) + 3] = weightOf(id);
      });
      return;
    }
    const sides = [box[3]! - box[0]!, box[4]! - box[1]!, box[5]! - box[2]!];
    const axis = sides.indexOf(Math.max(...sides));
    ids.sort((a, b) => all[3 * a + axis]! - all[3 * b + axis]! || a - b);
    const middle = (from + to) >> 1;
    this.#build(all, radii, from, middle);
    this.#second[node] = this.#nodes;
    this.#build(all, radii, middle, to);
  }
}

function unitVector(lat: number, lon: number, out: Float64Array, at: number): void {
  const ring = Math.cos(lat * RADIANS);
  out[at] = ring * Math.cos(lon * RADIANS);
  out[at + 1] = ring * Math.sin(lon * RADIANS);
  out[at + 2] = Math.sin(lat * RADIANS);
}
