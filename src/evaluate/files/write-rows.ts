/**
 * Scored rows as JSONL, one per truth row.
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { READINGS } from '../readings.ts';
import type { ScoredRows } from '../score.ts';

const ROWS_AT_ONCE = 4096;

function line(rows: ScoredRows, row: number): string {
  const distanceKm = rows.distanceKm[row]!;
  const stated = rows.confidence?.[row];
  return JSON.stringify({
    id: rows.truth.ids[row],
    reading: READINGS[rows.reading[row]!],
    distanceKm: Number.isFinite(distanceKm) ? distanceKm : null,
    ...(Number.isFinite(distanceKm) && { lat: rows.lat[row], lon: rows.lon[row] }),
    ...(stated !== undefined && Number.isFinite(stated) && { confidence: stated }),
  });
}

/**
 * Writes `{ id, reading, distanceKm, lat?, lon?, confidence? }` per truth row, in the order of the
 * truth; the distance is null where no answer counts. The file appears when it is whole.
 */
export function writeScoredRows(path: string, rows: ScoredRows): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.partial`;
  const file = openSync(temporary, 'w');
  try {
    for (let from = 0; from < rows.truth.n; from += ROWS_AT_ONCE) {
      const to = Math.min(rows.truth.n, from + ROWS_AT_ONCE);
      let text = '';
      for (let row = from; row < to; row++) text += `${line(rows, row)}\n`;
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    }
    fsyncSync(file);
  } catch (error) {
    closeSync(file);
    rmSync(temporary, { force: true });
    throw error;
  }
  closeSync(file);
  renameSync(temporary, path);
}
