/**
 * Point in polygon for a whole map at once: the *edge grid*.
 *
 * The Earth is cut into cells of a quarter degree. Each cell knows which region holds its reference
 * point, and which border edges cross it. A query walks from the point to that reference point and,
 * at every edge it crosses, swaps the region on one side for the region on the other; what is left
 * is the region of the point. Most cells have no edge at all and answer at once.
 *
 * Plane geometry in longitude and latitude, which is what the borders themselves are drawn in; rings
 * must not cross the antimeridian (the sources cut them there).
 * @module
 */
import { type Borders, NOWHERE, UNITS_PER_DEGREE } from './borders.ts';
import { CELL, COLUMNS, columnOf, fillCells, REFERENCE, ROWS, rowOf } from './edge-cells.ts';

const RADIANS = Math.PI / 180;
const KM_PER_UNIT = 111.195 / UNITS_PER_DEGREE; // a degree of a great circle, R = 6371 km
const MAX_X = 180 * UNITS_PER_DEGREE;
const MAX_Y = 90 * UNITS_PER_DEGREE;

/** Looks up regions of one map. Build it once; it takes about 12 MB plus the edges. */
export class EdgeGrid {
  readonly #borders: Borders;
  readonly #start: Uint32Array; // (cells + 1): where each cell's edges begin in #edges
  readonly #edges: Uint32Array;
  readonly #reference: Int16Array; // (cells): region, or -2 - index into #overlaps
  readonly #overlaps: readonly (readonly number[])[];
  readonly #active: number[] = [];

  constructor(borders: Borders) {
    const cells = fillCells(borders);
    this.#borders = borders;
    this.#start = cells.start;
    this.#edges = cells.edges;
    this.#reference = cells.reference;
    this.#overlaps = cells.overlaps;
  }

  /**
   * The region that holds a point, or {@link NOWHERE}. Where regions overlap, the lowest number.
   *
   * @param lat - degrees in [-90, 90]
   * @param lon - degrees in [-180, 180]; both ends are the same meridian and answer alike
   */
  regionAt(lat: number, lon: number): number {
    if (Math.abs(lon) < 180) return this.#find(lat, lon);
    const region = this.#find(lat, 180);
    return region === NOWHERE ? this.#find(lat, -180) : region;
  }

  #find(lat: number, lon: number): number {
    // A hair inside the frame, so that borders drawn along it are crossed like any other.
    const px = Math.max(-MAX_X + 0.01, Math.min(MAX_X - 0.01, lon * UNITS_PER_DEGREE));
    const py = Math.max(-MAX_Y + 0.01, Math.min(MAX_Y - 0.01, lat * UNITS_PER_DEGREE));
    const column = columnOf(px);
    const row = rowOf(py);
    const cell = row * COLUMNS + column;
    const from = this.#start[cell]!;
    const to = this.#start[cell + 1]!;
    const reference = this.#reference[cell]!;
    if (from === to && reference >= NOWHERE) return reference;

    const { x, y, left, right } = this.#borders;
    const active = this.#active;
    active.length = 0;
    if (reference < NOWHERE) active.push(...this.#overlaps[-2 - reference]!);
    else if (reference >= 0) active.push(reference);
    const rx = (column + REFERENCE) * CELL - MAX_X;
    const ry = (row + REFERENCE) * CELL - MAX_Y;
    const dx = rx - px;
    const dy = ry - py;
    for (let i = from; i < to; i++) {
      const e = this.#edges[i]!;
      const x1 = x[e]!;
      const y1 = y[e]!;
      const x2 = x[e + 1]!;
      const y2 = y[e + 1]!;
      const side1 = dx * (y1 - py) - dy * (x1 - px);
      const side2 = dx * (y2 - py) - dy * (x2 - px);
      if (side1 >= 0 === side2 >= 0) continue;
      const ex = x2 - x1;
      const ey = y2 - y1;
      const sideP = ex * (py - y1) - ey * (px - x1);
      const sideR = ex * (ry - y1) - ey * (rx - x1);
      if (sideP >= 0 === sideR >= 0) continue;
      if (left[e]! >= 0) toggle(active, left[e]!);
      if (right[e]! >= 0) toggle(active, right[e]!);
    }
    if (active.length < 2) return active[0] ?? NOWHERE;
    return Math.min(...active);
  }

