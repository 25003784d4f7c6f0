/**
 * Rows that could not be used, recorded beside the file of those that could.
 * @module
 */
import type { RowFailure } from './sources/row.ts';

/** Longer records are cut: they are there to be recognised, and may be anything. */
const LONGEST_RAW = 2000;

/** Where the rejected rows of a file are recorded. */
export function rejectsPath(path: string): string {
  return `${path}.rejects.jsonl`;
}

/** A rejected row as a line of JSON, without its end. */
export function rejectLine({ source, line, id, code, reason, raw }: RowFailure): string {
  return JSON.stringify({ source, line, id, code, reason, raw: raw?.slice(0, LONGEST_RAW) });
}
