/**
 * Nearest neighbours on the sphere: a 3-D kd-tree over unit vectors.
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
  readonly #points: Float64Array; // (n, 3) unit vectors, in tree order
  readonly #weight: Float64Array; // (n): 1 / radius^2, in tree order
  readonly #reach: Float64Array; // (n): the smallest weight in the subtree whose middle this is
  #x = 0;
  #y = 0;
  #z = 0;
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
    this.#ids = Uint32Array.from({ length: n }, (_, i) => i);
    this.#order(all, 0, n - 1, 0);
    this.#points = new Float64Array(3 * n);
    this.#weight = new Float64Array(n);
    this.#ids.forEach((id, at) => {
      this.#points.set(all.subarray(3 * id, 3 * id + 3), 3 * at);
      this.#weight[at] = radii ? radii[id]! ** -2 : 1;
    });
    this.#reach = this.#weight.slice();
    this.#measure(0, n - 1);
  }

  /**
   * The index of the point with the smallest distance / radius, or -1 when there is none.
   *
   * @param lat - degrees
   * @param lon - degrees
   */
  nearest(lat: number, lon: number): number {
    this.#aim(lat, lon);
    this.#best = Number.POSITIVE_INFINITY;
    this.#found = -1;
    this.#search(0, this.#ids.length - 1, 0);
    return this.#found < 0 ? -1 : this.#ids[this.#found]!;
  }

  /**
   * Whether any point lies within `km` (great circle, R = 6371 km, the end included). Radii do not
   * matter here.
   */
  anyWithin(lat: number, lon: number, km: number): boolean {
    this.#aim(lat, lon);
    const half = Math.min(Math.PI / 2, km / (2 * EARTH_RADIUS_KM));
    return this.#any(0, this.#ids.length - 1, 0, (2 * Math.sin(half)) ** 2);
  }

  #aim(lat: number, lon: number): void {
    const ring = Math.cos(lat * RADIANS);
    this.#x = ring * Math.cos(lon * RADIANS);
    this.#y = ring * Math.sin(lon * RADIANS);
    this.#z = Math.sin(lat * RADIANS);
  }

  #chordSquared(at: number): number {
    const points = this.#points;
    const dx = points[3 * at]! - this.#x;
    const dy = points[3 * at + 1]! - this.#y;
    const dz = points[3 * at + 2]! - this.#z;
    return dx * dx + dy * dy + dz * dz;
  }

  #search(from: number, to: number, axis: number): void {
    const middle = (from + to) >> 1;
    if (to - from < LEAF) {
      this.#consider(from, to);
      return;
    }
    this.#consider(middle, middle);
    const gap =
      (axis === 0 ? this.#x : axis === 1 ? this.#y : this.#z) - this.#points[3 * middle + axis]!;
    const next = axis === 2 ? 0 : axis + 1;
    if (gap <= 0) {
      this.#visit(from, middle - 1, next, 0);
      this.#visit(middle + 1, to, next, gap);
    } else {
      this.#visit(middle + 1, to, next, 0);
      this.#visit(from, middle - 1, next, gap);
    }
  }

  /** Searches a subtree that is at least `gap` away, unless even its largest radius is no help. */
  #visit(from: number, to: number, axis: number, gap: number): void {
    if (from <= to && gap * gap * this.#reach[(from + to) >> 1]! < this.#best)
      this.#search(from, to, axis);
  }

  #consider(from: number, to: number): void {
    const points = this.#points;
    const weight = this.#weight;
    const x = this.#x;
    const y = this.#y;
    const z = this.#z;
    let best = this.#best;
    for (let at = from; at <= to; at++) {
      const dx = points[3 * at]! - x;
      const dy = points[3 * at + 1]! - y;
      const dz = points[3 * at + 2]! - z;
      const scaled = (dx * dx + dy * dy + dz * dz) * weight[at]!;
      if (scaled >= best) continue;
      best = scaled;
      this.#found = at;
    }
    this.#best = best;
  }

  #any(from: number, to: number, axis: number, maxSquared: number): boolean {
    const middle = (from + to) >> 1;
    if (to - from < LEAF) {
      for (let at = from; at <= to; at++) if (this.#chordSquared(at) <= maxSquared) return true;
      return false;
    }
    if (this.#chordSquared(middle) <= maxSquared) return true;
    const gap =
      (axis === 0 ? this.#x : axis === 1 ? this.#y : this.#z) - this.#points[3 * middle + axis]!;
    const next = axis === 2 ? 0 : axis + 1;
    const near = gap <= 0;
    if (this.#any(near ? from : middle + 1, near ? middle - 1 : to, next, maxSquared)) return true;
    if (gap * gap > maxSquared) return false;
    return this.#any(near ? middle + 1 : from, near ? to : middle - 1, next, maxSquared);
  }

  /** Puts the median of each range in its middle, smaller ones before it, larger ones after. */
  #order(all: Float64Array, from: number, to: number, axis: number): void {
    if (to - from < LEAF) return;
    this.#ids
      .subarray(from, to + 1)
      .sort((a, b) => all[3 * a + axis]! - all[3 * b + axis]! || a - b);
    const middle = (from + to) >> 1;
    const next = axis === 2 ? 0 : axis + 1;
    this.#order(all, from, middle - 1, next);
    this.#order(all, middle + 1, to, next);
  }

  #measure(from: number, to: number): number {
    const middle = (from + to) >> 1;
    let smallest = Number.POSITIVE_INFINITY;
    if (to - from < LEAF) {
      for (let at = from; at <= to; at++) smallest = Math.min(smallest, this.#weight[at]!);
    } else {
      smallest = Math.min(
        this.#weight[middle]!,
        this.#measure(from, middle - 1),
        this.#measure(middle + 1, to),
      );
    }
    if (from <= to) this.#reach[middle] = smallest;
    return smallest;
  }
}

function unitVector(lat: number, lon: number, out: Float64Array, at: number): void {
  const ring = Math.cos(lat * RADIANS);
  out[at] = ring * Math.cos(lon * RADIANS);
  out[at + 1] = ring * Math.sin(lon * RADIANS);
  out[at + 2] = Math.sin(lat * RADIANS);
}