  /** South, west, north and east of a region, degrees. */
  boundsOf(region: number): readonly [number, number, number, number] {
    const { x, y, left, right } = this.#borders;
    const bounds = { south: MAX_Y, west: MAX_X, north: -MAX_Y, east: -MAX_X };
    for (let e = 0; e < x.length; e++) {
      if (left[e] !== region && right[e] !== region) continue;
      for (const v of [e, e + 1]) {
        bounds.south = Math.min(bounds.south, y[v]!);
        bounds.west = Math.min(bounds.west, x[v]!);
        bounds.north = Math.max(bounds.north, y[v]!);
        bounds.east = Math.max(bounds.east, x[v]!);
      }
    }
    const { south, west, north, east } = bounds;
    const toDegrees = (units: number): number => units / UNITS_PER_DEGREE;
    return [toDegrees(south), toDegrees(west), toDegrees(north), toDegrees(east)];
  }

  /**
   * The accepted region whose border is nearest to a point, or {@link NOWHERE}.
   *
   * Distances are taken on the plane that touches the Earth at the point: good to 0.1 % at 25 km up
   * to 80 degrees of latitude.
   *
   * @param maxKm - how far to look, kilometres
   * @param accepts - which regions count
   */
  nearestRegion(
    lat: number,
    lon: number,
    maxKm: number,
    accepts: (region: number) => boolean,
  ): number {
    const px = lon * UNITS_PER_DEGREE;
    const py = lat * UNITS_PER_DEGREE;
    const kmX = KM_PER_UNIT * Math.max(0.02, Math.cos(lat * RADIANS));
    const rowsOut = Math.ceil(maxKm / (KM_PER_UNIT * CELL));
    const columnsOut = Math.min((COLUMNS - 1) >> 1, Math.ceil(maxKm / (kmX * CELL)));
    const homeRow = rowOf(py);
    const homeColumn = columnOf(px);
    const search = { px, py, kmX, accepts, best: maxKm * maxKm, found: NOWHERE };
    this.#nearestInCell(homeRow, homeColumn, search);
    for (let r = Math.max(0, homeRow - rowsOut); r <= Math.min(ROWS - 1, homeRow + rowsOut); r++) {
      const south = r * CELL - MAX_Y - py;
      const dy = KM_PER_UNIT * Math.max(0, south, -south - CELL);
      for (let c = homeColumn - columnsOut; c <= homeColumn + columnsOut; c++) {
        const west = c * CELL - MAX_X - px;
        const dx = kmX * Math.max(0, west, -west - CELL);
        const isHome = r === homeRow && c === homeColumn;
        if (!isHome && dx * dx + dy * dy < search.best) this.#nearestInCell(r, c, search);
      }
    }
    return search.found;
  }

  /** Looks at the borders in one cell; its column may lie beyond the antimeridian. */
  #nearestInCell(row: number, column: number, search: NearestSearch): void {
    const { x, y, left, right } = this.#borders;
    const { px, py, kmX, accepts } = search;
    // Cells beyond the antimeridian are looked up on the other side and shifted next to us.
    const wrap = column < 0 ? -1 : column >= COLUMNS ? 1 : 0;
    const cell = row * COLUMNS + column - wrap * COLUMNS;
    const shift = wrap * 2 * MAX_X - px;
    for (let i = this.#start[cell]!; i < this.#start[cell + 1]!; i++) {
      const e = this.#edges[i]!;
      const squared = squaredToSegment(
        (x[e]! + shift) * kmX,
        (y[e]! - py) * KM_PER_UNIT,
        (x[e + 1]! + shift) * kmX,
        (y[e + 1]! - py) * KM_PER_UNIT,
      );
      if (squared >= search.best) continue;
      const region =
        left[e]! >= 0 && accepts(left[e]!)
          ? left[e]!
          : right[e]! >= 0 && accepts(right[e]!)
            ? right[e]!
            : NOWHERE;
      if (region === NOWHERE) continue;
      search.best = squared;
      search.found = region;
    }
  }
}

/** A search for the nearest border: from where, and what it has found so far. */
interface NearestSearch {
  /** Units. */
  readonly px: number;
  readonly py: number;
  /** Kilometres to a unit of longitude. */
  readonly kmX: number;
  readonly accepts: (region: number) => boolean;
  /** Squared kilometres. */
  best: number;
  found: number;
}

/** Adds `region` to the set, or takes it out. */
function toggle(active: number[], region: number): void {
  const at = active.indexOf(region);
  if (at < 0) active.push(region);
  else {
    active[at] = active[active.length - 1]!;
    active.length--;
  }
}

/** Squared distance from the origin to the segment (x1, y1) - (x2, y2). */
function squaredToSegment(x1: number, y1: number, x2: number, y2: number): number {
  const ex = x2 - x1;
  const ey = y2 - y1;
  const along = -(x1 * ex + y1 * ey) / (ex * ex + ey * ey || 1);
  const t = Math.max(0, Math.min(1, along));
  const nearX = x1 + t * ex;
  const nearY = y1 + t * ey;
  return nearX * nearX + nearY * nearY;
}
