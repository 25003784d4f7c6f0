/**
 * What every source gives: rows with a coordinate, and rows that could not be read.
 *
 * A bad row is a result, not an exception: it is recorded with its line and the reason, and the rows
 * after it are read.
 * @module
 */
import { sha256 } from '../../core/node/index.ts';
import type { Coordinate } from '../../geo/index.ts';

/** A row with a coordinate on the globe. */
export interface SourceRow extends Coordinate {
  readonly kind: 'row';
  /** Which input it came from, as the user named it. */
  readonly source: string;
  /** Line in the input (from 1), or the number of the point for `earth:`. */
  readonly line: number;
  /** The row's own id where it has one, else 16 hexadecimal digits made from its content. */
  readonly id: string;
}

/** A row that could not be used, and why. */
export interface RowFailure {
  readonly kind: 'failure';
  readonly source: string;
  readonly line: number;
  readonly reason: string;
}

/** Rows and failures in the order of the input. */
export type Source = AsyncIterable<SourceRow | RowFailure>;

/** Where an item stands in its input. */
export interface Position {
  readonly source: string;
  readonly line: number;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite decimal number, or `undefined`; takes numbers and their texts, never an empty text. */
function numberFrom(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return NUMBER.test(text) ? Number(text) : undefined;
}

const shown = (value: unknown): string => {
  if (value === undefined || value === '') return 'nothing';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
};

/**
 * A row, or the failure it is: coordinates must be numbers, latitude in [-90, 90], longitude in
 * [-180, 180].
 *
 * @param id - the row's own id; when absent, one is made from `content`
 * @param content - the whole row as text
 */
export function rowFrom(
  position: Position,
  lat: unknown,
  lon: unknown,
  id: unknown,
  content: string,
): SourceRow | RowFailure {
  const fail = (reason: string): RowFailure => ({ kind: 'failure', ...position, reason });
  const latDegrees = numberFrom(lat);
  const lonDegrees = numberFrom(lon);
  if (latDegrees === undefined) return fail(`latitude is ${shown(lat)}, not a number`);
  if (lonDegrees === undefined) return fail(`longitude is ${shown(lon)}, not a number`);
  if (Math.abs(latDegrees) > 90) return fail(`latitude ${latDegrees} is not in [-90, 90]`);
  if (Math.abs(lonDegrees) > 180) return fail(`longitude ${lonDegrees} is not in [-180, 180]`);
  const own = typeof id === 'string' || typeof id === 'number' ? String(id).trim() : '';
  return {
    kind: 'row',
    ...position,
    id: own || sha256(content).slice(0, 16),
    lat: latDegrees,
    lon: lonDegrees,
  };
}
