/**
 * What every source gives: rows with a coordinate, and rows that could not be read.
 *
 * A bad row is a result, not an exception: it is recorded with its line and the reason, and the rows
 * after it are read.
 * @module
 */
import { sha256 } from '../../core/node/index.ts';
import type { Coordinate, PlaceNames } from '../../geo/index.ts';

/** Where an item stands in its input. */
export interface Position {
  /** Which input it came from, as the user named it. */
  readonly source: string;
  /** Line in the input (from 1), or the number of the item where there are no lines. */
  readonly line: number;
}

/** A row with a coordinate on the globe. */
export interface SourceRow extends Position, Coordinate {
  readonly kind: 'row';
  /** The row's own id where it has one, else 16 hexadecimal digits made from its content. */
  readonly id: string;
  /** The record as it stood in the input, without its line end. */
  readonly raw: string;
  /** Path of its picture, to be read through the guard. */
  readonly photo?: string;
  /** What the source itself says of the place; a text is empty where a column has no value. */
  readonly labels?: PlaceNames;
  /** What is to be seen in its picture, for rewards that look for it in the reasoning. */
  readonly entities?: readonly string[];
}

/**
 * Why a row could not be used, for counting.
 *
 * - `unreadable`: no record of the input's format.
 * - `missing`: no latitude or no longitude.
 * - `not-a-number`: a coordinate that is no decimal number.
 * - `out-of-range`: a coordinate off the globe.
 * - `swapped`: off the globe as it stands, but on it with longitude first.
 * - `null-island`: exactly (0, 0), which stands for no coordinate in most tables.
 * - `duplicate-id`: the id of an earlier row.
 * - `no-country`: open sea, or nobody's land.
 * - `photo`: a picture that cannot be used.
 */
export type FailureCode =
  | 'unreadable'
  | 'missing'
  | 'not-a-number'
  | 'out-of-range'
  | 'swapped'
  | 'null-island'
  | 'duplicate-id'
  | 'no-country'
  | 'photo';

/** A row that could not be used, and why. */
export interface RowFailure extends Position {
  readonly kind: 'failure';
  readonly code: FailureCode;
  /** The reason, one sentence with the value in question. */
  readonly reason: string;
  readonly id?: string;
  /** The record as far as it could be read. */
  readonly raw?: string;
}

/** What a source gives for each record. */
export type SourceItem = SourceRow | RowFailure;

/**
 * Rows and failures in the order of the input, in batches of any size: one wait for many rows is
 * several times faster than one for each.
 */
export type Source = AsyncIterable<readonly SourceItem[]>;

/** Few enough that they are gone before they grow old, which keeps the memory small. */
const BATCH_ITEMS = 1024;

/** Any number of items in batches of at most 1024. */
export function* batchesOf(items: readonly SourceItem[]): Generator<readonly SourceItem[]> {
  for (let i = 0; i < items.length; i += BATCH_ITEMS) yield items.slice(i, i + BATCH_ITEMS);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A finite decimal number, or `undefined`; takes numbers and their texts, never an empty text. */
function numberFrom(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return NUMBER.test(text) ? Number(text) : undefined;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
};

/** The parts of a record, before they are checked. */
export interface RawRow {
  readonly lat: unknown;
  readonly lon: unknown;
  /** The row's own id; when empty, one is made from `raw`. */
  readonly id?: unknown;
  readonly raw: string;
  readonly photo?: string | undefined;
  readonly labels?: PlaceNames | undefined;
  readonly entities?: readonly string[] | undefined;
}

/**
 * A row, or the failure it is: coordinates must be numbers, latitude in [-90, 90], longitude in
 * [-180, 180], and not both exactly 0.
 */
export function rowFrom({ source, line }: Position, fields: RawRow): SourceItem {
  const { raw, photo, labels, entities } = fields;
  const own =
    typeof fields.id === 'string' || typeof fields.id === 'number' ? String(fields.id).trim() : '';
  const fail = (code: FailureCode, reason: string): RowFailure => ({
    kind: 'failure',
    source,
    line,
    code,
    reason,
    ...(own && { id: own }),
    raw,
  });
  const lat = numberFrom(fields.lat);
  const lon = numberFrom(fields.lon);
  if (lat === undefined || lon === undefined) {
    const [name, value] = lat === undefined ? ['latitude', fields.lat] : ['longitude', fields.lon];
    if (isEmpty(value)) return fail('missing', `${name} is missing`);
    return fail('not-a-number', `${name} is ${shown(value)}, not a number`);
  }
  if (Math.abs(lat) > 90) {
    const reason = `latitude ${lat} is not in [-90, 90]`;
    if (Math.abs(lat) > 180 || Math.abs(lon) > 90) return fail('out-of-range', reason);
    return fail('swapped', `${reason}; longitude first, (${lon}, ${lat}), would fit`);
  }
  if (Math.abs(lon) > 180) {
    return fail('out-of-range', `longitude ${lon} is not in [-180, 180]`);
  }
  if (lat === 0 && lon === 0) {
    return fail('null-island', 'the coordinate is exactly (0, 0), which stands for none');
  }
  const row: Writable<SourceRow> = {
    kind: 'row',
    source,
    line,
    id: own || sha256(raw).slice(0, 16),
    lat,
    lon,
    raw,
  };
  if (photo) row.photo = photo;
  if (labels) row.labels = labels;
  if (entities) row.entities = entities;
  return row;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
