/**
 * Whether a truth file is the one a benchmark means.
 * @module
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { GeorError } from '../../core/index.ts';
import { BENCHMARKS, type BenchmarkName } from './benchmarks.ts';

function fileSha256(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer))
      hash.update(buffer.subarray(0, count));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

/** A warning when a file that exists is not the one we know; `undefined` when it is, or none is known. */
export function checksumWarning(name: BenchmarkName, path: string): string | undefined {
  const known = BENCHMARKS[name].sha256;
  if (known === undefined) return undefined;
  const own = fileSha256(path);
  if (own === known) return undefined;
  return `${path} is not the truth file of ${name} that is known here (SHA-256 ${own.slice(0, 12)}, known ${known.slice(0, 12)}); check that the pictures are the same`;
}

/**
 * Wants the benchmark's number of rows.
 *
 * @throws GeorError `data` for another number.
 */
export function checkRows(name: BenchmarkName, rows: number, path: string): void {
  const { n } = BENCHMARKS[name];
  if (n === undefined || n === rows) return;
  throw new GeorError('data', `${path} has ${rows} rows, ${name} has ${n}`, {
    hint: 'give the whole truth of the benchmark, or --allow-other-n and call the result otherwise',
  });
}
