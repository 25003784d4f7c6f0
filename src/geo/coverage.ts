/**
 * The area within a distance of any of many points, asked millions of times.
 *
 * A raster of quarter degrees remembers which cells lie wholly inside or wholly outside, as they are
 * met; only points in cells that the boundary crosses are looked up in the tree. The verdicts are
 * those of the tree.
 * @module
 */
import { EARTH_RADIUS_KM } from './haversine.ts';
import type { SphereTree } from './sphere-tree.ts';

const CELLS_PER_DEGREE = 4;
const ROWS = 180 * CELLS_PER_DEGREE;
const COLUMNS = 360 * CELLS_PER_DEGREE;

/**
 * No point of a cell is further from its middle: half a cell along the meridian and half along the
 * widest parallel, one after the other, and a little for rounding.
 */
const REACH_KM = ((EARTH_RADIUS_KM * Math.PI) / 180 / CELLS_PER_DEGREE) * 1.001;

const [UNKNOWN, INSIDE, OUTSIDE, CROSSED] = [0, 1, 2, 3];

/** Points of the globe within `km` of a point of `tree`. */
export class Coverage {
  readonly #tree: SphereTree;
  readonly #km: number;
  readonly #cells = new Uint8Array(ROWS * COLUMNS);

  /** @param km - great circle, R = 6371 km, the end included */
  constructor(tree: SphereTree, km: number) {
    this.#tree = tree;
    this.#km = km;
  }

  /** Whether a coordinate, degrees, lies in the area. */
  has(lat: number, lon: number): boolean {
    const row = Math.min(ROWS - 1, Math.floor((lat + 90) * CELLS_PER_DEGREE));
    const column = Math.min(COLUMNS - 1, Math.floor((lon + 180) * CELLS_PER_DEGREE));
    const cell = row * COLUMNS + column;
    if (this.#cells[cell] === UNKNOWN) this.#cells[cell] = this.#verdict(row, column);
    const verdict = this.#cells[cell];
    return verdict === INSIDE || (verdict !== OUTSIDE && this.#tree.anyWithin(lat, lon, this.#km));
  }

  #verdict(row: number, column: number): number {
    const lat = (row + 0.5) / CELLS_PER_DEGREE - 90;
    const lon = (column + 0.5) / CELLS_PER_DEGREE - 180;
    if (!this.#tree.anyWithin(lat, lon, this.#km + REACH_KM)) return OUTSIDE!;
    const inner = this.#km - REACH_KM;
    return inner >= 0 && this.#tree.anyWithin(lat, lon, inner) ? INSIDE! : CROSSED!;
  }
}
