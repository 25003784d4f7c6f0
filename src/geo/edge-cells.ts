/**
 * Fills the cells of an {@link EdgeGrid}: which edges cross each cell, and which region holds its
 * reference point (found by one scan line through each row of cells).
 * @module
 */
import { type Borders, NOWHERE, UNITS_PER_DEGREE } from './borders.ts';

/** Side of a cell, units: a quarter of a degree. */
export const CELL: number = 0.25 * UNITS_PER_DEGREE;
/** Cells from west to east. */
export const COLUMNS: number = (360 * UNITS_PER_DEGREE) / CELL;
/** Cells from south to north. */
export const ROWS: number = (180 * UNITS_PER_DEGREE) / CELL;
/** Where in its cell the reference point lies; odd enough never to coincide with a vertex. */
export const REFERENCE = 0.5000313;

const MAX_X = 180 * UNITS_PER_DEGREE;
const MAX_Y = 90 * UNITS_PER_DEGREE;

/** The column of a longitude in units, kept inside the grid. */
export const columnOf = (x: number): number =>
  Math.max(0, Math.min(COLUMNS - 1, Math.floor((x + MAX_X) / CELL)));

/** The row of a latitude in units, kept inside the grid. */
export const rowOf = (y: number): number =>
  Math.max(0, Math.min(ROWS - 1, Math.floor((y + MAX_Y) / CELL)));

/** What an {@link EdgeGrid} looks things up in. */
export interface Cells {
  /** Where each cell's edges begin in `edges`, and the total: cells + 1 numbers. */
  readonly start: Uint32Array;
  readonly edges: Uint32Array;
  /** Region at each reference point; below -1: `-2 - i` for the regions `overlaps[i]`. */
  readonly reference: Int16Array;
  readonly overlaps: readonly (readonly number[])[];
}

/** Sorts all edges of a map into cells. */
export function fillCells(borders: Borders): Cells {
  const start = new Uint32Array(COLUMNS * ROWS + 1);
  visitCells(borders, (cell) => {
    start[cell + 1]!++;
  });
  for (let i = 0; i < COLUMNS * ROWS; i++) start[i + 1]! += start[i]!;
  const edges = new Uint32Array(start[COLUMNS * ROWS]!);
  const next = start.slice(0, -1);
  visitCells(borders, (cell, edge) => {
    edges[next[cell]!++] = edge;
  });
  return { start, edges, ...referenceRegions(borders) };
}

/** Calls `visit` for every cell that each edge touches. */
function visitCells(borders: Borders, visit: (cell: number, edge: number) => void): void {
  const { x, y, left, right } = borders;
  for (let e = 0; e < x.length - 1; e++) {
    if (left[e] === right[e]) continue;
    const x1 = x[e]!;
    const y1 = y[e]!;
    const x2 = x[e + 1]!;
    const y2 = y[e + 1]!;
    const west = columnOf(Math.min(x1, x2));
    const east = columnOf(Math.max(x1, x2));
    const south = rowOf(Math.min(y1, y2));
    const north = rowOf(Math.max(y1, y2));
    const straight = west === east || south === north;
    for (let row = south; row <= north; row++) {
      for (let column = west; column <= east; column++) {
        if (straight || crossesCell(x1, y1, x2, y2, column, row)) visit(row * COLUMNS + column, e);
      }
    }
  }
}

/** Whether the line through the edge has corners of the cell on both of its sides, or on it. */
function crossesCell(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  column: number,
  row: number,
): boolean {
  const west = column * CELL - MAX_X;
  const south = row * CELL - MAX_Y;
  const side = (x: number, y: number): number =>
    Math.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1));
  const corners =
    side(west, south) +
    side(west + CELL, south) +
    side(west, south + CELL) +
    side(west + CELL, south + CELL);
  return Math.abs(corners) < 4;
}

/** The regions at all reference points, row by row from west to east. */
function referenceRegions(borders: Borders): Pick<Cells, 'reference' | 'overlaps'> {
  const { x, y, left, right } = borders;
  const reference = new Int16Array(COLUMNS * ROWS).fill(NOWHERE);
  const overlaps: number[][] = [];
  const crossing = edgesByRow(borders);
  for (let row = 0; row < ROWS; row++) {
    const scanY = (row + REFERENCE) * CELL - MAX_Y;
    const hits = crossing[row]!.map((e) => {
      const t = (scanY - y[e]!) / (y[e + 1]! - y[e]!);
      return { e, at: x[e]! + t * (x[e + 1]! - x[e]!) };
    }).sort((a, b) => a.at - b.at);
    const inside = new Set<number>();
    let hit = 0;
    for (let column = 0; hit < hits.length || inside.size > 0; column++) {
      if (column === COLUMNS) break;
      const scanX = (column + REFERENCE) * CELL - MAX_X;
      for (; hit < hits.length && hits[hit]!.at <= scanX; hit++) {
        const { e } = hits[hit]!;
        for (const region of [left[e]!, right[e]!])
          if (region >= 0 && !inside.delete(region)) inside.add(region);
      }
      if (inside.size === 0) continue;
      const regions = [...inside].sort((a, b) => a - b);
      if (regions.length > 1) overlaps.push(regions);
      reference[row * COLUMNS + column] =
        regions.length > 1 ? -2 - (overlaps.length - 1) : regions[0]!;
    }
  }
  return { reference, overlaps };
}

/** For each row, the edges that its scan line crosses; the lower end counts, the upper does not. */
function edgesByRow({ x, y, left, right }: Borders): number[][] {
  const rows = Array.from({ length: ROWS }, (): number[] => []);
  for (let e = 0; e < x.length - 1; e++) {
    if (left[e] === right[e]) continue;
    const low = Math.min(y[e]!, y[e + 1]!);
    const high = Math.max(y[e]!, y[e + 1]!);
    for (let row = Math.ceil((low + MAX_Y) / CELL - REFERENCE); row < ROWS; row++) {
      if ((row + REFERENCE) * CELL - MAX_Y >= high) break;
      if (row >= 0) rows[row]!.push(e);
    }
  }
  return rows;
}
