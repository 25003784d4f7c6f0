/**
 * Rings of a user's polygons: checked, and cut where they cross the antimeridian.
 *
 * The edge grid works on the plane of longitude and latitude, so no edge may run the long way round.
 * @module
 */
import { GeorError } from '../../src/core/index.ts';
import type { Polygon } from './sources.ts';

type Position = readonly [number, number];

/**
 * The polygons of a GeoJSON geometry, none of them across the antimeridian.
 *
 * @param what - the feature, for the error message
 * @throws GeorError `data` for a geometry that is no polygon, a ring that is none, positions off the
 *   Earth and rings round a pole
 */
export function checkedPolygons(geometry: unknown, what: string): Polygon[] {
  const { type, coordinates } = Object(geometry);
  if (type === 'Polygon') return checkPolygon(coordinates, what);
  if (type === 'MultiPolygon' && Array.isArray(coordinates))
    return coordinates.flatMap((polygon) => checkPolygon(polygon, what));
  return refuse(what, `its geometry is ${type ?? 'missing'}, not Polygon or MultiPolygon`);
}

function checkPolygon(rings: unknown, what: string): Polygon[] {
  if (!Array.isArray(rings) || rings.length === 0) refuse(what, 'a polygon has no rings');
  const unrolled = rings.map((ring, i) => unroll(checkRing(ring, i, what), i, what));
  const [outer] = unrolled;
  const [west, east] = extent(outer!);
  const turn = 360 * Math.floor((west + 180) / 360); // the outer ring then starts on the map
  const holes = unrolled.slice(1).map((hole) => {
    const [start] = extent(hole);
    const back = start < west ? -360 : start > east ? 360 : 0;
    return shift(hole, -back - turn);
  });
  const moved = [shift(outer!, -turn), ...holes];
  if (east - turn <= 180) return [moved];
  const western = moved.map((ring) => clip(ring, (lon) => lon <= 180));
  const eastern = moved.map((ring) =>
    shift(
      clip(ring, (lon) => lon >= 180),
      -360,
    ),
  );
  return [western, eastern]
    .map((part) => part.filter((ring) => ring.length > 2))
    .filter((part) => part.length > 0);
}

function checkRing(ring: unknown, index: number, what: string): Position[] {
  if (!Array.isArray(ring) || ring.length < 4)
    return refuse(what, `ring ${index} has ${Object(ring).length ?? 0} positions, fewer than 4`);
  const positions = ring.map((position, i): Position => {
    const [lon, lat] = Array.isArray(position) ? position : [];
    if (typeof lon !== 'number' || typeof lat !== 'number')
      return refuse(what, `position ${i} of ring ${index} is ${JSON.stringify(position)}`);
    if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 360)) {
      return refuse(
        what,
        `position ${i} of ring ${index} is off the Earth: [${lon}, ${lat}]; ` +
          'coordinates are degrees, longitude first (EPSG:4326)',
      );
    }
    return [lon, lat];
  });
  const [first, last] = [positions[0]!, positions.at(-1)!];
  if (first[0] !== last[0] || first[1] !== last[1]) refuse(what, `ring ${index} is not closed`);
  return positions;
}

/** A ring without jumps of a whole turn: longitudes beyond 180 where it crosses the antimeridian. */
function unroll(ring: readonly Position[], index: number, what: string): Position[] {
  let turn = 0;
  const out = ring.map(([lon, lat], i): Position => {
    const before = ring[i - 1];
    const isOnPole = before && Math.abs(lat) === 90 && Math.abs(before[1]) === 90;
    if (before && !isOnPole && Math.abs(lon - before[0]) > 180)
      turn += lon < before[0] ? 360 : -360;
    return [lon + turn, lat];
  });
  if (turn !== 0) {
    refuse(
      what,
      `ring ${index} goes round a pole; cut it along the antimeridian, with corners at the pole`,
    );
  }
  return out;
}

const shift = (ring: readonly Position[], by: number): Position[] =>
  ring.map(([lon, lat]) => [lon + by, lat]);

function extent(ring: readonly Position[]): [west: number, east: number] {
  let west = Number.POSITIVE_INFINITY;
  let east = Number.NEGATIVE_INFINITY;
  for (const [lon] of ring) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
  }
  return [west, east];
}

/** The part of a ring on one side of the antimeridian (Sutherland-Hodgman, one edge). */
function clip(ring: readonly Position[], keeps: (lon: number) => boolean): Position[] {
  return ring.flatMap((b, i): Position[] => {
    const a = ring.at(i - 1)!;
    const cut: Position = [180, a[1] + ((180 - a[0]) / (b[0] - a[0])) * (b[1] - a[1])];
    return [...(keeps(a[0]) === keeps(b[0]) ? [] : [cut]), ...(keeps(b[0]) ? [b] : [])];
  });
}

function refuse(what: string, reason: string): never {
  throw new GeorError('data', `${what}: ${reason}`);
}
