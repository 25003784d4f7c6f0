/**
 * Borders as arcs: runs of vertices with one region on the left and one on the right.
 *
 * A border that two regions share is stored once. Vertices are integers, {@link UNITS_PER_DEGREE}
 * to the degree (11 m at the equator).
 * @module
 */
import { ByteReader, ByteWriter, corrupt } from './bytes.ts';

/** Resolution of all coordinates in the gazetteer, per degree. */
export const UNITS_PER_DEGREE = 10_000;

/** No region: the open sea, or nobody's land. */
export const NOWHERE = -1;

/** A run of vertices between the same two regions. */
export interface Arc {
  /** Region on the left hand when walking along the arc, or {@link NOWHERE}. */
  readonly left: number;
  readonly right: number;
  /** Longitudes, units. */
  readonly x: readonly number[];
  /** Latitudes, units. */
  readonly y: readonly number[];
}

/**
 * All edges of a map. Edge `e` runs from vertex `e` to vertex `e + 1`; the last vertex of an arc
 * starts no edge, which shows as equal regions on both sides.
 */
export interface Borders {
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly left: Int16Array;
  readonly right: Int16Array;
  readonly regionCount: number;
}

/** Arcs to bytes. */
export function encodeBorders(arcs: readonly Arc[]): Uint8Array {
  const out = new ByteWriter();
  out.unsigned(arcs.length).unsigned(arcs.reduce((sum, arc) => sum + arc.x.length, 0));
  let lastX = 0;
  let lastY = 0;
  for (const { left, right, x, y } of arcs) {
    out
      .unsigned(left + 1)
      .unsigned(right + 1)
      .unsigned(x.length);
    for (let i = 0; i < x.length; i++) {
      out.signed(x[i]! - lastX).signed(y[i]! - lastY);
      lastX = x[i]!;
      lastY = y[i]!;
    }
  }
  return out.bytes();
}

/**
 * Bytes to edges.
 *
 * @param regionCount - how many regions there are; every arc must name one of them or nowhere
 * @throws GeorError `asset` when the bytes do not describe borders on the Earth.
 */
export function decodeBorders(bytes: Uint8Array, name: string, regionCount: number): Borders {
  const reader = new ByteReader(bytes, name);
  const arcCount = reader.unsigned();
  const vertexCount = reader.unsigned();
  // A vertex takes at least two bytes: a count beyond that is damage, and must not be allocated.
  if (vertexCount * 2 > reader.left) corrupt(`section ${name} promises too many vertices`);
  if (regionCount > 32_767) corrupt(`section ${name} has more regions than 16 bits can number`);
  const x = new Int32Array(vertexCount);
  const y = new Int32Array(vertexCount);
  const left = new Int16Array(vertexCount).fill(NOWHERE);
  const right = new Int16Array(vertexCount).fill(NOWHERE);
  let vertex = 0;
  let lastX = 0;
  let lastY = 0;
  for (let arc = 0; arc < arcCount; arc++) {
    const onLeft = reader.unsigned() - 1;
    const onRight = reader.unsigned() - 1;
    const end = vertex + reader.unsigned();
    if (onLeft >= regionCount || onRight >= regionCount) corrupt(`section ${name} names no region`);
    if (end > vertexCount) corrupt(`section ${name} has more vertices than it promises`);
    for (; vertex < end; vertex++) {
      lastX += reader.signed();
      lastY += reader.signed();
      if (Math.abs(lastX) > 180 * UNITS_PER_DEGREE || Math.abs(lastY) > 90 * UNITS_PER_DEGREE)
        corrupt(`section ${name} leaves the Earth`);
      x[vertex] = lastX;
      y[vertex] = lastY;
      if (vertex + 1 < end) {
        left[vertex] = onLeft;
        right[vertex] = onRight;
      }
    }
  }
  if (vertex !== vertexCount) corrupt(`section ${name} has fewer vertices than it promises`);
  reader.end();
  return { x, y, left, right, regionCount };
}
